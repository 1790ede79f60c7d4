// Records that are whole by their checksum, hash and place, and yet not what a log has written:
// what reads, recovery, followers and verify say of them.
#include "conformance/failing_log.hpp"

#include "record/record.hpp"
#include "record/record_frame.hpp"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

/// From docs/record-format.md: where a content's header has these.
constexpr std::size_t store_id_at = 1;
constexpr std::size_t recorded_at_at = 1 + 16 + 32 + 8;

struct stored_place {
    position first;
    position last;
};

std::vector<stored_place> places_in(failing_log& under) {
    std::vector<stored_place> places;
    must(must(under.store().read())->records_from(position{1}, [&](stored_record const& each) {
        places.push_back({each.first, each.last});
        return true;
    }));
    return places;
}

/// A record that index runs cover, and whose last event has an idempotency key.
stored_place old_place(failing_log& under) {
    for (stored_place const& each : places_in(under)) {
        if (each.first.value > 20 && each.last.value % 10 == 0) { return each; }
    }
    throw std::logic_error{"no record ends where a key is"};
}

/// Shows the record that begins there with another content, under a hash that fits it.
void change_content(failing_log& under, position first,
                    std::function<void(std::string&)> const& change) {
    must(must(under.store().read())->records_from(first, [&](stored_record const& stored) {
        std::string content = must(detail::unframe_content(stored.body));
        change(content);
        std::string body;
        detail::frame_content(content, record_codec::none, body);
        under.faults().replace_record(first, body, detail::hash_content(content));
        return false;
    }));
}
/// So that its last event does not decode.
void cut_last_event(std::string& content) { content.pop_back(); }
void rename_in(std::string& content, std::string_view from, std::string_view to) {
    auto const at = content.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    content.replace(at, from.size(), to);
}

bool has_problem(verify_report const& report, std::string_view words) {
    for (auto const& problem : report.problems) {
        if (problem.what.find(words) != std::string::npos) { return true; }
    }
    for (auto const& problem : report.problems) { BOOST_TEST_MESSAGE(problem.what); }
    return false;
}

