#include "cli/sample_log.hpp"

#include <swarmlog/version.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

std::vector<std::string> const readers{"cat", "tail", "streams", "stats", "verify", "export"};
std::vector<std::string> const all_of_one_log{"cat",    "tail",   "streams", "stats",
                                              "verify", "export", "append",  "import"};

} // namespace

BOOST_AUTO_TEST_SUITE(usage)

BOOST_AUTO_TEST_CASE(help_and_version_are_not_mistakes) {
    scratch_folder const scratch;
    cli_result const help = run_cli(scratch, {"--help"});
    BOOST_TEST(help.code == 0);
    for (char const* const word : {"append", "cat", "tail", "streams", "stats", "verify", "backup",
                                   "export", "import", "Exit codes:"}) {
        BOOST_TEST(help.out.find(word) != std::string::npos, word);
    }
    std::string const version{swarmlog::library_version()};
    BOOST_TEST(run_cli(scratch, {"--version"}).out == "swarmlog " + version + "\n");
    BOOST_TEST(run_cli(scratch, {"append", "--help"}).code == 0);
}

BOOST_AUTO_TEST_CASE(mistakes_in_arguments_are_told_by_one_code) {
    scratch_folder const scratch;
    std::vector<std::vector<std::string>> const mistakes{
        {},
        {"dance"},
        {"cat"},
        {"cat", "log.db", "--limit", "many"},
        {"cat", "log.db", "--after", "teatime"},
        {"cat", "log.db", "-o", "yaml"},
        {"streams", "log.db", "--sort", "colour"},
        {"backup", "log.db"},
    };
    for (std::vector<std::string> const& arguments : mistakes) {
        cli_result const ran = run_cli(scratch, arguments);
        BOOST_TEST(ran.code == 2, ran.err);
        BOOST_TEST(!ran.err.empty());
        BOOST_TEST(ran.out.empty(), ran.out);
    }
}

BOOST_AUTO_TEST_CASE(a_command_that_is_not_there_is_named) {
    scratch_folder const scratch;
    cli_result const ran = run_cli(scratch, {"dance", "log.db"});
    BOOST_TEST(ran.code == 2);
    BOOST_TEST(
        ran.err ==
        "swarmlog: there is no command \"dance\"; `swarmlog --help` lists those there are\n");
}

BOOST_DATA_TEST_CASE(a_log_that_is_not_there_cannot_be_opened,
                     boost::unit_test::data::make(readers), command) {
    scratch_folder const scratch;
    std::string const missing = (scratch / "missing.db").string();
    cli_result const ran = run_cli(scratch, {command, missing});
    BOOST_TEST(ran.code == 3, ran.err);
    BOOST_TEST(ran.err.find("missing.db") != std::string::npos, ran.err);
    BOOST_TEST(!std::filesystem::exists(missing));
}

BOOST_DATA_TEST_CASE(a_file_of_another_kind_is_left_alone,
                     boost::unit_test::data::make(all_of_one_log), command) {
    scratch_folder const scratch;
    std::string const text(5'000, 'x');
    auto const file = scratch.write("letter.txt", text);
    cli_result const ran = run_cli(scratch, {command, file.string()});
    BOOST_TEST(ran.code == 3, ran.err);
    BOOST_TEST(read_file(file) == text);
}

BOOST_AUTO_TEST_CASE(an_import_from_nowhere_makes_no_log) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    cli_result const ran = run_cli(scratch, {"import", database, (scratch / "none").string()});
    BOOST_TEST(ran.code == 3, ran.err);
    BOOST_TEST(!std::filesystem::exists(database));
}

BOOST_AUTO_TEST_SUITE_END()
