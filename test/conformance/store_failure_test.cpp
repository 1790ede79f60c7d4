// What a caller is told when the n-th call of the store fails, for every n, and what holds after.
#include "conformance/failing_log.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

/// What a call answers, in words that can be compared.
using call = std::function<result<std::string>(event_log& log)>;
struct named_call {
    char const* name;
    call make;
};

result<std::string> words_of(result<std::vector<event>> const& got) {
    if (!got) { return got.error(); }
    std::string words;
    for (std::string const& line : lines_of(*got)) { words += line + '\n'; }
    return words;
}
result<std::string> words_of(result<std::uint64_t> const& got) {
    if (!got) { return got.error(); }
    return std::to_string(*got);
}
template <class Value>
result<std::string> words_of(result<Value> const& got) {
    if (!got) { return got.error(); }
    return std::to_string(got->value);
}

call reading(std::function<reader(event_log&)> make) {
    return [make = std::move(make)](event_log& log) { return words_of(make(log).collect()); };
}
call counting(std::function<reader(event_log&)> make) {
    return [make = std::move(make)](event_log& log) { return words_of(make(log).count()); };
}
/// Of a transaction that reads and then decides nothing.
call in_transaction(std::function<result<std::string>(transaction&)> make) {
    return [make = std::move(make)](event_log& log) {
        transaction work = log.begin();
        return make(work);
    };
}
/// Of a decision, which hands on what failed in it.
call in_decision(std::function<result<std::string>(decision&)> make) {
    return [make = std::move(make)](event_log& log) -> result<std::string> {
        std::string words;
        auto const decided = log.decide([&](decision& now) -> result<void> {
            auto const answer = make(now);
            if (!answer) { return answer.error(); }
            words = *answer;
            return {};
        });
        if (!decided) { return decided.error(); }
        return words;
    };
}
result<std::string>
counted_keys(event_log& log,
             result<void> (event_log::*each)(std::function<void(key_info const&)> const&) const) {
    std::string words;
    auto const walked = (log.*each)([&](key_info const& key) {
        words += std::string{key.name} + ' ' + std::to_string(key.events) + '\n';
    });
    if (!walked) { return walked.error(); }
    return words;
}

query both() { return query{}.stream("s1").tag("even"); }

std::vector<named_call> reading_calls() {
    using log = event_log;
    return {
        {"everything", reading([](log& from) { return from.read(); })},
        {"everything backwards", reading([](log& from) { return from.read().backwards(); })},
        {"a stream", reading([](log& from) { return from.read().stream("s1"); })},
        {"a stream and a tag backwards",
         reading([](log& from) { return from.read().matching(both()).backwards(); })},
        {"a type between times", reading([](log& from) {
             return from.read().type("t1").after(second(30)).before(second(90));
         })},
        {"everything after a time",
         reading([](log& from) { return from.read().after(second(100)); })},
        {"everything before a time",
         reading([](log& from) { return from.read().before(second(20)); })},
        {"a stream after a version",
         reading([](log& from) { return from.read().stream("s1").after(version{10}); })},
        {"a stream before a version",
         reading([](log& from) { return from.read().stream("s1").before(version{30}); })},
        {"how many", counting([](log& from) { return from.read().matching(both()); })},
        {"how many after a time", counting([](log& from) { return from.read().after(second(9)); })},
        {"a stream's version", [](log& from) { return words_of(from.version_of("old")); }},
        {"an event by an id that it brought",
         [](log& from) -> result<std::string> {
             auto const found = from.find(id_of(55));
             if (!found) { return found.error(); }
             return std::to_string(found->value().position.value);
         }},
        {"all streams", [](log& from) { return counted_keys(from, &log::for_each_stream); }},
        {"all types", [](log& from) { return counted_keys(from, &log::for_each_type); }},
        {"all tags", [](log& from) { return counted_keys(from, &log::for_each_tag); }},
        {"a subscription",
         [](log& from) -> result<std::string> {
             auto events = from.subscribe(query{}.tag("odd"), position{20});
             if (!events) { return events.error(); }
             auto const deadline = std::chrono::steady_clock::now() + std::chrono::minutes{5};
             return words_of(events->next_batch(40, deadline));
         }},
        {"a subscription to everything",
         [](log& from) -> result<std::string> {
             auto events = from.subscribe({}, position{20});
             if (!events) { return events.error(); }
             auto const deadline = std::chrono::steady_clock::now() + std::chrono::minutes{5};
             return words_of(events->next_batch(100, deadline));
         }},
        {"a version in a transaction",
         in_transaction([](transaction& work) { return words_of(work.version_of("s1")); })},
        {"events in a transaction",
         in_transaction([](transaction& work) { return words_of(work.read(both())); })},
        {"the newest in a transaction",
         in_transaction([](transaction& work) { return words_of(work.newest(both(), 3)); })},
        {"the consumers",
         [](log& from) -> result<std::string> {
             auto const consumers = from.consumers();
             if (!consumers) { return consumers.error(); }
             return std::to_string(consumers->size());
         }},
    };
}

