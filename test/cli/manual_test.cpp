// The manual page, the completions and the examples in the help.

#include "cli/running_cli.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

/// Runs bash with the command's folder first in its path.
cli_result run_bash(scratch_folder const& scratch, std::string const& script) {
    std::string const folder =
        std::filesystem::path(running_cli::the_command()).parent_path().string();
    std::string const setting = "cd '" + scratch.path().string() + "' && PATH='" + folder +
                                "':$PATH && set -o pipefail -e && ";
    return running_cli(scratch, {"-c", setting + script}, "/bin/bash").wait();
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (char const each : text) {
        if (each != ' ' && each != '\n') {
            word += each;
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    return words;
}

/// The names of the commands, as the help lists them.
std::vector<std::string> commands(scratch_folder const& scratch) {
    std::vector<std::string> names;
    bool listed = false;
    for (std::string const& line : lines_of(run_cli(scratch, {"--help"}).out)) {
        if (line.empty()) listed = false;
        if (listed && line.starts_with("  ") && line[2] != ' ') {
            names.push_back(words_of(line).front());
        }
        if (line == "Subcommands:") listed = true;
    }
    BOOST_REQUIRE(names.size() >= 20U);
    return names;
}

/// The long options of a command, as its help lists them.
std::vector<std::string> long_options(scratch_folder const& scratch, std::string const& command) {
    std::vector<std::string> names;
    for (std::string const& line : lines_of(run_cli(scratch, {command, "--help"}).out)) {
        if (!line.starts_with("  -")) continue;
        std::size_t const begin = line.find("--");
        names.push_back(line.substr(begin, line.find_first_of(" =", begin) - begin));
    }
    BOOST_REQUIRE(!names.empty());
    return names;
}

std::string with_plain_minus(std::string text) {
    for (std::size_t at = 0; (at = text.find("\\-", at)) != std::string::npos;) text.erase(at, 1);
    return text;
}

/// What bash offers after these words, the last of which is being written.
std::vector<std::string> offered(scratch_folder const& scratch, std::string const& words) {
    cli_result const ran = run_bash(
        scratch, "swarmlog completion bash > completion && . ./completion && COMP_WORDS=(" + words +
                     ") && COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && { _swarmlog || true; } && "
                     "echo \"${COMPREPLY[@]}\"");
    BOOST_TEST(ran.code == 0, ran.err);
    return words_of(ran.out);
}

using word_list = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(manual)

BOOST_AUTO_TEST_CASE(the_page_and_the_completions_have_every_command_and_option) {
    scratch_folder const scratch;
    std::string const page = with_plain_minus(run_cli(scratch, {"manual"}).out);
    std::string const bash = run_cli(scratch, {"completion", "bash"}).out;
    std::string const zsh = run_cli(scratch, {"completion", "zsh"}).out;
    std::string const fish = run_cli(scratch, {"completion", "fish"}).out;
    for (std::string const& command : commands(scratch)) {
        BOOST_TEST(page.find("\n.SS " + command + "\n") != std::string::npos, command);
        BOOST_TEST(zsh.find("\n    '" + command + ":") != std::string::npos, command);
        BOOST_TEST(fish.find(" -a " + command + " ") != std::string::npos, command);
        for (std::string const& option : long_options(scratch, command)) {
            BOOST_TEST(page.find("\\fB" + option + "\\fR") != std::string::npos, option);
            BOOST_TEST(bash.find(option) != std::string::npos, option);
            BOOST_TEST(zsh.find("'*" + option + "[") != std::string::npos, option);
            BOOST_TEST(fish.find(" -l " + option.substr(2) + " ") != std::string::npos, option);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_page_is_sound_roff) {
    scratch_folder const scratch;
    scratch.write("page.1", run_cli(scratch, {"manual"}).out);
    if (run_bash(scratch, "command -v groff").code != 0) {
        BOOST_TEST_MESSAGE("SKIPPED: there is no groff to read the manual page with");
        return;
    }
    cli_result const ran = run_bash(scratch, "groff -man -Tascii -ww -z page.1");
    BOOST_TEST(ran.code == 0);
    BOOST_TEST(ran.err == "");
}

BOOST_AUTO_TEST_CASE(bash_completes_commands_options_and_choices) {
    scratch_folder const scratch;
    BOOST_TEST(offered(scratch, "swarmlog ver") == word_list{"verify"},
               boost::test_tools::per_element());
    BOOST_TEST(offered(scratch, "swarmlog append log.db --s") == word_list{"--strict"},
               boost::test_tools::per_element());
    BOOST_TEST(offered(scratch, "swarmlog cat log.db --output ''") == (word_list{"json", "table"}),
               boost::test_tools::per_element());
    BOOST_TEST(offered(scratch, "swarmlog as-of log.db ta") == word_list{"tasks"},
               boost::test_tools::per_element());
    scratch.write("log.db", "");
    BOOST_TEST(offered(scratch, "swarmlog cat lo") == word_list{"log.db"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_command_has_examples_and_they_run) {
    scratch_folder const scratch;
    for (std::string const& command : commands(scratch)) {
        std::string const help = run_cli(scratch, {command, "--help"}).out;
        std::size_t const heading = help.find("\nExamples:\n");
        BOOST_REQUIRE_MESSAGE(heading != std::string::npos, command);
        std::string const lines = help.substr(heading + std::string_view("\nExamples:\n").size());
        BOOST_TEST(lines.find("swarmlog " + command) != std::string::npos, command);
        cli_result const ran = run_bash(scratch, lines);
        BOOST_TEST(ran.code == 0, command << ": " << ran.err);
    }
}

BOOST_AUTO_TEST_CASE(a_shell_of_another_kind_is_a_mistake_that_names_those_there_are) {
    scratch_folder const scratch;
    cli_result const ran = run_cli(scratch, {"completion", "tcsh"});
    BOOST_TEST(ran.code == 2);
    BOOST_TEST(ran.err.find("bash") != std::string::npos, ran.err);
}

BOOST_AUTO_TEST_SUITE_END()
