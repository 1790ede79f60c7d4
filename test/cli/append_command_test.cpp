#include "cli/running_cli.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>

using namespace swarmlog;

namespace {

std::string database_in(scratch_folder const& scratch) { return (scratch / "log.db").string(); }

std::string line(std::string const& stream, std::string const& more = "") {
    return R"({"stream":")" + stream + R"(","type":"noted","data":{"n":1})" + more + "}\n";
}

struct bad_line {
    std::string text;
    std::string reason;
    friend std::ostream& operator<<(std::ostream& to, bad_line const& each) {
        return to << each.text.substr(0, 80);
    }
};

bad_line const bad_lines[]{
    {"oops", "not JSON"},
    {"[]", "not a JSON object"},
    {R"({"type":"t","data":1})", R"("stream" is missing)"},
    {R"({"stream":"s","data":1})", R"("type" is missing)"},
    {R"({"stream":"s","type":"t"})", R"("data" is missing)"},
    {R"({"stream":7,"type":"t","data":1})", R"("stream" must be a string)"},
    {R"({"stream":"s","type":"t","data":1,"tag":"x"})", R"(no member "tag")"},
    {R"({"stream":"s","type":"t","data":1,"recorded_at":"2026-01-01T00:00:00Z"})", "import"},
    {R"({"stream":"s","stream":"s","type":"t","data":1})", "only once"},
    {R"({"stream":"s","type":"t","data":1,"tags":"x"})", "array of strings"},
    {R"({"stream":"s","type":"t","data":1,"tags":[1]})", "array of strings"},
    {R"({"stream":"s","type":"t","data":1,"id":"17"})", R"("id")"},
    {R"({"stream":"s","type":"t","data":1,"occurred_at":"noon"})", "is no time"},
    {R"({"stream":"s","type":"t","data":1,"expected_version":-1})", "whole number"},
    {R"({"stream":"s","type":"t","data":1,"expected_version":"none"})", "no_stream"},
    {R"({"stream":"s","type":"t","data":1,"schema_version":4294967296})", "4294967295"},
    {R"({"stream":"s","type":"t","data":{"a":1,"a":2}})", "a"},
    {R"({"stream":"s","type":"t","data":1e400})", ""},
    {R"({"stream":"first","type":"t","data":1,"expected_version":7})", "7"},
    {R"({"stream":"first","type":"t","data":1,"expected_version":"no_stream"})", "first"},
    {R"({"stream":")" + std::string(256, 's') + R"(","type":"t","data":1})", "256"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(append_command)

BOOST_AUTO_TEST_CASE(a_line_becomes_an_event_with_all_its_members) {
    scratch_folder const scratch;
    std::string const input =
        R"({"stream":"task-1","type":"noted","data": {"a": 1.0},"metadata":{"m":true},)"
        R"("tags":["agent:w","task:1"],"correlation_id":"c1","causation_id":"c0",)"
        R"("occurred_at":"2026-08-06T06:12:45.5+02:00","schema_version":3,)"
        R"("id":"0198f3a0-0000-7000-8000-000000000001"})";
    cli_result const ran = run_cli(scratch, {"append", database_in(scratch)}, input);
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(ran.out.empty());
    event_log const log = open_sqlite(database_in(scratch)).value();
    event const stored = log.read().first().value().value();
    BOOST_TEST(stored.stream == "task-1");
    BOOST_TEST(stored.version.value == 1U);
    BOOST_TEST(stored.type == "noted");
    BOOST_TEST(stored.data == R"({"a": 1.0})");
    BOOST_TEST(stored.metadata == R"({"m":true})");
    BOOST_TEST(stored.tags.size() == 2U);
    BOOST_TEST(stored.tags.contains("agent:w"));
    BOOST_TEST(stored.correlation_id == "c1");
    BOOST_TEST(stored.causation_id == "c0");
    BOOST_TEST(to_string(*stored.occurred_at) == "2026-08-06T04:12:45.500000000Z");
    BOOST_TEST(stored.schema_version == 3U);
    BOOST_TEST(to_string(stored.id) == "0198f3a0-0000-7000-8000-000000000001");
}

BOOST_DATA_TEST_CASE(a_bad_line_is_reported_with_its_number_and_the_rest_goes_in,
                     boost::unit_test::data::make(bad_lines), bad) {
    scratch_folder const scratch;
    cli_result const ran =
        run_cli(scratch, {"append", database_in(scratch)},
                line("first", R"(,"expected_version":0)") + "\n" + bad.text + "\n" + line("last"));
    BOOST_TEST(ran.code == 1);
    BOOST_TEST(ran.err.find("line 3: rejected: ") != std::string::npos, ran.err);
    BOOST_TEST(ran.err.find(bad.reason) != std::string::npos, ran.err);
    BOOST_TEST(ran.err.find("2 appended, 1 rejected") != std::string::npos, ran.err);
    event_log const log = open_sqlite(database_in(scratch)).value();
    BOOST_TEST(log.head().value == 2U);
    BOOST_TEST(log.version_of("last").value().value == 1U);
}

BOOST_AUTO_TEST_CASE(strict_stops_at_the_first_bad_line) {
    scratch_folder const scratch;
    cli_result const ran = run_cli(
        scratch, {"append", "--strict", database_in(scratch)},
        line("a") + line("a", R"(,"expected_version":9)") + line("b") + "oops\n" + line("c"));
    BOOST_TEST(ran.code == 1);
    BOOST_TEST(ran.err.find("line 2: rejected") != std::string::npos, ran.err);
    BOOST_TEST(ran.err.find("1 appended, 1 rejected") != std::string::npos, ran.err);
    event_log const log = open_sqlite(database_in(scratch)).value();
    BOOST_TEST(log.head().value == 1U);
}

BOOST_AUTO_TEST_CASE(receipts_say_position_version_and_durability) {
    scratch_folder const scratch;
    cli_result const ran = run_cli(scratch, {"append", "--receipts", database_in(scratch)},
                                   line("a") + line("b") + "oops\n" + line("a"));
    std::vector<std::string> const receipts = lines_of(ran.out);
    BOOST_REQUIRE(receipts.size() == 3U);
    BOOST_TEST(receipts[0].starts_with(R"({"line":1,"position":1,"stream":"a","version":1,)"));
    BOOST_TEST(receipts[1].starts_with(R"({"line":2,"position":2,"stream":"b","version":1,)"));
    BOOST_TEST(receipts[2].starts_with(R"({"line":4,"position":3,"stream":"a","version":2,)"));
    BOOST_TEST(receipts[2].ends_with(R"("durability":"durable","repeated":false})"), receipts[2]);
}

BOOST_AUTO_TEST_CASE(a_repeated_idempotency_key_appends_once) {
    scratch_folder const scratch;
    std::string const keyed = line("a", R"(,"idempotency_key":"k")");
    std::string const other =
        R"({"stream":"a","type":"noted","data":{"n":2},"idempotency_key":"k"})"
        "\n";
    cli_result const ran =
        run_cli(scratch, {"append", "--receipts", database_in(scratch)}, keyed + keyed + other);
    BOOST_TEST(ran.code == 1);
    std::vector<std::string> const receipts = lines_of(ran.out);
    BOOST_REQUIRE(receipts.size() == 2U);
    BOOST_TEST(receipts[0].find(R"("position":1,)") != std::string::npos);
    BOOST_TEST(receipts[0].find(R"("repeated":false)") != std::string::npos);
    BOOST_TEST(receipts[1].find(R"("position":1,)") != std::string::npos);
    BOOST_TEST(receipts[1].find(R"("repeated":true)") != std::string::npos);
    BOOST_TEST(ran.err.find("line 3: rejected") != std::string::npos, ran.err);
}

BOOST_AUTO_TEST_CASE(a_receipt_comes_while_the_input_stays_open) {
    scratch_folder const scratch;
    running_cli running(scratch, {"append", "--receipts", database_in(scratch)});
    for (std::uint64_t position = 1; position <= 3; ++position) {
        running.write(line("a"));
        auto const receipt = running.read_line();
        BOOST_REQUIRE(receipt.has_value());
        BOOST_TEST(receipt->find("\"position\":" + std::to_string(position)) != std::string::npos);
    }
    BOOST_TEST(running.wait().code == 0);
}

BOOST_AUTO_TEST_CASE(ten_thousand_lines_keep_their_order) {
    scratch_folder const scratch;
    std::string input;
    for (int at = 1; at <= 10'000; ++at) {
        input += R"({"stream":"s)" + std::to_string(at % 7) + R"(","type":"t","data":)" +
                 std::to_string(at) + "}\n";
    }
    BOOST_TEST(run_cli(scratch, {"append", database_in(scratch)}, input).code == 0);
    event_log const log = open_sqlite(database_in(scratch)).value();
    std::uint64_t at = 0;
    for (event_view const& each : log.read()) {
        BOOST_TEST_REQUIRE(each.data == std::to_string(++at));
        BOOST_TEST_REQUIRE(each.position.value == at);
    }
    BOOST_TEST(at == 10'000U);
}

BOOST_AUTO_TEST_CASE(a_second_writer_is_told_that_the_log_is_open) {
    scratch_folder const scratch;
    event_log const log = open_sqlite(database_in(scratch)).value();
    cli_result const ran = run_cli(scratch, {"append", database_in(scratch)}, line("a"));
    BOOST_TEST(ran.code == 3);
    BOOST_TEST(ran.err.find("cannot open") != std::string::npos, ran.err);
    BOOST_TEST(log.head().value == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