std::vector<named_call> deciding_calls() {
    return {
        {"a version in a decision",
         in_decision([](decision& now) { return words_of(now.version_of("old")); })},
        {"events in a decision",
         in_decision([](decision& now) { return words_of(now.read(both(), position{50})); })},
        {"the newest in a decision",
         in_decision([](decision& now) { return words_of(now.newest(both(), 3)); })},
        {"what a transaction has read at its commit",
         [](event_log& log) -> result<std::string> {
             transaction work = log.begin();
             auto const read = work.version_of("s1");
             if (!read) { return read.error(); }
             auto const committed = work.commit();
             if (!committed) { return committed.error(); }
             return std::to_string(committed->event_count());
         }},
        {"the newest in a decision that has appended",
         in_decision([](decision& now) -> result<std::string> {
             must(now.append("s1", raw("decided"), {.tags = {"even"}}));
             auto words = words_of(now.newest(both(), 3));
             if (!words) { return words; }
             return error{errc::not_found, *words}; // so that nothing is appended in the end
         })},
    };
}

/// The failure itself, or one that carries its words.
bool tells(error const& failure) {
    bool const told = failure.message().find(store_faults::words) != std::string::npos;
    if (!told) { BOOST_TEST_MESSAGE("instead: " << failure.message()); }
    return told;
}

