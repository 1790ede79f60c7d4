#include "cli/sample_log.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <string>
#include <vector>

using namespace swarmlog;

namespace {

constexpr int ending_signals[]{SIGINT, SIGTERM};

std::uint64_t next_position(running_cli& running) {
    std::optional<std::string> const line = running.read_line();
    BOOST_REQUIRE(line.has_value());
    return positions_of(*line).at(0);
}

void append_one(producer& into, std::string const& stream) {
    (void)into.append(stream, expected::any{}, raw_event{"t", "{}"}).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(tail_command)

BOOST_AUTO_TEST_CASE(the_newest_events_come_oldest_first) {
    sample_log const log(25);
    auto const tail = [&](std::vector<std::string> const& options) {
        cli_result const ran = log.run("tail", options);
        BOOST_TEST(ran.code == 0, ran.err);
        return positions_of(ran.out);
    };
    std::vector<std::uint64_t> const ten{16, 17, 18, 19, 20, 21, 22, 23, 24, 25};
    std::vector<std::uint64_t> const two{24, 25};
    std::vector<std::uint64_t> const of_stream{22, 25};
    BOOST_TEST(tail({"-o", "json"}) == ten, boost::test_tools::per_element());
    BOOST_TEST(tail({"-o", "json", "-n", "2"}) == two, boost::test_tools::per_element());
    BOOST_TEST(tail({"-o", "json", "-n", "2", "--stream", "task-1"}) == of_stream,
               boost::test_tools::per_element());
    BOOST_TEST(tail({"-o", "json", "-n", "0"}).empty());
}

BOOST_DATA_TEST_CASE(following_prints_what_is_appended_and_ends_on_a_signal,
                     boost::unit_test::data::make(ending_signals), signal) {
    sample_log const sample(5);
    event_log log = open_sqlite(sample.path()).value();
    producer into = log.make_producer();
    running_cli running(sample.scratch(), {"tail", "-f", "-n", "2", "-o", "json", sample.path()});
    BOOST_TEST(next_position(running) == 4U);
    BOOST_TEST(next_position(running) == 5U);
    for (std::uint64_t position = 6; position <= 10; ++position) {
        append_one(into, "s");
        BOOST_TEST(next_position(running) == position);
    }
    running.signal(signal);
    cli_result const ended = running.wait();
    BOOST_TEST(ended.code == 0, ended.err);
    BOOST_TEST(ended.out.empty());
    BOOST_TEST(ended.err.empty(), ended.err);
}

BOOST_AUTO_TEST_CASE(following_keeps_to_its_filters) {
    sample_log const sample(5);
    event_log log = open_sqlite(sample.path()).value();
    producer into = log.make_producer();
    running_cli running(sample.scratch(), {"tail", "-f", "-n", "1", "-o", "json", "--stream",
                                           "task-1", sample.path()});
    BOOST_TEST(next_position(running) == 4U);
    append_one(into, "other");
    append_one(into, "task-1");
    append_one(into, "other");
    append_one(into, "task-1");
    BOOST_TEST(next_position(running) == 7U);
    BOOST_TEST(next_position(running) == 9U);
    running.signal(SIGTERM);
    BOOST_TEST(running.wait().code == 0);
}

BOOST_AUTO_TEST_CASE(following_a_short_log_prints_all_of_it) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    event_log log = open_sqlite(database).value();
    producer into = log.make_producer();
    append_one(into, "first");
    running_cli running(scratch, {"tail", "-f", "-o", "json", database});
    BOOST_TEST(next_position(running) == 1U);
    append_one(into, "second");
    BOOST_TEST(next_position(running) == 2U);
    running.signal(SIGINT);
    BOOST_TEST(running.wait().code == 0);
}

BOOST_AUTO_TEST_SUITE_END()
