#include "history/history_source.hpp"
#include "history/recorded_set.hpp"
#include "history/scratch_folder.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>

using namespace swarmlog;

namespace {

std::string needle(std::string const& bead, std::string const& worker = "\"w\"") {
    return R"({"bead":)" + bead +
           R"(,"event":"claim","ts":"2026-08-06T04:12:45.184938521+00:00",)" + R"("worker":)" +
           worker + "}";
}

struct bad_line {
    std::string text;
    std::string reason;
    friend std::ostream& operator<<(std::ostream& to, bad_line const& line) {
        return to << line.text.substr(0, 80);
    }
};

std::string const long_name(300, 'n');

bad_line const bad_lines[]{
    {"not json", "not JSON at byte"},
    {R"({"bead":"b","event":"claim")", "not JSON at byte"},
    {"{\"bead\":\"\xff\",\"event\":\"claim\"}", "not JSON at byte"},
    {"[1]", "not a JSON object"},
    {"{}", R"(there is no "bead")"},
    {R"({"bead":"b","ts":"2026-08-06T04:12:45Z","worker":"w"})", R"(there is no "event")"},
    {R"({"bead":"b","event":"claim","worker":"w"})", R"(there is no "ts")"},
    {R"({"bead":7,"event":"claim","ts":"2026-08-06T04:12:45Z"})", R"("bead" is not a string)"},
    {R"({"bead":"b","event":"claim","ts":"yesterday"})", "A text of 9 bytes is not"},
    {R"({"bead":"b","event":"claim","ts":"2026-13-06T04:12:45Z"})", "A text of 20 bytes is not"},
    {R"({"bead":"","event":"claim","ts":"2026-08-06T04:12:45Z"})", "the task is empty"},
    {needle("\"" + long_name + "\""), "the task has 300 bytes, more than the 250 that fit"},
    {needle("\"b\"", "\"" + long_name + "\""), "the agent has 300 bytes, more than the 249"},
    {needle("\"b\"", "[]"), R"("worker" is not a string)"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(malformed_histories)

BOOST_DATA_TEST_CASE(a_malformed_line_is_reported_and_the_rest_goes_in,
                     boost::unit_test::data::make(bad_lines), bad) {
    scratch_folder const scratch;
    auto const file = scratch.write(
        "events.jsonl", needle("\"first\"") + "\n\n" + bad.text + "\n" + needle("\"last\"") + "\n");
    reports said;
    auto source = open_history(file, said.observer()).value();
    std::vector<history_event> const events = read_all(*source);
    BOOST_REQUIRE(events.size() == 2U);
    BOOST_TEST(events[0].stream == "task-first");
    BOOST_TEST(events[0].place.line == 1U);
    BOOST_TEST(events[1].stream == "task-last");
    BOOST_TEST(events[1].place.line == 4U);
    BOOST_TEST(source->rejected() == 1U);
    BOOST_REQUIRE(said.rejected.size() == 1U);
    BOOST_TEST(said.rejected[0].starts_with("events.jsonl:3: "), said.rejected[0]);
    BOOST_TEST(said.rejected[0].find(bad.reason) != std::string::npos, said.rejected[0]);
}

BOOST_AUTO_TEST_CASE(a_missing_null_or_empty_agent_only_lacks_its_tag) {
    scratch_folder const scratch;
    auto const file = scratch.write(
        "events.jsonl", needle("\"b\"", "null") + "\n" + needle("\"b\"", "\"\"") + "\n" +
                            R"({"bead":"b","event":"claim","ts":"2026-08-06T04:12:45Z"})" + "\n");
    auto source = open_history(file).value();
    for (history_event const& event : read_all(*source)) {
        BOOST_REQUIRE(event.tags.size() == 1U);
        BOOST_TEST(event.tags[0] == "task:b");
    }
    BOOST_TEST(source->done() == source->total());
    BOOST_TEST(source->rejected() == 0U);
}

BOOST_AUTO_TEST_CASE(bytes_and_digits_are_kept_as_they_are) {
    scratch_folder const scratch;
    std::string const odd =
        R"( { "event" : "claim", "bead":"b\u00e9", "n": 1.0e2,"ts":"2026-08-06T06:12:45.1+02:00"} )";
    auto source = open_history(scratch.write("events.jsonl", odd + "\r\n")).value();
    std::vector<history_event> const events = read_all(*source);
    BOOST_REQUIRE(events.size() == 1U);
    BOOST_TEST(events[0].data == odd);
    BOOST_TEST(events[0].stream == "task-b\u00e9");
    BOOST_TEST(to_string(*events[0].occurred_at) == "2026-08-06T04:12:45.100000000Z");
}

BOOST_AUTO_TEST_CASE(a_last_line_without_an_end_is_read) {
    scratch_folder const scratch;
    auto source = open_history(scratch.write("events.jsonl", needle("\"b\""))).value();
    BOOST_TEST(read_all(*source).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
