#include "history/history_layout.hpp"

#include "history/history_source.hpp"
#include "history/recorded_set.hpp"
#include "history/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace swarmlog;

namespace {

history_layout layout_of(std::string_view text) { return recognise_history(text, true).layout; }

constexpr char const* needle_line =
    R"({"bead":"b","event":"claim","ts":"2026-08-06T04:12:45.18+00:00","worker":"w"})";
constexpr char const* gastown_line =
    R"({"actor":"a","created_at":"2026-02-16T05:27:15Z","event_type":"created","issue_id":"i"})";
constexpr char const* temporal_event =
    R"({"eventId":"1","eventTime":"2020-07-30T00:30:02Z","eventType":"WorkflowExecutionStarted"})";

std::ostream& print(std::ostream& to, history_layout layout) { return to << to_string(layout); }

} // namespace

namespace swarmlog {
std::ostream& boost_test_print_type(std::ostream& to, history_layout layout) {
    return print(to, layout);
}
} // namespace swarmlog

BOOST_AUTO_TEST_SUITE(recognising_a_history)

BOOST_AUTO_TEST_CASE(lines_are_told_by_their_members) {
    BOOST_TEST(layout_of(needle_line) == history_layout::needle);
    BOOST_TEST(layout_of(gastown_line) == history_layout::gastown);
}

BOOST_AUTO_TEST_CASE(a_workflow_is_told_on_one_line_and_on_many) {
    std::string const event = temporal_event;
    BOOST_TEST(layout_of("{\"events\":[" + event + "]}") == history_layout::temporal);
    BOOST_TEST(layout_of("{\"history\":{\"events\":[" + event + "]}}") == history_layout::temporal);
    BOOST_TEST(layout_of("[" + event + "]") == history_layout::temporal);
    BOOST_TEST(layout_of("{\n \"events\": [\n" + event + "\n]\n}\n") == history_layout::temporal);
    BOOST_TEST(layout_of("[\n{\n\"eventId\": 1,\n\"eventType\": \"A\"\n}\n]") ==
               history_layout::temporal);
}

BOOST_AUTO_TEST_CASE(a_damaged_workflow_is_still_one) {
    BOOST_TEST(layout_of("{\n\"events\": [\n{\"eventId\": 1,\n") == history_layout::temporal);
}

BOOST_AUTO_TEST_CASE(malformed_lines_at_the_top_do_not_hide_a_log) {
    std::string const text = std::string("{\"bead\":\nnot json\n{}\n") + needle_line + "\n";
    BOOST_TEST(layout_of(text) == history_layout::needle);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_cut_off_does_not_count_yet) {
    std::string const text = std::string(needle_line).substr(0, 40);
    BOOST_TEST(recognise_history(text, false).layout == history_layout::unknown);
}

BOOST_AUTO_TEST_CASE(other_records_are_not_event_logs) {
    BOOST_TEST(layout_of("") == history_layout::unknown);
    BOOST_TEST(layout_of("hello\n") == history_layout::unknown);
    BOOST_TEST(layout_of(R"({"id":"b","title":"the \"eventType\" of it","status":"open"})") ==
               history_layout::unknown);
    BOOST_TEST(layout_of(R"({"record_type":"event","event":{"issue_id":"i","kind":"closed"}})") ==
               history_layout::unknown);
    BOOST_TEST(layout_of(R"({"issue_id":"a","depends_on_id":"b","type":"blocks"})") ==
               history_layout::unknown);
    BOOST_TEST(layout_of(R"({"eventType":"x"})") == history_layout::unknown);
    BOOST_TEST(layout_of("[1,2,3]") == history_layout::unknown);
}

BOOST_AUTO_TEST_CASE(a_text_that_quotes_an_event_is_not_sure_to_be_a_log) {
    std::string const text =
        std::string("# About\n\nEvents look so:\n\n") + needle_line + "\nEnd.\n";
    BOOST_TEST(recognise_history(text, true).layout == history_layout::needle);
    BOOST_TEST(!recognise_history(text, true).sure);
    BOOST_TEST(recognise_history(needle_line, true).sure);
}

BOOST_AUTO_TEST_CASE(in_a_folder_other_files_are_skipped_and_said) {
    scratch_folder const scratch;
    scratch.write("b/events.jsonl", std::string(needle_line) + "\n");
    scratch.write("a/renamed.txt", std::string(gastown_line) + "\n");
    scratch.write("c/flow.json", "{\"events\":[" + std::string(temporal_event) + "]}");
    scratch.write("issues.jsonl", R"({"id":"b","title":"t","status":"open"})"
                                  "\n");
    scratch.write("README.md", std::string("About\n\n\n") + "Lines:\n" + needle_line + "\nEnd.\n");
    scratch.write("empty", "");
    reports said;
    auto source = open_history(scratch.path(), said.observer()).value();
    std::vector<history_event> const events = read_all(*source);
    BOOST_REQUIRE(events.size() == 3U);
    BOOST_TEST(events[0].stream == "task-i");
    BOOST_TEST(events[1].stream == "task-b");
    BOOST_TEST(events[2].stream == "workflow-flow");
    BOOST_TEST(source->skipped_files() == 3U);
    std::vector<std::string> const expected{"README.md", "empty", "issues.jsonl"};
    BOOST_TEST(said.skipped == expected, boost::test_tools::per_element());
    BOOST_TEST(source->done() == source->total());
}

BOOST_AUTO_TEST_CASE(a_path_without_an_event_log_is_refused) {
    scratch_folder const scratch;
    scratch.write("notes/notes.txt", "hello\n");
    BOOST_TEST((open_history(scratch / "missing").error() == errc::not_found));
    BOOST_TEST((open_history(scratch / "notes").error() == errc::invalid_argument));
    BOOST_TEST((open_history(scratch / "notes/notes.txt").error() == errc::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()
