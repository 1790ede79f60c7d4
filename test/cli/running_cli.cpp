#include "cli/running_cli.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

extern char** environ;

namespace {

constexpr int wait_max_ms = 60'000;

std::string from_environment(char const* name) {
    char const* const value = std::getenv(name);
    BOOST_REQUIRE_MESSAGE(value != nullptr, name << " is not set");
    return value;
}

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    BOOST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    return ends;
}

void close_end(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
}

} // namespace

std::string running_cli::the_command() { return from_environment("SWARMLOG_CLI"); }

running_cli::running_cli(scratch_folder const& scratch, std::vector<std::string> const& arguments,
                         std::string program) {
    static unsigned started = 0;
    errors_ = (scratch / ("errors-" + std::to_string(++started))).string();
    std::array<int, 2> const to_it = make_pipe();
    std::array<int, 2> const from_it = make_pipe();
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, to_it[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, from_it[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, errors_.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    std::vector<std::string> words{std::move(program)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    // This program ignores SIGPIPE, the command must not inherit that.
    sigset_t usual;
    ::sigemptyset(&usual);
    ::sigaddset(&usual, SIGPIPE);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setsigdefault(&attributes, &usual);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int const failure =
        ::posix_spawn(&process_, words[0].c_str(), &files, &attributes, pointers.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    ::close(to_it[0]);
    ::close(from_it[1]);
    input_ = to_it[1];
    output_ = from_it[0];
    BOOST_REQUIRE_MESSAGE(failure == 0, "cannot start " << words[0]);
}

running_cli::~running_cli() {
    close_end(input_);
    close_end(output_);
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
}

void running_cli::write(std::string_view text) {
    // A command that has ended early is told by its exit code.
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, nullptr);
    while (!text.empty()) {
        ssize_t const count = ::write(input_, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

void running_cli::close_input() { close_end(input_); }

std::optional<std::string> running_cli::read_line() {
    for (;;) {
        std::size_t const end = unread_.find('\n');
        if (end != std::string::npos) {
            std::string line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return line;
        }
        if (!read_more()) return std::nullopt;
    }
}

void running_cli::signal(int number) const { ::kill(process_, number); }

cli_result running_cli::wait() {
    close_input();
    while (read_more()) {}
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {}
    process_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), std::move(unread_),
            read_file(errors_)};
}

bool running_cli::read_more() {
    pollfd waiting{output_, POLLIN, 0};
    int const ready = ::poll(&waiting, 1, wait_max_ms);
    BOOST_REQUIRE_MESSAGE(ready > 0, "the command writes nothing: " << read_file(errors_));
    std::array<char, 65'536> bytes;
    ssize_t const count = ::read(output_, bytes.data(), bytes.size());
    if (count <= 0) return false;
    unread_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

cli_result run_cli(scratch_folder const& scratch, std::vector<std::string> const& arguments,
                   std::string_view input) {
    running_cli running(scratch, arguments);
    std::thread writer([&] {
        running.write(input);
        running.close_input();
    });
    std::string out;
    while (std::optional<std::string> const line = running.read_line()) out += *line + "\n";
    writer.join();
    cli_result result = running.wait();
    result.out = out + result.out;
    return result;
}

std::string the_example(std::string const& name) {
    std::filesystem::path const programs = from_environment("SWARMLOG_BIN_DIR");
    return (programs / "examples" / ("example_" + name)).string();
}

cli_result run_record_history(scratch_folder const& scratch,
                              std::vector<std::string> const& arguments) {
    running_cli running(scratch, arguments, the_example("record_history"));
    return running.wait();
}

std::string read_file(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        std::size_t const end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

boost::json::object last_json_line(cli_result const& ran) {
    std::vector<std::string> const lines = lines_of(ran.out);
    BOOST_REQUIRE_MESSAGE(!lines.empty(), ran.err);
    return boost::json::parse(lines.back()).as_object();
}
