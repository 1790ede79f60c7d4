// What `export` writes, `import` makes an identical log of.

#include "cli/sample_log.hpp"
#include "history/recorded_set.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <string>

using namespace swarmlog;

namespace {

void check_identical(event_log const& left, event_log const& right) {
    BOOST_TEST_REQUIRE(left.head().value == right.head().value);
    reader others = right.read();
    for (event_view const& a : left.read()) {
        event const b = others.next().value().value();
        BOOST_TEST_REQUIRE(a.position.value == b.position.value);
        BOOST_TEST_REQUIRE(a.stream == b.stream);
        BOOST_TEST_REQUIRE(a.version.value == b.version.value);
        BOOST_TEST_REQUIRE(a.type == b.type);
        BOOST_TEST_REQUIRE(a.schema_version == b.schema_version);
        BOOST_TEST_REQUIRE((a.id == b.id));
        BOOST_TEST_REQUIRE((a.recorded_at == b.recorded_at));
        BOOST_TEST_REQUIRE((a.occurred_at == b.occurred_at));
        BOOST_TEST_REQUIRE(a.correlation_id == b.correlation_id);
        BOOST_TEST_REQUIRE(a.causation_id == b.causation_id);
        BOOST_TEST_REQUIRE(std::equal(a.tags.begin(), a.tags.end(), b.tags.begin(), b.tags.end()));
        BOOST_TEST_REQUIRE(a.metadata == b.metadata);
        BOOST_TEST_REQUIRE(a.data == b.data);
    }
}

std::string exported_line(std::uint64_t position, std::string const& recorded_at,
                          std::string const& more = "") {
    return "{\"position\":" + std::to_string(position) + R"(,"stream":"s","version":)" +
           std::to_string(position) + R"(,"type":"t","recorded_at":")" + recorded_at + "\"" + more +
           R"(,"data":1})" + "\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(export_and_import)

BOOST_AUTO_TEST_CASE(an_imported_log_is_identical) {
    sample_log const log(5'000);
    std::string const file = (log.scratch() / "events.jsonl").string();
    std::string const copy = (log.scratch() / "copy.db").string();
    BOOST_TEST(log.run("export", {file}).code == 0);
    cli_result const ran = run_cli(log.scratch(), {"import", copy, file});
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(ran.err == "5,000 imported, 0 rejected\n");
    check_identical(open_sqlite_read_only(log.path()).value(), open_sqlite_read_only(copy).value());
    BOOST_TEST(run_cli(log.scratch(), {"verify", copy}).code == 0);
    BOOST_TEST(run_cli(log.scratch(), {"export", copy}).out == read_file(file));
}

BOOST_AUTO_TEST_CASE(export_and_import_work_through_pipes) {
    sample_log const log(100);
    std::string const copy = (log.scratch() / "copy.db").string();
    std::string const exported = log.run("export").out;
    BOOST_TEST(run_cli(log.scratch(), {"import", copy}, exported).code == 0);
    BOOST_TEST(run_cli(log.scratch(), {"export", copy}).out == exported);
    BOOST_TEST(log.run("cat", {"-o", "json"}).out == exported);
}

BOOST_AUTO_TEST_CASE(each_event_is_one_line_whatever_its_data_looks_like) {
    sample_log const log(60);
    std::vector<std::string> const lines = lines_of(log.run("export").out);
    BOOST_TEST(lines.size() == 60U);
    BOOST_TEST(lines[0].find("\"data_text\":\"{\\n  \\\"n\\\": 1,") != std::string::npos, lines[0]);
    BOOST_TEST(lines[2].ends_with("\"data\":3}"), lines[2]);
}

BOOST_AUTO_TEST_CASE(a_later_part_follows_onto_an_earlier_copy) {
    sample_log const log(30);
    std::string const copy = (log.scratch() / "copy.db").string();
    std::vector<std::string> lines = lines_of(log.run("export").out);
    std::string first;
    for (std::size_t at = 0; at < 20; ++at) first += lines[at] + "\n";
    BOOST_TEST(run_cli(log.scratch(), {"import", copy}, first).code == 0);
    std::string const rest = log.run("export", {"--after", "20"}).out;
    BOOST_TEST(lines_of(rest).size() == 10U);
    BOOST_TEST(run_cli(log.scratch(), {"import", copy}, rest).code == 0);
    check_identical(open_sqlite_read_only(log.path()).value(), open_sqlite_read_only(copy).value());
}

BOOST_AUTO_TEST_CASE(a_bad_line_is_rejected_alone_and_order_is_kept) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    std::string const input = exported_line(1, "2026-01-01T00:00:01Z") + "oops\n" +
                              exported_line(2, "2026-01-01T00:00:02Z") +
                              exported_line(3, "2026-01-01T00:00:00Z") +
                              exported_line(3, "2026-01-01T00:00:03Z", R"(,"tags":[""])") +
                              exported_line(3, "2026-01-01T00:00:03Z") +
                              exported_line(4, "2026-01-01T00:00:04Z", R"(,"colour":"red")") +
                              exported_line(4, "2026-01-01T00:00:05Z");
    cli_result const ran = run_cli(scratch, {"import", database}, input);
    BOOST_TEST(ran.code == 1);
    for (char const* const said :
         {"standard input:2: rejected", "standard input:4: rejected", "standard input:5: rejected",
          "standard input:7: rejected: there is no member \"colour\"", "4 imported, 4 rejected"}) {
        BOOST_TEST(ran.err.find(said) != std::string::npos, said << " in " << ran.err);
    }
    BOOST_TEST(ran.err.find("another position") == std::string::npos, ran.err);
    event_log const log = open_sqlite_read_only(database).value();
    std::string times;
    for (event_view const& each : log.read()) times += to_string(each.recorded_at).substr(18, 1);
    BOOST_TEST(times == "1235");
}

BOOST_AUTO_TEST_CASE(events_that_cannot_keep_their_position_are_counted) {
    sample_log const log(10);
    std::string const rest = log.run("export", {"--after", "5"}).out;
    std::string const copy = (log.scratch() / "copy.db").string();
    cli_result const ran = run_cli(log.scratch(), {"import", copy}, rest);
    BOOST_TEST(ran.code == 0);
    BOOST_TEST(ran.err.find("5 events have another position") != std::string::npos, ran.err);
}

BOOST_AUTO_TEST_CASE(export_does_not_overwrite) {
    sample_log const log(3);
    auto const target = log.scratch().write("taken", "mine");
    BOOST_TEST(log.run("export", {target.string()}).code == 5);
    BOOST_TEST(read_file(target) == "mine");
}

BOOST_AUTO_TEST_CASE(an_export_that_cannot_be_written_fails,
                     *boost::unit_test::precondition([](boost::unit_test::test_unit_id) {
                         return std::filesystem::exists("/dev/full");
                     })) {
    sample_log const log(3);
    std::string const shell =
        std::string("\"$SWARMLOG_CLI\" export ") + log.path() + " >/dev/full 2>/dev/null";
    BOOST_TEST(WEXITSTATUS(std::system(shell.c_str())) == 5);
}

BOOST_AUTO_TEST_CASE(recorded_histories_are_imported_by_their_content) {
    scratch_folder const scratch;
    scratch.write("in/needle", R"({"bead":"b","event":"claim","ts":"2026-08-06T04:12:45.18Z",)"
                               R"("worker":"w"})"
                               "\n"
                               R"({"bead":"b"})"
                               "\n");
    scratch.write("in/flow.json", R"({"events":[{"eventId":"1","eventType":"A"}]})");
    scratch.write("in/other.jsonl", R"({"id":"x"})"
                                    "\n");
    std::string const database = (scratch / "log.db").string();
    cli_result const ran = run_cli(scratch, {"import", database, (scratch / "in").string()});
    BOOST_TEST(ran.code == 1);
    BOOST_TEST(ran.err.find("needle:2: rejected: there is no \"event\"") != std::string::npos,
               ran.err);
    BOOST_TEST(ran.err.find("other.jsonl: skipped") != std::string::npos, ran.err);
    BOOST_TEST(ran.err.find("2 imported, 1 rejected") != std::string::npos, ran.err);
    event_log const log = open_sqlite_read_only(database).value();
    BOOST_TEST(log.version_of("task-b").value().value == 1U);
    BOOST_TEST(log.version_of("workflow-flow").value().value == 1U);
}

BOOST_AUTO_TEST_CASE(a_recorded_log_is_exported_and_imported_identically,
                     *boost::unit_test::precondition(recorded_set::is_there)) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    std::string const copy = (scratch / "copy.db").string();
    std::string const file = (scratch / "events.jsonl").string();
    std::string const source = recorded_set::file_of("gastown/events.jsonl").string();
    BOOST_TEST(run_cli(scratch, {"import", database, source}).err ==
               "28,742 imported, 0 rejected\n");
    BOOST_TEST(run_cli(scratch, {"export", database, file}).code == 0);
    BOOST_TEST(run_cli(scratch, {"import", copy, file}).err == "28,742 imported, 0 rejected\n");
    check_identical(open_sqlite_read_only(database).value(), open_sqlite_read_only(copy).value());
}

BOOST_AUTO_TEST_SUITE_END()
