#include "history/recorded_history.hpp"

#include "history/recorded_set.hpp"

#include <boost/json/value.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>

using namespace swarmlog;

namespace {

struct tally {
    std::map<std::string, std::uint64_t> by_type;
    std::map<std::string, std::uint64_t> by_stream;
    std::map<std::string, std::string> last_type_of;
    std::set<std::string> agents;
    std::set<std::string> tasks;
};

tally count(std::vector<history_event> const& events) {
    tally counts;
    for (history_event const& event : events) {
        ++counts.by_type[event.type];
        ++counts.by_stream[event.stream];
        counts.last_type_of[event.stream] = event.type;
        for (std::string const& tag : event.tags) {
            (tag.starts_with("agent:") ? counts.agents : counts.tasks).insert(tag);
        }
    }
    return counts;
}

void check_counts(boost::json::object const& expected, char const* name,
                  std::map<std::string, std::uint64_t> const& found) {
    boost::json::object const& counts = expected.at(name).as_object();
    BOOST_TEST(counts.size() == found.size(), name);
    for (auto const& [key, value] : counts) {
        auto const entry = found.find(std::string(key));
        BOOST_REQUIRE_MESSAGE(entry != found.end(), name << " has no " << key);
        BOOST_TEST(entry->second == value.to_number<std::uint64_t>(), name << ": " << key);
    }
}

std::uint64_t number(boost::json::object const& expected, char const* name) {
    return expected.at(name).to_number<std::uint64_t>();
}

} // namespace

BOOST_AUTO_TEST_SUITE(recorded_histories, *boost::unit_test::precondition(recorded_set::is_there))

BOOST_DATA_TEST_CASE(a_log_has_the_counts_that_others_found,
                     boost::unit_test::data::make(recorded_set::event_logs()), name) {
    reports said;
    auto source = open_history(recorded_set::file_of(name), said.observer()).value();
    std::vector<history_event> const events = read_all(*source);
    tally const found = count(events);
    boost::json::value const all = recorded_set::expected_counts();
    boost::json::object const& expected = all.at(name).as_object();
    bool const is_gastown = name.starts_with("gastown");

    BOOST_TEST(said.rejected.empty());
    BOOST_TEST(events.size() == number(expected, "events"));
    check_counts(expected, "by_type", found.by_type);
    std::uint64_t const streams = number(expected, is_gastown ? "streams" : "streams(beads)");
    BOOST_TEST(found.by_stream.size() == streams);
    BOOST_TEST(found.tasks.size() == streams);
    BOOST_TEST(found.agents.size() == number(expected, is_gastown ? "actors" : "workers"));

    auto const& longest = expected.at(is_gastown ? "longest" : "longest_stream").as_array();
    std::string const stream = "task-" + std::string(longest.at(0).as_string());
    BOOST_TEST(found.by_stream.at(stream) == longest.at(1).to_number<std::uint64_t>());
    if (!is_gastown) {
        std::map<std::string, std::uint64_t> last;
        for (auto const& [task, type] : found.last_type_of) ++last[type];
        check_counts(expected, "last_event_per_bead", last);
    }
}

BOOST_DATA_TEST_CASE(data_is_the_line_byte_for_byte,
                     boost::unit_test::data::make(recorded_set::event_logs()), name) {
    auto source = open_history(recorded_set::file_of(name)).value();
    std::ifstream file(recorded_set::file_of(name), std::ios::binary);
    std::string line;
    std::uint64_t lines = 0;
    for (history_event const& event : read_all(*source)) {
        BOOST_REQUIRE(std::getline(file, line));
        BOOST_TEST_REQUIRE(event.data == line);
        BOOST_TEST_REQUIRE(event.place.line == ++lines);
    }
    BOOST_TEST(!std::getline(file, line));
}

BOOST_DATA_TEST_CASE(times_have_every_digit_of_the_source,
                     boost::unit_test::data::make(recorded_set::event_logs()), name) {
    auto source = open_history(recorded_set::file_of(name)).value();
    std::string const member = name.starts_with("gastown") ? "\"created_at\":\"" : "\"ts\":\"";
    for (history_event const& event : read_all(*source)) {
        std::size_t const begin = event.data.find(member) + member.size();
        std::string const written = event.data.substr(begin, event.data.find('"', begin) - begin);
        std::string const digits = written.substr(0, written.find_first_of("+Z"));
        BOOST_TEST_REQUIRE(to_string(*event.occurred_at).starts_with(digits));
    }
}

BOOST_AUTO_TEST_CASE(the_whole_set_is_read_and_the_rest_of_it_skipped) {
    reports said;
    auto source = open_history(recorded_set::folder(), said.observer()).value();
    std::vector<history_event> const events = read_all(*source);
    BOOST_TEST(events.size() == 65'496U + 28'742U + 2'479U);
    BOOST_TEST(said.rejected.empty());
    BOOST_TEST(source->skipped_files() == said.skipped.size());
    for (char const* const name :
         {"README.md", "expected_counts.json", "issues.jsonl", "checkpoint_forensic.jsonl",
          "backup_issues.jsonl", "backup_dependencies.jsonl"}) {
        BOOST_TEST(std::count(said.skipped.begin(), said.skipped.end(), name) > 0, name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
