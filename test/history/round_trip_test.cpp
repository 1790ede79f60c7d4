// Every recorded history goes through a log and comes out as it went in, on both backends.

#include "history/generated_history.hpp"
#include "history/recorded_set.hpp"
#include "history/scratch_folder.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/json/value.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

using namespace swarmlog;

namespace {

constexpr char const* generated = "generated";

std::unique_ptr<history_source> open_source(std::string const& name) {
    if (name == generated) return generate_history();
    return open_history(recorded_set::file_of(name)).value();
}

std::uint64_t append_all(event_log& log, history_source& source) {
    producer into = log.make_producer();
    std::uint64_t submitted = 0;
    for (;;) {
        std::optional<history_event> const event = source.next().value();
        if (!event) break;
        auto const queued = into.submit(event->stream, expected::any{},
                                        raw_event{event->type, event->data}, details_of(*event));
        BOOST_REQUIRE_MESSAGE(queued, to_string(event->place) << ": " << queued.error().message());
        ++submitted;
    }
    flush_summary const answers = into.flush();
    BOOST_TEST(answers.accepted == submitted);
    BOOST_TEST(answers.rejected == 0U);
    BOOST_TEST(answers.last.value == submitted);
    return submitted;
}

void check_same(event_log const& log, history_source& source, std::uint64_t events) {
    std::uint64_t at = 0;
    timestamp before{};
    std::map<std::string, std::uint64_t, std::less<>> versions;
    for (event_view const& out : log.read()) {
        std::optional<history_event> const in = source.next().value();
        BOOST_REQUIRE(in.has_value());
        BOOST_TEST_REQUIRE(out.position.value == ++at);
        BOOST_TEST_REQUIRE(out.stream == in->stream);
        BOOST_TEST_REQUIRE(out.version.value == ++versions[in->stream]);
        BOOST_TEST_REQUIRE(out.type == in->type);
        BOOST_TEST_REQUIRE(out.data == in->data);
        BOOST_TEST_REQUIRE((out.occurred_at == in->occurred_at));
        BOOST_TEST_REQUIRE((out.recorded_at > before));
        BOOST_TEST_REQUIRE(
            std::equal(out.tags.begin(), out.tags.end(), in->tags.begin(), in->tags.end()));
        before = out.recorded_at;
    }
    BOOST_TEST(at == events);
    BOOST_TEST(!source.next().value().has_value());
}

void check_counts(event_log const& log, std::string const& name) {
    boost::json::value const all = recorded_set::expected_counts();
    boost::json::object const& expected = all.at(name).as_object();
    auto const number = [&](char const* member) {
        return expected.at(member).to_number<std::uint64_t>();
    };
    bool const is_gastown = name.starts_with("gastown");
    BOOST_TEST(log.head().value == number("events"));
    std::uint64_t streams = 0;
    std::uint64_t agents = 0;
    std::uint64_t types = 0;
    log.for_each_stream([&](key_info const&) { ++streams; }).value();
    log.for_each_tag([&](key_info const& tag) { agents += tag.name.starts_with("agent:"); })
        .value();
    log.for_each_type([&](key_info const& type) {
           ++types;
           BOOST_TEST(type.events ==
                      expected.at("by_type").at(type.name).to_number<std::uint64_t>());
       })
        .value();
    BOOST_TEST(types == expected.at("by_type").as_object().size());
    BOOST_TEST(streams == number(is_gastown ? "streams" : "streams(beads)"));
    BOOST_TEST(agents == number(is_gastown ? "actors" : "workers"));
}

void check_sound(event_log const& log) {
    verify_report const report = log.verify().value();
    for (auto const& problem : report.problems) BOOST_ERROR(problem.what);
    BOOST_TEST(report.events == log.head().value);
}

void round_trip_in_memory(std::string const& name) {
    event_log log = open_memory().value();
    std::uint64_t const events = append_all(log, *open_source(name));
    check_same(log, *open_source(name), events);
    if (name != generated) check_counts(log, name);
    check_sound(log);
}

void round_trip_in_a_file(std::string const& name) {
    scratch_folder const scratch;
    std::uint64_t events = 0;
    {
        event_log log = open_sqlite(scratch / "log.db").value();
        events = append_all(log, *open_source(name));
        check_same(log, *open_source(name), events);
        log.close().value();
    }
    event_log const log = open_sqlite(scratch / "log.db").value();
    BOOST_TEST(log.opened().head.value == events);
    check_same(log, *open_source(name), events);
    if (name != generated) check_counts(log, name);
    check_sound(log);
}

} // namespace

BOOST_AUTO_TEST_SUITE(round_trip_of_recorded_histories,
                      *boost::unit_test::precondition(recorded_set::is_there))

BOOST_DATA_TEST_CASE(a_recorded_history_comes_back_from_memory,
                     boost::unit_test::data::make(recorded_set::event_logs()), name) {
    round_trip_in_memory(name);
}

BOOST_DATA_TEST_CASE(a_recorded_history_comes_back_from_a_file,
                     boost::unit_test::data::make(recorded_set::event_logs()), name) {
    round_trip_in_a_file(name);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(round_trip)

BOOST_AUTO_TEST_CASE(the_generated_history_comes_back_from_memory) {
    round_trip_in_memory(generated);
}

BOOST_AUTO_TEST_CASE(the_generated_history_comes_back_from_a_file) {
    round_trip_in_a_file(generated);
}

BOOST_AUTO_TEST_SUITE_END()