/// Makes each call on a log of its own, again and again, with one after the other of the store's
/// calls below it failing, and each time after `news`. Then that log answers as another one does.
void check_calls(failing_log& under, std::vector<named_call> const& calls, bool read_only,
                 std::function<void()> const& news) {
    std::uint64_t failures = 0;
    auto other = must(under.open(read_only));
    for (named_call const& each : calls) {
        auto const words = [&](event_log& log) {
            auto const answer = each.make(log);
            return answer ? *answer : answer.error().message();
        };
        auto log = must(under.open(read_only));
        for (std::uint64_t nth = 1;; nth += 1 + nth / 3) {
            news();
            under.faults().fail_at(nth);
            auto const answer = each.make(log);
            bool const has_failed = under.faults().has_failed();
            under.faults().heal();
            BOOST_TEST_CONTEXT(each.name << ", call " << nth) {
                if (has_failed && !answer && !(answer.error() == errc::not_found)) {
                    ++failures;
                    BOOST_TEST(tells(answer.error()));
                    BOOST_TEST(log.head().value >= event_count);
                    must(log.refresh());
                    must(other.refresh());
                    BOOST_TEST(words(log) == words(other));
                }
            }
            if (!has_failed) { break; }
        }
    }
    BOOST_TEST(failures > 2 * calls.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(store_failures)

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_told_and_read_when_it_can) {
    failing_log under;
    check_calls(under, reading_calls(), false, [] {});
}

BOOST_AUTO_TEST_CASE(what_a_decision_cannot_read_is_told_and_read_when_it_can) {
    failing_log under;
    check_calls(under, deciding_calls(), false, [] {});
}

BOOST_AUTO_TEST_CASE(who_follows_another_process_is_told_and_catches_up_when_it_can) {
    failing_log under;
    check_calls(under, reading_calls(), true, [&] { under.append_more(1); });
}

BOOST_AUTO_TEST_CASE(a_log_that_cannot_be_read_does_not_open_and_loses_nothing) {
    failing_log under;
    for (bool const read_only : {false, true}) {
        std::uint64_t refusals = 0;
        for (std::uint64_t nth = 1;; ++nth) {
            under.faults().fail_at(nth);
            auto const opened = under.open(read_only);
            bool const has_failed = under.faults().has_failed();
            under.faults().heal();
            if (!opened) {
                ++refusals;
                BOOST_TEST(tells(opened.error()));
            }
            auto log = must(under.open(read_only));
            BOOST_TEST(log.head().value == event_count);
            if (!has_failed) { break; }
        }
        BOOST_TEST(refusals > 3U);
    }
}

BOOST_AUTO_TEST_CASE(verify_names_what_it_could_not_read) {
    failing_log under;
    auto log = must(under.open());
    std::uint64_t reports = 0;
    for (std::uint64_t nth = 1;; nth += 1 + nth / 4) {
        under.faults().fail_at(nth);
        auto const report = log.verify();
        bool const has_failed = under.faults().has_failed();
        under.faults().heal();
        if (!report) {
            BOOST_TEST(tells(report.error()));
        } else if (has_failed) {
            ++reports;
            BOOST_REQUIRE(!report->sound());
            BOOST_TEST(report->problems.front().what.find(store_faults::words) !=
                       std::string::npos);
        }
        if (!has_failed) { break; }
    }
    BOOST_TEST(reports > 3U);
    check_sound(log);
}

BOOST_AUTO_TEST_CASE(an_append_that_meets_a_failure_is_stored_as_it_was_answered) {
    struct row {
        char const* name;
        void (*fill)(append_request&);
    };
    for (auto const& [name, fill] : {
             row{"as any", [](append_request& to) { to.add("new", raw()); }},
             row{"after a version",
                 [](append_request& to) { to.expect("old", expected::version{3}); }},
             row{"none since",
                 [](append_request& to) {
                     // They have events since then, but none that is of both.
                     query const none = query{}.type("t1").tag("even");
                     to.expect(expected::none_since{position{50}, none});
                     to.expect(expected::none_since{position{50}, query{}.stream("old")});
                 }},
             row{"under a key", [](append_request& to) { to.idempotency_key("another key"); }},
             row{"with an id",
                 [](append_request& to) {
                     to.add("new", raw(), {.id = make_event_id(second(1), 9'999, 9)});
                 }},
         }) {
        failing_log under;
        std::uint64_t failures = 0;
        for (std::uint64_t nth = 1;; ++nth) {
            std::uint64_t head = 0;
            std::uint64_t expected_head = 0;
            bool has_failed = false;
            {
                auto log = must(under.open());
                head = log.head().value;
                auto producer = log.make_producer();
                append_request request = producer.new_append();
                fill(request);
                if (request.event_count() == 0) { request.add("s1", raw("t9")); }
                std::uint64_t const events = request.event_count();
                under.faults().fail_at(nth);
                auto const answer = producer.append(std::move(request));
                has_failed = under.faults().has_failed();
                under.faults().heal();
                expected_head = answer ? head + events : head;
                if (!answer) {
                    ++failures;
                    BOOST_TEST(tells(answer.error()));
                    BOOST_TEST(must(log.read().collect()).size() == head);
                }
            }
            BOOST_TEST_CONTEXT(name << ", call " << nth) {
                auto log = must(under.open());
                BOOST_TEST(log.head().value == expected_head);
                check_sound(log);
            }
            if (!has_failed || expected_head != head) { break; }
        }
        BOOST_TEST(failures > 0U, name);
    }
}

BOOST_AUTO_TEST_CASE(a_repeated_append_that_cannot_be_looked_up_is_no_second_one) {
    failing_log under;
    std::uint64_t failures = 0;
    for (std::uint64_t nth = 1;; ++nth) {
        auto log = must(under.open());
        auto producer = log.make_producer();
        append_request request = producer.new_append();
        request.add("s1", raw("t2"), {.tags = {"all", "even"}, .id = id_of(10)});
        request.recorded_at(second(10)).idempotency_key("key 10");
        under.faults().fail_at(nth);
        auto const answer = producer.append(std::move(request));
        bool const has_failed = under.faults().has_failed();
        under.faults().heal();
        BOOST_TEST(log.head().value == event_count);
        if (!answer) {
            ++failures;
            BOOST_TEST(tells(answer.error()));
        } else {
            BOOST_TEST(answer->repeated);
            BOOST_TEST(answer->first.value == 10U);
        }
        if (!has_failed) { break; }
    }
    BOOST_TEST(failures > 2U);
}

BOOST_AUTO_TEST_CASE(who_waits_for_another_process_is_told_when_its_events_cannot_be_seen) {
    failing_log under;
    constexpr std::chrono::minutes long_enough{5};
    position const beyond{event_count + 1};
    struct row {
        char const* name;
        std::function<result<void>(event_log&)> wait;
    };
    for (auto const& [name, wait] : {
             row{"a subscription",
                 [&](event_log& log) -> result<void> {
                     auto events = must(log.subscribe({}, log.head()));
                     auto const next = events.next(long_enough);
                     return next ? result<void>{} : result<void>{next.error()};
                 }},
             row{"a reader",
                 [&](event_log& log) -> result<void> {
                     auto const next = log.read().wait_for(beyond, long_enough).count();
                     return next ? result<void>{} : result<void>{next.error()};
                 }},
             row{"the log", [&](event_log& log) { return log.wait_for(beyond, long_enough); }},
         }) {
        for (std::uint64_t nth = 1; nth != 12; ++nth) {
            auto follower = must(under.open(true));
            under.faults().fail_at(nth, true);
            auto const waited = wait(follower);
            under.faults().heal();
            BOOST_TEST_CONTEXT(name << ", call " << nth) {
                BOOST_REQUIRE(!waited);
                BOOST_TEST(tells(waited.error()));
                BOOST_TEST(must(follower.refresh()).value == event_count);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_failure_within_a_batch_takes_nothing_of_it_away) {
    failing_log under;
    under.append_more(400);
    auto const now = std::chrono::steady_clock::now();
    std::uint64_t failures = 0;
    for (query const& wanted : {query{}, query{}.tag("all")}) {
        for (std::uint64_t nth = 1;; nth += 1 + nth / 3) {
            auto log = must(under.open());
            auto events = must(log.subscribe(wanted));
            std::vector<event> seen;
            under.faults().fail_at(nth);
            bool has_failed = false;
            while (seen.size() < event_count + 400) {
                auto batch = events.next_batch(1'000, now);
                if (under.faults().has_failed()) { has_failed = true; }
                under.faults().heal();
                if (!batch) {
                    ++failures;
                    BOOST_TEST(tells(batch.error()));
                    continue;
                }
                seen.insert(seen.end(), batch->begin(), batch->end());
            }
            std::uint64_t next = 1;
            for (std::uint64_t const at : positions_of(seen)) { BOOST_REQUIRE(at == next++); }
            if (!has_failed) { break; }
        }
    }
    BOOST_TEST(failures > 5U);
}

BOOST_AUTO_TEST_CASE(a_failure_behind_what_was_found_repeats_nothing) {
    constexpr std::uint64_t more = 200;
    failing_log under;
    {
        auto log = must(under.open());
        auto source = log.make_producer();
        for (std::uint64_t each = 0; each != more; ++each) { // a record each
            must(source.append("s", expected::any{}, raw()));
        }
    }
    auto const now = std::chrono::steady_clock::now();
    std::uint64_t failures = 0;
    bool has_failed = true;
    for (std::uint64_t nth = 1; has_failed; ++nth) {
        auto log = must(under.open());
        auto events = must(log.subscribe({}, position{event_count}));
        under.faults().fail_at(nth);
        has_failed = false;
        std::uint64_t last = event_count;
        while (last != event_count + more) {
            auto const one = events.next(now);
            has_failed = under.faults().heal() || has_failed;
            if (!one) {
                ++failures;
                BOOST_TEST(tells(one.error()));
                continue;
            }
            BOOST_REQUIRE(one->position.value == ++last);
        }
    }
    BOOST_TEST(failures > 2U);
}

BOOST_AUTO_TEST_CASE(a_condition_that_could_not_be_looked_up_is_judged_the_same_the_next_time) {
    bool has_failed = true;
    std::uint64_t failures = 0;
    for (std::uint64_t nth = 1; has_failed; ++nth) {
        failing_log under;
        auto log = must(under.open());
        auto source = log.make_producer();
        position const seen = log.head();
        // The tag's other events are in runs, and nobody has asked for it.
        must(source.append("s", expected::any{}, raw(), {.tags = {"all"}}));
        auto const ask = [&] {
            append_request request = source.new_append();
            request.expect(expected::none_since{seen, query{}.tag("all")});
            request.add("other", raw());
            return source.append(std::move(request));
        };
        under.faults().fail_at(nth);
        auto const first = ask();
        has_failed = under.faults().heal();
        BOOST_TEST(!first);
        if (!first && !(first.error() == errc::condition_failed)) { ++failures; }
        BOOST_TEST(failed_with(ask(), errc::condition_failed));
    }
    BOOST_TEST(failures > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
