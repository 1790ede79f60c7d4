#include "history/generated_history.hpp"

#include "history/json_slice.hpp"
#include "history/recorded_set.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <map>
#include <string>

using namespace swarmlog;

namespace {

/// FNV-1a over all that an event is.
std::uint64_t fingerprint(std::vector<history_event> const& events) {
    std::uint64_t hash = 14'695'981'039'346'656'037U;
    auto const take = [&](std::string_view text) {
        for (char const byte : text)
            hash = (hash ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211U;
    };
    for (history_event const& event : events) {
        take(event.stream);
        take(event.type);
        take(event.data);
        for (std::string const& tag : event.tags) take(tag);
        take(to_string(*event.occurred_at));
    }
    return hash;
}

std::vector<history_event> generate(generated_history_options const& options) {
    return read_all(*generate_history(options));
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_generated_history)

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_bytes_everywhere) {
    std::vector<history_event> const events = generate({});
    BOOST_TEST(events.size() == 30'000U);
    BOOST_TEST(fingerprint(events) == fingerprint(generate({})));
    BOOST_TEST(fingerprint(events) != fingerprint(generate({.seed = 2})));
    BOOST_TEST(fingerprint(events) == 9937886693740981804U);
}

BOOST_AUTO_TEST_CASE(life_cycles_keep_their_order) {
    std::map<std::string, std::string> last;
    for (history_event const& event : generate({})) {
        std::string& before = last[event.stream];
        if (event.type == "task.created") BOOST_TEST_REQUIRE(before.empty());
        if (event.type == "task.started") BOOST_TEST_REQUIRE(before == "task.assigned");
        if (event.type == "task.completed") BOOST_TEST_REQUIRE(before == "task.started");
        if (event.type == "task.failed") BOOST_TEST_REQUIRE(before == "task.started");
        if (event.type == "task.timeout") BOOST_TEST_REQUIRE(before == "task.started");
        if (event.type == "task.assigned") {
            BOOST_TEST_REQUIRE(
                (before == "task.created" || before == "task.failed" || before == "task.timeout"));
        }
        before = event.type;
    }
}

BOOST_AUTO_TEST_CASE(data_is_json_of_a_realistic_length_and_times_rise) {
    std::size_t bytes = 0;
    timestamp before{};
    std::vector<history_event> const events = generate({});
    for (history_event const& event : events) {
        BOOST_TEST_REQUIRE(!check_json(event.data));
        BOOST_TEST_REQUIRE((*event.occurred_at > before));
        before = *event.occurred_at;
        bytes += event.data.size();
    }
    std::size_t const mean = bytes / events.size();
    BOOST_TEST(mean >= 120U);
    BOOST_TEST(mean <= 150U);
}

BOOST_AUTO_TEST_CASE(as_many_events_are_made_as_are_asked_for) {
    BOOST_TEST(generate({.events = 0}).empty());
    BOOST_TEST(generate({.events = 1}).size() == 1U);
    BOOST_TEST(generate({.events = 1'000, .agents = 1, .tasks_at_once = 1}).size() == 1'000U);
}

BOOST_AUTO_TEST_SUITE_END()
