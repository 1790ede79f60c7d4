#include "support/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

extern char** environ;

namespace swarmlog::test {

child_process::child_process(std::string const& program,
                             std::vector<std::string> const& arguments) {
    char const* const folder = std::getenv("SWARMLOG_BIN_DIR");
    std::string path = std::string{folder != nullptr ? folder : "."} + "/test/" + program;
    std::vector<std::string> words = arguments;
    std::vector<char*> argv{path.data()};
    for (std::string& word : words) { argv.push_back(word.data()); }
    argv.push_back(nullptr);

    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) { throw std::runtime_error{"cannot make a pipe"}; }
    ::posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    int const code =
        ::posix_spawn(&process_, path.c_str(), &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
    if (code != 0) {
        process_ = -1;
        throw std::runtime_error{"cannot start " + path};
    }
}

child_process::~child_process() {
    kill();
    wait();
    ::close(output_);
}

std::optional<std::string> child_process::next_line() {
    for (;;) {
        if (auto const end = unread_.find('\n'); end != std::string::npos) {
            std::string line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return line;
        }
        std::array<char, 4096> bytes{};
        ::ssize_t const count = ::read(output_, bytes.data(), bytes.size());
        if (count <= 0) { return std::nullopt; }
        unread_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

void child_process::kill() noexcept {
    if (process_ > 0) { ::kill(process_, SIGKILL); }
}

int child_process::wait() {
    if (process_ <= 0) { return -1; }
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

} // namespace swarmlog::test
