// What others wrote into a log cannot do anything to the terminal of who looks at it, and what is
// imported has limits.
#include "cli/sample_log.hpp"
#include "support/effort.hpp"
#include "terminal/text_table.hpp"

#include <swarmlog/engine/detail/printable_text.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;
using namespace swarmlog;

extern char** environ;

namespace {

/// Colours, a title, the C1 form of the same, and a text that turns around.
std::string const evil =
    "\x1b[31mred\x1b]0;title\x07 \xc2\x9b"
    "32m \xe2\x80\xaeknil\xe2\x80\xac \xe2\x81\xa6x";

/// What a terminal would obey; lines, and blanks within them, are the command's own.
std::size_t first_control(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        std::string_view const rest = text.substr(at);
        bool const is_blank = rest.front() == '\n' || rest.front() == '\r' || rest.front() == '\t';
        if (!is_blank && detail::unprintable_size(rest) != 0) return at;
        at += is_blank ? 1 : detail::printable_size(rest);
    }
    return std::string_view::npos;
}

void check_harmless(std::string const& text) {
    std::size_t const at = first_control(text);
    BOOST_TEST(at == std::string_view::npos,
               detail::quoted(text.substr(std::min(at, text.size()))));
    BOOST_TEST(!text.empty());
}

/// Runs the command with a terminal as its standard output, and answers what the terminal got.
std::string on_a_terminal(std::vector<std::string> words, unsigned short columns = 0) {
    int const screen = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    BOOST_REQUIRE(screen >= 0);
    BOOST_REQUIRE(::grantpt(screen) == 0);
    BOOST_REQUIRE(::unlockpt(screen) == 0);
    int const its_end = ::open(::ptsname(screen), O_RDWR | O_NOCTTY | O_CLOEXEC);
    BOOST_REQUIRE(its_end >= 0);
    winsize const size{.ws_row = 0, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    BOOST_REQUIRE(::ioctl(its_end, TIOCSWINSZ, &size) == 0);
    words.insert(words.begin(), running_cli::the_command());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, its_end, STDOUT_FILENO);
    pid_t process = -1;
    int const failure =
        ::posix_spawn(&process, arguments[0], &files, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    ::close(its_end);
    BOOST_REQUIRE(failure == 0);
    std::string got;
    std::array<char, 4'096> bytes;
    for (;;) {
        // Once nobody has the other end open, reading it is an error.
        ssize_t const count = ::read(screen, bytes.data(), bytes.size());
        if (count <= 0) break;
        got.append(bytes.data(), static_cast<std::size_t>(count));
    }
    ::close(screen);
    ::waitpid(process, nullptr, 0);
    return got;
}

/// A log with the evil text wherever one can be.
struct evil_log {
    evil_log() {
        projection_set projections;
        swarm::add_projections(projections);
        sqlite_log_options options;
        options.state = projections;
        event_log log = open_sqlite(path, options).value();
        producer to = log.make_producer();
        std::string const data =
            "{\"a\":\"\xc2\x9b"
            "32m \xe2\x80\xaeknil \x7f\"}";
        event_details details;
        details.tags = {evil};
        details.metadata = data;
        details.correlation_id = evil;
        (void)to.append(evil, expected::any{}, raw_event{evil, data}, details).value();
        swarm::desk desk(log);
        (void)desk.run(swarm::register_agent{evil, evil, evil}).value();
        (void)desk.run(swarm::create_task{evil, evil}).value();
        log.close().value();
    }
    scratch_folder scratch;
    std::string path = (scratch / "evil.db").string();
};

std::string line_with(std::string const& data) {
    return "{\"stream\":\"s\",\"type\":\"t\",\"data\":" + data + "}\n";
}

unsigned mode_of(fs::path const& path) {
    struct stat facts {};
    BOOST_REQUIRE(::lstat(path.c_str(), &facts) == 0);
    return facts.st_mode & 0777U;
}

} // namespace

BOOST_AUTO_TEST_SUITE(terminal_output)

BOOST_AUTO_TEST_CASE(a_table_has_nothing_that_a_terminal_obeys) {
    evil_log const log;
    for (std::vector<std::string> words : std::vector<std::vector<std::string>>{{"cat"},
                                                                                {"tail"},
                                                                                {"streams"},
                                                                                {"stats"},
                                                                                {"agents"},
                                                                                {"tasks"},
                                                                                {"projections"},
                                                                                {"verify"},
                                                                                {"as-of"},
                                                                                {"diff"},
                                                                                {"select"}}) {
        std::string const command = words.front();
        words.push_back(log.path);
        if (command == "as-of") words.insert(words.end(), {"agents", "3"});
        if (command == "diff") words.insert(words.end(), {"agents", "0", "3"});
        if (command == "select") {
            words.push_back("SELECT stream, data, CAST(x'e21b5b33316dc29b9b' AS TEXT) AS \"" +
                            evil + "\" FROM events");
        }
        words.insert(words.end(), {"-o", "table"});
        cli_result const got = run_cli(log.scratch, words);
        BOOST_TEST_CONTEXT(command) {
            BOOST_TEST(got.code == 0);
            check_harmless(got.out);
        }
    }
}

