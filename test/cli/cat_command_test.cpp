#include "cli/sample_log.hpp"
#include "history/json_slice.hpp"
#include "terminal/text_table.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

using namespace swarmlog;

namespace {

void check_positions(sample_log const& log, std::vector<std::string> options,
                     std::vector<std::uint64_t> const& expected) {
    options.insert(options.end(), {"-o", "json"});
    cli_result const ran = log.run("cat", options);
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(positions_of(ran.out) == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(cat_command)

BOOST_AUTO_TEST_CASE(filters_narrow_what_is_printed) {
    sample_log const log(12);
    check_positions(log, {}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    check_positions(log, {"--stream", "task-1"}, {1, 4, 7, 10});
    check_positions(log, {"--stream", "task-1", "--stream", "task-2"}, {1, 2, 4, 5, 7, 8, 10, 11});
    check_positions(log, {"--type", "even"}, {2, 4, 6, 8, 10, 12});
    check_positions(log, {"--stream", "task-1", "--type", "even"}, {4, 10});
    check_positions(log, {"--tag", "agent:w2"}, {2, 7, 12});
    check_positions(log, {"--tag", "agent:w2", "--tag", "all"}, {2, 7, 12});
    check_positions(log, {"--tag", "agent:w2", "--tag", "agent:w3"}, {});
    check_positions(log, {"--stream", "nothing"}, {});
}

BOOST_AUTO_TEST_CASE(bounds_limit_and_direction_are_kept) {
    sample_log const log(12);
    check_positions(log, {"--after", "9"}, {10, 11, 12});
    check_positions(log, {"--before", "3"}, {1, 2});
    check_positions(log, {"--after", "3", "--before", "6"}, {4, 5});
    check_positions(log, {"--limit", "2"}, {1, 2});
    check_positions(log, {"--limit", "0"}, {});
    check_positions(log, {"--backwards", "--limit", "3"}, {12, 11, 10});
    check_positions(log, {"--after", "2026-01-01T00:00:00Z", "--limit", "1"}, {1});
    check_positions(log, {"--before", "2026-01-01T00:00:00Z"}, {});
}

BOOST_AUTO_TEST_CASE(a_time_bound_is_exclusive) {
    sample_log const log(6);
    event_log const opened = open_sqlite_read_only(log.path()).value();
    std::vector<event> const events = opened.read().collect().value();
    std::string const third = to_string(events[2].recorded_at);
    check_positions(log, {"--after", third}, {4, 5, 6});
    check_positions(log, {"--before", third}, {1, 2});
}

BOOST_AUTO_TEST_CASE(a_table_has_aligned_columns_within_a_hundred) {
    sample_log const log(12);
    cli_result const ran = log.run("cat", {"-o", "table"});
    BOOST_TEST(ran.code == 0);
    std::vector<std::string> const lines = lines_of(ran.out);
    BOOST_REQUIRE(lines.size() == 13U);
    std::size_t const stream_at = lines[0].find("STREAM");
    std::size_t const type_at = lines[0].find("TYPE");
    for (std::size_t at = 1; at < lines.size(); ++at) {
        BOOST_TEST(lines[at].compare(stream_at, 5, "task-") == 0, lines[at]);
        BOOST_TEST(lines[at].compare(type_at, 3, sample_log::type_of(at).substr(0, 3)) == 0,
                   lines[at]);
        BOOST_TEST(lines[at].find_first_of("\r\t\x1b") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_table_cuts_long_text_between_characters) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    std::string accents;
    for (int at = 0; at < 100; ++at) accents += "\u00e9";
    std::string const input =
        R"({"stream":")" + accents + R"(","type":"t","data":")" + accents + R"("})" + "\n";
    BOOST_TEST(run_cli(scratch, {"append", database}, input).code == 0);
    cli_result const ran = run_cli(scratch, {"cat", database, "-o", "table"});
    std::string row = lines_of(ran.out).at(1);
    BOOST_TEST(row.find("\u2026") != std::string::npos, row);
    std::erase(row, '"');
    BOOST_TEST(!check_json("\"" + row + "\"").has_value(), "not UTF-8: " << row);
    BOOST_TEST(text_columns(row) <= 100U);
}

BOOST_AUTO_TEST_CASE(a_table_shows_no_control_characters) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    std::string const input = R"({"stream":"s\u001b[31m","type":"t\u0007","data":"\u001b"})"
                              "\n";
    BOOST_TEST(run_cli(scratch, {"append", database}, input).code == 0);
    cli_result const ran = run_cli(scratch, {"cat", database, "-o", "table"});
    BOOST_TEST(ran.out.find_first_of("\x1b\a") == std::string::npos, ran.out);
}

BOOST_AUTO_TEST_CASE(cat_reads_while_another_process_appends) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    running_cli writer(scratch, {"append", "--receipts", database});
    std::uint64_t appended = 0;
    for (int round = 0; round < 10; ++round) {
        for (int at = 0; at < 50; ++at) {
            writer.write(R"({"stream":"s","type":"t","data":1})"
                         "\n");
            ++appended;
        }
        for (int at = 0; at < 50; ++at) BOOST_REQUIRE(writer.read_line().has_value());
        cli_result const ran = run_cli(scratch, {"cat", database, "-o", "json"});
        BOOST_TEST(ran.code == 0, ran.err);
        std::vector<std::uint64_t> const positions = positions_of(ran.out);
        BOOST_TEST(positions.size() == appended);
        BOOST_TEST(positions.back() == appended);
    }
    BOOST_TEST(writer.wait().code == 0);
}

BOOST_AUTO_TEST_CASE(cat_never_sees_a_gap_while_appends_are_under_way) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    event_log log = open_sqlite(database).value();
    std::atomic<bool> stop{false};
    std::thread feeder([&] {
        producer into = log.make_producer();
        while (!stop) { (void)into.append("s", expected::any{}, raw_event{"t", "1"}); }
    });
    std::vector<cli_result> runs;
    for (int round = 0; round < 5; ++round) {
        runs.push_back(run_cli(scratch, {"cat", database, "-o", "json"}));
    }
    stop = true;
    feeder.join();
    for (cli_result const& ran : runs) {
        BOOST_TEST(ran.code == 0, ran.err);
        std::uint64_t expected = 0;
        for (std::uint64_t const position : positions_of(ran.out)) {
            BOOST_TEST_REQUIRE(position == ++expected);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