template <class T>
result<void> outcome_of(result<T> const& got) {
    return got ? result<void>{} : result<void>{got.error()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(damaged_records)

BOOST_AUTO_TEST_CASE(an_event_that_does_not_decode_is_told_by_all_who_come_by_it) {
    failing_log under;
    stored_place const place = old_place(under);
    std::uint64_t const last = place.last.value;
    std::string const stream = "s" + std::to_string(last % 3);
    change_content(under, place.first, cut_last_event);
    auto log = must(under.open());
    BOOST_TEST(!log.opened().read_only);
    struct row {
        char const* name;
        std::function<result<void>()> read;
    };
    auto const after = position{place.first.value - 1};
    for (auto const& [name, read] : std::vector<row>{
             {"all", [&] { return outcome_of(log.read().collect()); }},
             {"all backwards", [&] { return outcome_of(log.read().backwards().collect()); }},
             {"stream", [&] { return outcome_of(log.read().stream(stream).collect()); }},
             {"stream backwards",
              [&] { return outcome_of(log.read().stream(stream).backwards().collect()); }},
             {"after a time", [&] { return outcome_of(log.read().after(second(last)).count()); }},
             {"by id", [&] { return outcome_of(log.find(id_of(last))); }},
             {"subscription",
              [&] {
                  auto events = must(log.subscribe({}, after));
                  auto const now = std::chrono::steady_clock::now();
                  auto batch = events.next_batch(50, now);
                  while (batch) { batch = events.next_batch(50, now); } // what is before it
                  return outcome_of(batch);
              }},
             {"decision",
              [&] {
                  return outcome_of(log.decide(
                      [&](decision& now) { return outcome_of(now.read(query{}.stream(stream))); }));
              }},
             {"transaction", [&] { return outcome_of(log.begin().read(query{}, after)); }},
             {"repeated append",
              [&] {
                  auto producer = log.make_producer();
                  append_request request = producer.new_append();
                  bool const is_even = last % 2 == 0;
                  request.add(stream, raw("t" + std::to_string(last % 4)),
                              {.tags = {"all", is_even ? "even" : "odd"}, .id = id_of(last)});
                  request.idempotency_key("key " + std::to_string(last));
                  return outcome_of(producer.append(std::move(request)));
              }},
         }) {
        BOOST_TEST_CONTEXT(name) { BOOST_TEST(failed_with(read(), errc::corrupt, {"decode"})); }
    }
    BOOST_TEST(has_problem(must(log.verify()), "an event of the record does not decode"));
    // What lies beside it is read.
    BOOST_TEST(must(log.read().after(place.last).collect()).size() == event_count - last);
    BOOST_TEST(must(log.read().before(place.first).collect()).size() == place.first.value - 1);
    BOOST_TEST(must(log.read().stream(stream).before(place.first).backwards().count()) > 0U);
}

BOOST_AUTO_TEST_CASE(recovery_stops_before_a_record_of_the_tail_that_does_not_decode) {
    failing_log under;
    auto const places = places_in(under);
    stored_place const tail = places[places.size() - 2];
    position const indexed = must(under.open()).opened().indexed_through;
    BOOST_REQUIRE(indexed < tail.first);
    for (auto const& change : std::vector<std::function<void(std::string&)>>{
             cut_last_event,
             [](std::string& content) { content.resize(content.size() / 4); },
             [](std::string& content) { content[store_id_at] ^= 1; },
             [](std::string& content) { content[recorded_at_at - 1] ^= 1; },
         }) {
        change_content(under, tail.first, change);
        auto log = must(under.open());
        BOOST_TEST(log.opened().read_only);
        BOOST_REQUIRE(log.opened().corrupt_at.has_value());
        BOOST_TEST(log.opened().corrupt_at->value == tail.first.value);
        BOOST_TEST(log.head().value == tail.first.value - 1);
        BOOST_TEST(must(log.read().collect()).size() == tail.first.value - 1);
        auto producer = log.make_producer();
        BOOST_TEST(failed_with(producer.append("s", expected::any{}, raw()), errc::corrupt,
                               {"read-only"}));
        BOOST_TEST(has_problem(must(log.verify()), log.opened().message));
    }
}

BOOST_AUTO_TEST_CASE(recovery_does_not_follow_a_last_indexed_record_that_does_not_decode) {
    failing_log under;
    position const indexed = must(under.open()).opened().indexed_through;
    for (stored_place const& each : places_in(under)) {
        if (each.last == indexed) { change_content(under, each.first, cut_last_event); }
    }
    auto log = must(under.open());
    BOOST_TEST(log.opened().read_only);
    BOOST_TEST(log.opened().corrupt_at.has_value());
    BOOST_TEST(log.opened().message.find("does not decode") != std::string::npos);
    BOOST_TEST(log.head().value <= indexed.value);
}

BOOST_AUTO_TEST_CASE(
    a_follower_stops_before_a_record_that_does_not_decode_and_goes_on_when_it_does) {
    failing_log under;
    for (auto const& change : std::vector<std::function<void(std::string&)>>{
             cut_last_event,
             [](std::string& content) { content.resize(content.size() / 4); },
         }) {
        auto follower = must(under.open(true));
        std::uint64_t const head = follower.head().value;
        under.append_more(6);
        stored_place const last = places_in(under).back();
        change_content(under, last.first, change);
        BOOST_TEST(failed_with(follower.refresh(), errc::corrupt, {"decode"}));
        BOOST_TEST(follower.head().value == last.first.value - 1);
        BOOST_TEST(failed_with(follower.read().after(position{head}).collect(), errc::corrupt));
        under.faults().restore_records();
        BOOST_TEST(must(follower.refresh()).value == last.last.value);
        BOOST_TEST(must(follower.read().after(position{head}).collect()).size() == 6U);
    }
}

BOOST_AUTO_TEST_CASE(verify_names_what_does_not_fit_in_a_record_that_decodes) {
    failing_log under;
    auto log = must(under.open());
    stored_place const old = old_place(under);
    stored_place const last = places_in(under).back();
    struct row {
        position first;
        std::string_view said;
        std::function<void(std::string&)> change;
    };
    for (auto const& [first, said, change] : std::vector<row>{
             {old.first, "belongs to another log",
              [](std::string& content) { content[store_id_at] ^= 1; }},
             {old.first, "recorded_at does not rise",
              [](std::string& content) { --content[recorded_at_at + 6]; }},
             {old.first, "in stream \"s1\"",
              [](std::string& content) {
                  auto const at = content.find("s1");
                  BOOST_REQUIRE(at != std::string::npos);
                  ++content[at + 2]; // how many events it had before
              }},
             {old.first, "does not follow the one before it",
              [](std::string& content) { rename_in(content, "even", "eben"); }},
             {last.first, "the index of types does not fit the log",
              [](std::string& content) { rename_in(content, "\x02t0", "\x02t9"); }},
         }) {
        change_content(under, first, change);
        BOOST_TEST(has_problem(must(log.verify()), said), said);
        under.faults().restore_records();
    }
    BOOST_TEST(must(log.verify()).sound());
}

BOOST_AUTO_TEST_CASE(verify_names_a_stream_that_only_the_index_has) {
    failing_log under;
    auto log = must(under.open());
    auto producer = log.make_producer();
    must(producer.append("lonely", expected::no_stream{}, raw()));
    change_content(under, log.head(),
                   [](std::string& content) { rename_in(content, "lonely", "looked"); });
    BOOST_TEST(
        has_problem(must(log.verify()), "the index has a stream that the log has not: \"lonely\""));
}

BOOST_AUTO_TEST_CASE(a_key_that_only_the_index_has_is_no_repeated_append) {
    failing_log under;
    stored_place const place = old_place(under);
    std::string const key = "key " + std::to_string(place.last.value);
    change_content(under, place.first,
                   [&](std::string& content) { rename_in(content, key, "K" + key.substr(1)); });
    auto log = must(under.open());
    auto producer = log.make_producer();
    append_request request = producer.new_append();
    request.add("s1", raw()).idempotency_key(key);
    BOOST_TEST(failed_with(producer.append(std::move(request)), errc::corrupt,
                           {"lacks an idempotency key"}));
    BOOST_TEST(log.head().value == event_count);
}

BOOST_AUTO_TEST_CASE(a_record_that_is_not_there_is_told_with_its_position) {
    failing_log under;
    auto log = must(under.open());
    auto const places = places_in(under);
    for (stored_place const& gone : {places[places.size() / 2], places.back()}) {
        under.faults().hide_record(gone.first);
        std::string const stream = "s" + std::to_string(gone.last.value % 3);
        std::string const there = "position " + std::to_string(gone.first.value);
        BOOST_TEST(failed_with(log.read().after(gone.first.previous()).collect(), errc::corrupt,
                               {there, "not there"}));
        BOOST_TEST(failed_with(log.read().before(gone.last.next()).backwards().collect(),
                               errc::corrupt, {"not there"}));
        BOOST_TEST(failed_with(log.read().stream(stream).collect(), errc::corrupt));
        BOOST_TEST(failed_with(log.find(id_of(gone.last.value)), errc::corrupt));
        BOOST_TEST(!must(log.verify()).sound());
        under.faults().restore_records();
    }
}

BOOST_AUTO_TEST_SUITE_END()