BOOST_AUTO_TEST_CASE(tables_fit_the_screen) {
    scratch_folder const scratch;
    std::string const path = (scratch / "log.db").string();
    {
        projection_set projections;
        swarm::add_projections(projections);
        sqlite_log_options options;
        options.state = projections;
        event_log log = open_sqlite(path, options).value();
        swarm::desk desk(log);
        std::string const name(100, 'n');
        (void)desk.run(swarm::register_agent{"agent-" + name, name, name}).value();
        (void)desk.run(swarm::create_task{"task-" + name, name}).value();
        log.close().value();
    }
    std::vector<std::vector<std::string>> const commands{
        {"cat", path},
        {"tail", path},
        {"streams", path},
        {"stats", path},
        {"diff", path, "agents", "0", "1"},
        {"select", path, "SELECT position, stream, type, data FROM events"}};
    for (unsigned short const columns : std::array<unsigned short, 4>{60, 80, 120, 200}) {
        for (auto const& words : commands) {
            std::istringstream lines{on_a_terminal(words, columns)};
            std::size_t widest = 0;
            for (std::string line; std::getline(lines, line);) {
                if (line.ends_with('\r')) line.pop_back(); // which a terminal adds
                widest = std::max(widest, text_columns(line));
            }
            BOOST_TEST_CONTEXT(words.front() << " on " << columns << " columns") {
                BOOST_TEST(widest <= columns);
                BOOST_TEST(widest > 20U);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(json_on_a_terminal_has_escapes_and_says_the_same) {
    evil_log const log;
    for (std::vector<std::string> words : std::vector<std::vector<std::string>>{
             {"cat", log.path, "-o", "json"},
             {"export", log.path},
             {"tail", log.path, "-o", "json"},
             {"streams", log.path, "-o", "json"},
             {"stats", log.path, "-o", "json"},
             {"agents", log.path, "-o", "json"},
             {"select", log.path, "SELECT * FROM events", "-o", "json"}}) {
        std::string const shown = on_a_terminal(words);
        BOOST_TEST_CONTEXT(words.front()) {
            check_harmless(shown);
            BOOST_TEST(shown.find("\\u202e") != std::string::npos);
            BOOST_TEST(shown.find("\\u009b") != std::string::npos);
        }
    }
    std::string const seen = on_a_terminal({"export", log.path});
    cli_result const again =
        run_cli(log.scratch, {"import", (log.scratch / "b.db").string()}, seen);
    BOOST_TEST(again.code == 0, again.err);
    std::string const names = "SELECT stream, type, tags, json_extract(data, '$.a') FROM events";
    BOOST_TEST(run_cli(log.scratch, {"select", log.path, names}).out ==
               run_cli(log.scratch, {"select", (log.scratch / "b.db").string(), names}).out);
}

BOOST_AUTO_TEST_CASE(a_pipe_gets_the_very_bytes) {
    evil_log const log;
    std::string const out = run_cli(log.scratch, {"cat", log.path, "-o", "json"}).out;
    BOOST_TEST(out.find("\"data\":{\"a\":\"\xc2\x9b"
                        "32m \xe2\x80\xaeknil \x7f\"}") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(errors_have_nothing_that_a_terminal_obeys) {
    scratch_folder const scratch;
    std::string const database = (scratch / "a.db").string();
    std::string const odd = (scratch / ("odd" + evil)).string();
    fs::create_directory(scratch / "folder");
    scratch.write("folder/" + std::string("\x1b[31m.txt"), "no history");
    cli_result const missing = run_cli(scratch, {"cat", odd});
    BOOST_TEST(missing.code == 3);
    check_harmless(missing.err);
    BOOST_TEST(missing.err.find("\\x1b[31mred") != std::string::npos, missing.err);
    std::string const member =
        "\xc2\x9b"
        "32m \xe2\x80\xaeknil";
    std::string lines = "{\"stream\":\"s\",\"" + member + "\":1}\n";
    lines += "{\"stream\":\"" + member + "\",\"type\":\"t\",\"data\":1,\"expected_version\":7}\n";
    lines += evil + "\n";
    for (char const* const command : {"append", "import"}) {
        cli_result const got = run_cli(scratch, {command, database}, lines);
        BOOST_TEST(got.code == 1);
        check_harmless(got.err);
    }
    check_harmless(run_cli(scratch, {"import", database, (scratch / "folder").string()}).err);
    check_harmless(run_cli(scratch, {"import", database, odd}).err);
    check_harmless(run_cli(scratch, {"select", database, "SELECT " + evil}).err);
    check_harmless(run_cli(scratch, {"backup", database, "/nowhere/" + evil}).err);
    check_harmless(run_cli(scratch, {"export", database, "/nowhere/" + evil}).err);
}

BOOST_AUTO_TEST_CASE(an_import_has_limits) {
    scratch_folder const scratch;
    std::string const database = (scratch / "a.db").string();
    std::string const good = line_with("1");
    std::string const long_line = line_with('"' + std::string(17'000'000, 'x') + '"');
    std::string const deep_line = line_with(std::string(300, '[') + std::string(300, ']'));
    std::string const deep_data = line_with(std::string(100, '[') + std::string(100, ']'));
    std::string const large_data = line_with('"' + std::string(2'000'000, 'x') + '"');
    cli_result const got = run_cli(scratch, {"import", database},
                                   good + long_line + deep_line + deep_data + large_data + good);
    BOOST_TEST(got.code == 1);
    BOOST_TEST(got.err.find("2: rejected: the line is too long") != std::string::npos, got.err);
    BOOST_TEST(got.err.find("3: rejected: not JSON at byte") != std::string::npos, got.err);
    BOOST_TEST(got.err.find("4: rejected: The JSON is nested more than 64") != std::string::npos);
    BOOST_TEST(got.err.find("5: rejected: ") != std::string::npos, got.err);
    BOOST_TEST(got.err.find("2 imported, 4 rejected") != std::string::npos, got.err);

    std::string bad;
    for (int line = 0; line != 1'500; ++line) bad += "no JSON\n";
    cli_result const refused = run_cli(scratch, {"import", database}, bad);
    BOOST_TEST(refused.code == 1);
    BOOST_TEST(lines_of(refused.err).size() == 1'002U);
    BOOST_TEST(refused.err.find("and 500 more were rejected") != std::string::npos);

    std::string many;
    for (int line = 0; line != 1'000; ++line) many += good;
    std::string const other = (scratch / "b.db").string();
    std::string const half = std::to_string(500 * good.size());
    cli_result const cut = run_cli(scratch, {"import", other, "-", "--bytes-max", half}, many);
    BOOST_TEST(cut.code == 5);
    BOOST_TEST(cut.err.find("500 imported") != std::string::npos, cut.err);
    BOOST_TEST(
        cut.err.find("more than " + half + " bytes, the limit (--bytes-max)") != std::string::npos,
        cut.err);
}

BOOST_AUTO_TEST_CASE(a_select_of_the_command_has_no_more_memory_than_it_may) {
    if (swarmlog::test::is_sanitized) {
        BOOST_TEST_MESSAGE("left out: a gibibyte under a sanitizer takes minutes");
        return;
    }
    sample_log const log;
    std::string columns = "json_group_array(hex(randomblob(1000000)))";
    for (int column = 0; column != 8; ++column) {
        columns += ", json_group_array(hex(randomblob(1000000)))";
    }
    cli_result const got = log.run(
        "select", {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) "
                   "SELECT " +
                       columns + " FROM n",
                   "--seconds-max", "100"});
    BOOST_TEST(got.code == 2, got.err);
    BOOST_TEST(got.err.find("memory") != std::string::npos, got.err);
}

BOOST_AUTO_TEST_CASE(what_is_exported_is_its_owners_alone) {
    sample_log const log;
    mode_t const before = ::umask(0);
    std::string const target = (log.scratch() / "out.jsonl").string();
    BOOST_TEST(log.run("export", {target}).code == 0);
    ::umask(before);
    BOOST_TEST(mode_of(target) == 0600U);
    fs::create_symlink(log.scratch() / "elsewhere", log.scratch() / "link");
    BOOST_TEST(log.run("export", {(log.scratch() / "link").string()}).code == 5);
    BOOST_TEST(!fs::exists(log.scratch() / "elsewhere"));
}

BOOST_AUTO_TEST_CASE(files_that_others_may_read_are_warned_of) {
    sample_log const log;
    BOOST_TEST(log.run("cat").err.empty());
    fs::permissions(log.path(), fs::perms{0644});
    cli_result const got = log.run("cat");
    BOOST_TEST(got.code == 0);
    BOOST_TEST(
        got.err.find("swarmlog: warning: " + log.path() + " has mode 644") != std::string::npos,
        got.err);
}

BOOST_AUTO_TEST_SUITE_END()
