#include "history/temporal_document.hpp"

#include "history/history_source.hpp"
#include "history/recorded_set.hpp"
#include "history/scratch_folder.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>

using namespace swarmlog;

namespace {

struct time_case {
    std::string members;
    std::string expected;
    friend std::ostream& operator<<(std::ostream& to, time_case const& each) {
        return to << each.members;
    }
};

time_case const times[]{
    {R"("eventTime":"2020-07-30T00:30:02Z")", "2020-07-30T00:30:02.000000000Z"},
    {R"("eventTime":"2020-07-30T00:30:02.971655189Z")", "2020-07-30T00:30:02.971655189Z"},
    {R"("eventTime":"2020-07-30T00:30:02.5Z")", "2020-07-30T00:30:02.500000000Z"},
    {R"("timestamp":1596069002971655189)", "2020-07-30T00:30:02.971655189Z"},
    {R"("timestamp":"1596069002971655189")", "2020-07-30T00:30:02.971655189Z"},
    {R"("timestamp":1596069002971655)", "2020-07-30T00:30:02.971655000Z"},
    {R"("timestamp":1596069002971)", "2020-07-30T00:30:02.971000000Z"},
    {R"("timestamp":1596069002)", "2020-07-30T00:30:02.000000000Z"},
};

std::vector<history_event> read_text(std::string_view text, reports& said) {
    scratch_folder const scratch;
    auto source = open_history(scratch.write("my-flow.v1.json", text), said.observer()).value();
    return read_all(*source);
}

} // namespace

BOOST_AUTO_TEST_SUITE(temporal_documents)

BOOST_DATA_TEST_CASE(every_digit_of_a_time_is_kept, boost::unit_test::data::make(times), time) {
    reports said;
    auto const events =
        read_text(R"({"events":[{"eventId":1,"eventType":"A",)" + time.members + "}]}", said);
    BOOST_REQUIRE(events.size() == 1U);
    BOOST_REQUIRE(events[0].occurred_at.has_value());
    BOOST_TEST(to_string(*events[0].occurred_at) == time.expected);
}

BOOST_AUTO_TEST_CASE(an_element_keeps_its_bytes_also_over_several_lines) {
    reports said;
    std::string const element =
        "{ \"eventId\":\"5\",\n  \"eventType\" : \"EVENT_TYPE_TIMER_FIRED\","
        "\n \"x\": [1, 2.0] }";
    auto const events = read_text(
        "{\"events\": [\n{\"eventId\":4,\"eventType\":\"A\"},\n " + element + "\n]}\n", said);
    BOOST_REQUIRE(events.size() == 2U);
    BOOST_TEST(events[1].data == element);
    BOOST_TEST(events[1].type == "EVENT_TYPE_TIMER_FIRED");
    BOOST_TEST(events[1].stream == "workflow-my-flow.v1");
    BOOST_TEST(events[1].place.line == 3U);
    BOOST_TEST(!events[1].occurred_at.has_value());
}

BOOST_AUTO_TEST_CASE(the_agent_is_the_identity_in_the_attributes) {
    reports said;
    auto const events = read_text(
        R"([{"eventId":1,"eventType":"A","identity":"no",
             "workflowTaskStartedEventAttributes":{"identity":"17@host"}},
            {"eventId":2,"eventType":"B","activityTaskStartedEventAttributes":{"identity":""}}])",
        said);
    BOOST_REQUIRE(events.size() == 2U);
    std::vector<std::string> const both{"agent:17@host", "task:my-flow.v1"};
    BOOST_TEST(events[0].tags == both, boost::test_tools::per_element());
    BOOST_TEST(events[1].tags.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_malformed_element_is_rejected_alone) {
    reports said;
    auto const events = read_text(
        "{\"events\":[\n{\"eventId\":1,\"eventType\":\"A\"},\n{\"eventId\":2},\n"
        "{\"eventId\":3,\"eventType\":\"B\",\"eventTime\":\"soon\"},\n7,\n"
        "{\"eventId\":4,\"eventType\":\"C\"}]}",
        said);
    BOOST_TEST(events.size() == 2U);
    BOOST_REQUIRE(said.rejected.size() == 3U);
    BOOST_TEST(said.rejected[0] == "my-flow.v1.json:3: there is no \"eventType\"");
    BOOST_TEST(said.rejected[1].starts_with("my-flow.v1.json:4: "));
    BOOST_TEST(said.rejected[2] == "my-flow.v1.json:5: the event is not an object");
}

BOOST_AUTO_TEST_CASE(a_document_that_is_not_json_is_rejected_with_the_line) {
    reports said;
    auto const events = read_text(
        "{\"events\":[\n{\"eventId\":1,\"eventType\":\"A\"},\n{\"eventId\":2 oops}\n]}", said);
    BOOST_TEST(events.empty());
    BOOST_REQUIRE(said.rejected.size() == 1U);
    BOOST_TEST(said.rejected[0].starts_with("my-flow.v1.json:3: the document is not JSON"),
               said.rejected[0]);
}

BOOST_AUTO_TEST_CASE(every_recorded_workflow_is_read,
                     *boost::unit_test::precondition(recorded_set::is_there)) {
    reports said;
    auto source =
        open_history(recorded_set::folder() / "temporal-histories", said.observer()).value();
    std::vector<history_event> const events = read_all(*source);
    // Counted by another parser: `jq '(.events // .history.events // .) | length'`.
    BOOST_TEST(events.size() == 2'479U);
    BOOST_TEST(said.rejected.empty());
    BOOST_TEST(said.skipped.empty());
    for (history_event const& event : events) {
        BOOST_TEST_REQUIRE(event.occurred_at.has_value());
        BOOST_TEST_REQUIRE(event.stream.starts_with("workflow-"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
