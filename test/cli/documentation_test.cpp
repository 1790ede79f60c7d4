// Every command in docs/ is run, and prints what its guide says. `…` in the guide stands
// for any text within a line, and a time for any time. Commands that load the SQLite extension are
// left out where none is built.

#include "cli/running_cli.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct console_command {
    std::string text;
    std::vector<std::string> expected;
};

/// The commands in blocks marked `console`: lines that begin with `$ `, then their output.
std::vector<console_command> commands_of(std::string const& guide) {
    std::vector<console_command> commands;
    bool inside = false;
    for (std::string const& line : lines_of(guide)) {
        if (line.starts_with("```")) {
            inside = line == "```console";
        } else if (inside && line.starts_with("$ ")) {
            commands.push_back({line.substr(2), {}});
        } else if (inside && line.starts_with("> ")) {
            commands.back().text += "\n" + line.substr(2);
        } else if (inside) {
            commands.back().expected.push_back(line);
        }
    }
    return commands;
}

std::string without_times(std::string const& line) {
    static std::regex const time(
        "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}");
    return std::regex_replace(line, time, "<time>");
}

bool matches(std::string_view pattern, std::string_view line) {
    constexpr std::string_view anything = "\u2026";
    std::size_t const mark = pattern.find(anything);
    if (mark == std::string_view::npos) return pattern == line;
    if (!line.starts_with(pattern.substr(0, mark))) return false;
    pattern.remove_prefix(mark + anything.size());
    for (std::size_t at = mark; at <= line.size(); ++at) {
        if (matches(pattern, line.substr(at))) return true;
    }
    return false;
}

/// Runs a guide's commands in an empty folder, in their order.
void run_guide(std::vector<console_command> const& commands) {
    scratch_folder const scratch;
    std::filesystem::path const program = std::getenv("SWARMLOG_CLI");
    char const* const extension = std::getenv("SWARMLOG_SQLITE_EXTENSION");
    std::string preparation = "cd '" + scratch.path().string() + "' && PATH='" +
                              program.parent_path().string() + "':$PATH && ";
    if (extension != nullptr) {
        preparation += "export LD_LIBRARY_PATH='" +
                       std::filesystem::path{extension}.parent_path().string() + "' && ";
    }
    for (console_command const& command : commands) {
        bool const loads = command.text.find("swarmlog_sqlite") != std::string::npos;
        if (loads && extension == nullptr) { continue; }
        std::string const shell =
            preparation + "{ " + command.text + "\n} >output.txt 2>&1 </dev/null";
        int const ignored = std::system(shell.c_str());
        (void)ignored;
        std::vector<std::string> const lines = lines_of(read_file(scratch / "output.txt"));
        BOOST_TEST(lines.size() == command.expected.size(),
                   command.text << " printed " << read_file(scratch / "output.txt"));
        for (std::size_t at = 0; at < std::min(lines.size(), command.expected.size()); ++at) {
            BOOST_TEST(matches(without_times(command.expected[at]), without_times(lines[at])),
                       command.text << " printed\n"
                                    << lines[at] << "\nnot\n"
                                    << command.expected[at]);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(documentation)

BOOST_AUTO_TEST_CASE(the_guides_say_what_happens) {
    std::size_t guides = 0;
    for (auto const& entry : std::filesystem::directory_iterator{SWARMLOG_DOCS}) {
        if (entry.path().extension() != ".md") { continue; }
        std::vector<console_command> const commands = commands_of(read_file(entry.path()));
        if (commands.empty()) { continue; }
        ++guides;
        BOOST_TEST_CONTEXT(entry.path().filename().string()) { run_guide(commands); }
    }
    BOOST_TEST(guides >= 3U);
}

BOOST_AUTO_TEST_CASE(a_wrong_line_in_the_guide_is_noticed) {
    BOOST_TEST(matches("a\u2026c", "abc"));
    BOOST_TEST(matches("a\u2026", "a"));
    BOOST_TEST(matches("\u2026b\u2026", "abc"));
    BOOST_TEST(!matches("a\u2026c", "abd"));
    BOOST_TEST(!matches("abc", "abcd"));
    BOOST_TEST(without_times("1 2026-11-23 04:28:36.756 a") == "1 <time> a");
    BOOST_TEST(commands_of("```console\n$ a\nb\n```\n$ no\n```sh\n$ no\n```\n").size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
