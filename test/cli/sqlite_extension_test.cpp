// The extension that SQLite's own shell loads: it shows a log's events beside its tables, while
// another process appends.

#include "cli/running_cli.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// Empty where none is built: what is sanitized cannot be loaded by a shell that is not.
std::string extension() {
    char const* const path = std::getenv("SWARMLOG_SQLITE_EXTENSION");
    return path != nullptr ? path : "";
}

boost::test_tools::assertion_result extension_is_built(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result answer{!extension().empty()};
    answer.message() << "SWARMLOG_SQLITE_EXTENSION names none";
    return answer;
}

/// What the shell prints, errors among it, when it has loaded the extension and reads this.
std::vector<std::string> shell(scratch_folder const& scratch, std::string const& database,
                               std::string const& input) {
    std::ofstream{scratch / "input.sql"} << ".load " << extension() << '\n' << input;
    std::string const command = "cd '" + scratch.path().string() + "' && sqlite3 " + database +
                                " <input.sql >shell.txt 2>&1";
    BOOST_TEST(std::system(command.c_str()) != -1);
    return lines_of(read_file(scratch / "shell.txt"));
}

std::string line(std::string const& stream, int number) {
    return R"({"stream":")" + stream + R"(","type":"noted","tags":["n:)" + std::to_string(number) +
           R"("],"data":{"n":)" + std::to_string(number) + "}}\n";
}

std::string log_of(scratch_folder const& scratch) { return (scratch / "log.db").string(); }

/// A log `log.db` of three events in two streams.
void make_log(scratch_folder const& scratch) {
    auto const appended =
        run_cli(scratch, {"append", log_of(scratch)}, line("a", 1) + line("b", 2) + line("a", 3));
    BOOST_TEST_REQUIRE(appended.code == 0);
}

/// A line of the shell by which another process appends an event. It takes no quotes as they are,
/// so what it runs is a file.
std::string append_from_outside(scratch_folder const& scratch, int number) {
    std::string const name = "append-" + std::to_string(number);
    std::ofstream{scratch / (name + ".jsonl")} << line("c", number);
    std::ofstream{scratch / (name + ".sh")} << "'" << running_cli::the_command()
                                            << "' append log.db <" << name
                                            << ".jsonl >/dev/null 2>&1\n";
    return ".shell sh " + name + ".sh\n";
}

using output_lines = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_extension, *boost::unit_test::precondition(extension_is_built))

BOOST_AUTO_TEST_CASE(the_shell_shows_events_as_rows) {
    scratch_folder const scratch;
    make_log(scratch);
    output_lines const all = shell(scratch, "-readonly log.db",
                                   "SELECT position, stream, version, type, tags, data FROM events "
                                   "WHERE stream = 'a' ORDER BY position DESC LIMIT 5;\n"
                                   "SELECT position FROM events WHERE tag = 'n:2';\n"
                                   "SELECT count(*), recorded_at > 0 FROM events;\n");
    output_lines const expected{R"(3|a|2|noted|["n:3"]|{"n":3})", R"(1|a|1|noted|["n:1"]|{"n":1})",
                                "2", "3|1"};
    BOOST_TEST(all == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_statement_sees_what_another_process_has_just_appended) {
    scratch_folder const scratch;
    make_log(scratch);
    std::string const count = "SELECT count(*) FROM events;\n";
    output_lines const seen =
        shell(scratch, "-readonly log.db",
              count + append_from_outside(scratch, 4) + count + append_from_outside(scratch, 5) +
                  count + "SELECT data FROM events WHERE position = 5;\n");
    output_lines const expected{"3", "4", "5", R"({"n":5})"};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_transaction_sees_events_and_tables_of_one_moment) {
    scratch_folder const scratch;
    make_log(scratch);
    // The extension opens the log with its first statement, after the append.
    output_lines const seen =
        shell(scratch, "-readonly log.db",
              "BEGIN;\nSELECT max(last) FROM log;\n" + append_from_outside(scratch, 4) +
                  "SELECT count(*), max(position) FROM events;\n"
                  "SELECT count(*) FROM events WHERE stream = 'c';\nCOMMIT;\n"
                  "SELECT count(*), max(position) FROM events;\n");
    output_lines const expected{"3", "3|3", "0", "4|4"};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(events_cannot_be_changed) {
    scratch_folder const scratch;
    make_log(scratch);
    for (std::string const statement : {"DELETE FROM events;", "UPDATE events SET data = '{}';",
                                        "INSERT INTO events(stream) VALUES('a');"}) {
        output_lines const said =
            shell(scratch, "log.db", statement + "\nSELECT count(*) FROM events;\n");
        BOOST_TEST_REQUIRE(said.size() == 2U, statement);
        BOOST_TEST(said[0].ends_with("table events may not be modified"), said[0]);
        BOOST_TEST(said[1] == "3");
    }
    BOOST_TEST(run_cli(scratch, {"verify", log_of(scratch)}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_database_that_is_no_log_is_told_of) {
    scratch_folder const scratch;
    output_lines const other =
        shell(scratch, "other.db", "CREATE TABLE t(a);\nSELECT * FROM events;\n");
    BOOST_TEST_REQUIRE(other.size() == 1U);
    BOOST_TEST(other[0].find("is another program's SQLite database") != std::string::npos,
               other[0]);
    output_lines const memory = shell(scratch, ":memory:", "SELECT * FROM events;\n");
    BOOST_TEST_REQUIRE(memory.size() == 1U);
    BOOST_TEST(memory[0].find("the main database is no file") != std::string::npos, memory[0]);
}

BOOST_AUTO_TEST_CASE(a_view_of_the_file_does_not_read_events) {
    scratch_folder const scratch;
    make_log(scratch);
    output_lines const said = shell(scratch, "log.db",
                                    "CREATE VIEW all_events AS SELECT * FROM events;\n"
                                    "SELECT * FROM all_events;\nDROP VIEW all_events;\n");
    BOOST_TEST_REQUIRE(said.size() == 1U);
    BOOST_TEST(said[0].find("unsafe use of virtual table") != std::string::npos, said[0]);
}

BOOST_AUTO_TEST_SUITE_END()
