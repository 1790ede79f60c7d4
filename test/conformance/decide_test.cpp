#include "support/log_under_test.hpp"

#include <boost/asio/use_future.hpp>

#include <atomic>
#include <charconv>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

std::uint64_t number_in(event_view const& from) {
    std::uint64_t number = 0;
    std::from_chars(from.data.data(), from.data.data() + from.data.size(), number);
    return number;
}

/// An append that waits for the writer, in the order of the calls, as other decisions do.
std::future<result<receipt>> append_later(event_log& log, char const* stream, char const* type,
                                          std::vector<std::string_view> tags = {}) {
    return log.async_decide(
        [=](decision& now) { return now.append(stream, raw(type), {.tags = tags}); },
        boost::asio::use_future);
}

/// Reads the newest count and appends the next one.
result<void> increment(decision& now) {
    auto const newest = now.newest(query{}.stream("counter"));
    if (!newest) { return newest.error(); }
    std::uint64_t const next = newest->empty() ? 1 : number_in(newest->front()) + 1;
    return now.append("counter", raw("counted", std::to_string(next)));
}

void check_that_callers_never_work(event_log& log) {
    for (int each = 0; each != 100; ++each) {
        std::thread::id worker;
        must(log.decide([&](decision&) { worker = std::this_thread::get_id(); }));
        BOOST_TEST((worker != std::this_thread::get_id()));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(deciding)

BOOST_DATA_TEST_CASE(decision_sees_what_is_committed_and_what_it_appends, all_backends, backend) {
    log_under_test log{backend, small_options()};
    auto producer = log->make_producer();
    for (int count = 1; count <= 100; ++count) {
        must(producer.submit(count % 2 == 0 ? "even" : "odd", expected::any{},
                             raw("n", std::to_string(count)), {.tags = {"tag"}}));
    }
    BOOST_REQUIRE(producer.flush().rejected == 0);
    receipt const got = must(log->decide([](decision& now) {
        BOOST_TEST(now.head().value == 100);
        BOOST_TEST(must(now.version_of("even")).value == 50);
        must(now.append("even", raw("n", "101"), {.tags = {"tag"}}));
        must(now.append("new", task_started{"1", 1}));
        BOOST_TEST(now.head().value == 102);
        BOOST_TEST(must(now.version_of("even")).value == 51);
        BOOST_TEST(must(now.version_of("new")).value == 1);
        auto const newest = must(now.newest(query{}.tag("tag"), 3));
        std::vector<std::string> const wanted{"even@51 n 101", "even@50 n 100", "odd@50 n 99"};
        BOOST_TEST(lines_of(newest) == wanted, boost::test_tools::per_element());
        auto const all = must(now.read(query{}, position{99}));
        BOOST_TEST(positions_of(all) == (std::vector<std::uint64_t>{100, 101, 102}),
                   boost::test_tools::per_element());
        BOOST_TEST(must(now.read(query{}.stream("new"))).size() == 1);
        BOOST_TEST(must(now.read(query{})).size() == 102);
        BOOST_TEST(must(now.read(query{}, position{102})).empty());
        BOOST_TEST(must(now.newest(query{}, 0)).empty());
    }));
    BOOST_TEST(got.first.value == 101);
    BOOST_TEST(got.last.value == 102);
    BOOST_REQUIRE(got.versions.size() == 2);
    BOOST_TEST(got.versions[0].value == 51);
    BOOST_TEST(got.versions[1].value == 1);
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(decision_sees_what_is_staged_in_its_group, all_backends, backend) {
    log_under_test log{backend, by_hand()};
    auto const one = append_later(*log, "a", "one");
    auto const two = append_later(*log, "b", "two");
    auto decided = log->async_decide(
        [](decision& now) {
            BOOST_TEST(now.head().value == 2);
            std::vector<std::string> const wanted{"a@1 one {}", "b@1 two {}"};
            BOOST_TEST(lines_of(must(now.read(query{}))) == wanted,
                       boost::test_tools::per_element());
            must(now.append("a", raw("three")));
        },
        boost::asio::use_future);
    auto again =
        log->async_decide([](decision& now) { BOOST_TEST(must(now.version_of("a")).value == 2); },
                          boost::asio::use_future);
    auto four = append_later(*log, "a", "four");
    BOOST_TEST(log->run_once());
    BOOST_TEST(must(four.get()).versions[0].value == 3);
    BOOST_TEST(must(decided.get()).first.value == 3);
    receipt const nothing = must(again.get());
    BOOST_TEST(nothing.first.value == 0);
    BOOST_TEST(nothing.last.value == 0);
    BOOST_TEST(nothing.event_count() == 0);
    BOOST_TEST(log->statistics().groups == 1);
}

BOOST_DATA_TEST_CASE(failed_decision_appends_nothing_and_its_group_goes_on, all_backends, backend) {
    log_under_test log{backend, by_hand()};
    auto one = append_later(*log, "a", "one", {"kept"});
    auto const append_two = [](decision& now) {
        must(now.append("a", raw("gone", "1"), {.tags = {"gone", "kept"}}));
        must(now.append("b", raw("gone", "2"), {.tags = {"gone"}}));
        BOOST_TEST(must(now.read(query{}.tag("gone"))).size() == 2);
    };
    auto by_error = log->async_decide(
        [&](decision& now) -> result<void> {
            append_two(now);
            return error{errc::not_found, "no such agent"};
        },
        boost::asio::use_future);
    auto two = append_later(*log, "a", "two");
    auto by_exception = log->async_decide(
        [&](decision& now) {
            append_two(now);
            throw std::runtime_error{"thrown on purpose"};
        },
        boost::asio::use_future);
    auto by_other = log->async_decide([](decision&) { throw 42; }, boost::asio::use_future);
    auto by_value = log->async_decide(
        [&](decision& now) {
            append_two(now);
            append_request request = now.new_append();
            request.expect("a", expected::version{7}).add("a", raw());
            now.append(std::move(request)).value();
        },
        boost::asio::use_future);
    auto last = log->async_decide(
        [](decision& now) {
            // What the failed ones appended at the same places is gone.
            std::vector<std::string> const wanted{"a@1 one {}", "a@2 two {}", "c@1 three {}"};
            must(now.append("c", raw("three")));
            BOOST_TEST(lines_of(must(now.read(query{}))) == wanted,
                       boost::test_tools::per_element());
            BOOST_TEST(must(now.newest(query{}.tag("gone"))).empty());
            BOOST_TEST(must(now.version_of("b")).value == 0);
        },
        boost::asio::use_future);
    while (log->run_once()) {}
    BOOST_TEST(failed_with(by_error.get(), errc::not_found, {"no such agent"}));
    BOOST_TEST(failed_with(by_exception.get(), errc::decision_failed, {"thrown on purpose"}));
    BOOST_TEST(failed_with(by_other.get(), errc::decision_failed));
    BOOST_TEST(failed_with(by_value.get(), errc::wrong_version, {"\"a\"", "3", "7"}));
    BOOST_TEST(must(one.get()).versions[0].value == 1);
    BOOST_TEST(must(two.get()).versions[0].value == 2);
    BOOST_TEST(must(last.get()).first.value == 3);
    std::vector<std::string> const wanted{"a@1 one {}", "a@2 two {}", "c@1 three {}"};
    BOOST_TEST(lines_of(all_events(*log)) == wanted, boost::test_tools::per_element());
    BOOST_TEST(must(log->read().tag("gone").count()) == 0);
    check_sound(*log);
    log.reopen();
    BOOST_TEST(lines_of(all_events(*log)) == wanted, boost::test_tools::per_element());
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(failed_decision_that_filled_records_is_taken_back, all_backends, backend) {
    log_under_test log{backend, by_hand(small_options())};
    auto one = append_later(*log, "a", "one");
    auto failing = log->async_decide(
        [](decision& now) -> result<void> {
            for (int count = 0; count != 50; ++count) { must(now.append("x", raw("gone"))); }
            return error{errc::cancelled};
        },
        boost::asio::use_future);
    auto filling = log->async_decide(
        [](decision& now) {
            for (int count = 0; count != 50; ++count) { must(now.append("y", raw("kept"))); }
        },
        boost::asio::use_future);
    auto two = append_later(*log, "a", "two");
    while (log->run_once()) {}
    BOOST_TEST(failed_with(failing.get(), errc::cancelled));
    BOOST_TEST(must(one.get()).first.value == 1);
    BOOST_TEST(must(filling.get()).event_count() == 50);
    BOOST_TEST(must(two.get()).first.value == 52);
    BOOST_TEST(must(log->version_of("x")).value == 0);
    BOOST_TEST(must(log->version_of("y")).value == 50);
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(append_that_a_decision_cannot_make_is_told_to_it, all_backends, backend) {
    log_under_test log{backend};
    auto const got = log->decide([](decision& now) {
        BOOST_TEST(failed_with(now.append("", raw()), errc::invalid_stream_name));
        BOOST_TEST(failed_with(now.append(now.new_append()), errc::empty_append));
        append_request keyed = now.new_append();
        keyed.idempotency_key("key").add("s", raw());
        BOOST_TEST(failed_with(now.append(std::move(keyed)), errc::invalid_argument));
        append_request conditional = now.new_append();
        conditional.expect("s", expected::stream_exists{}).add("s", raw());
        BOOST_TEST(failed_with(now.append(std::move(conditional)), errc::stream_not_found));
    });
    BOOST_TEST(failed_with(got, errc::invalid_stream_name));
    BOOST_TEST(log->head().value == 0);
}

BOOST_DATA_TEST_CASE(time_of_a_decision_is_not_after_its_events, all_backends, backend) {
    log_under_test log{backend};
    timestamp said;
    must(log->make_producer().append("s", expected::any{}, raw()));
    receipt const got = must(log->decide([&](decision& now) {
        said = now.now();
        return now.append("s", raw());
    }));
    BOOST_TEST((said <= got.recorded_at));
    BOOST_TEST((said > manual_clock::begin));
}

BOOST_DATA_TEST_CASE(decisions_under_way_at_once_are_made_in_order, all_backends, backend) {
    log_under_test log{backend};
    std::vector<std::future<result<receipt>>> futures;
    for (int count = 0; count != 20; ++count) {
        futures.push_back(log->async_decide(increment, boost::asio::use_future));
    }
    std::uint64_t next = 1;
    for (auto& future : futures) { BOOST_TEST(must(future.get()).first.value == next++); }
}

BOOST_DATA_TEST_CASE(no_increment_of_sixty_four_threads_is_lost, all_backends, backend) {
    constexpr std::uint64_t threads = 64;
    constexpr std::uint64_t rounds = 10;
    log_under_test log{backend, small_options()};
    std::atomic<std::uint64_t> failed{0};
    {
        std::vector<std::jthread> running;
        for (std::uint64_t number = 0; number != threads; ++number) {
            running.emplace_back([&] {
                for (std::uint64_t round = 0; round != rounds; ++round) {
                    if (!log->decide(increment)) { ++failed; }
                }
            });
        }
    }
    BOOST_TEST(failed.load() == 0);
    std::uint64_t last = 0;
    bool all_there = true;
    for (event_view const& each : log->read().stream("counter")) {
        all_there = all_there && number_in(each) == last + 1;
        last = number_in(each);
    }
    BOOST_TEST(all_there);
    BOOST_TEST(last == threads * rounds);
}

BOOST_DATA_TEST_CASE(decision_that_ignores_a_failed_append_appends_nothing, all_backends, backend) {
    log_under_test log{backend};
    auto const got = log->decide([](decision& now) {
        static_cast<void>(now.append("kept", raw("n", "1")));
        static_cast<void>(now.append("bad", raw("n", "not json")));
    });
    BOOST_TEST(failed_with(got, errc::invalid_json));
    BOOST_TEST(log->head().value == 0);
    BOOST_TEST(must(log->version_of("kept")).value == 0);
}

BOOST_DATA_TEST_CASE(appends_of_one_decision_are_bounded_together, all_backends, backend) {
    log_options options = small_options();
    options.limits.append_events_max = 4;
    log_under_test log{backend, options};
    auto const append_some = [](int count) {
        return [count](decision& now) {
            for (int number = 0; number != count; ++number) {
                static_cast<void>(now.append("s", raw("n", "1")));
            }
        };
    };
    BOOST_TEST(failed_with(log->decide(append_some(5)), errc::append_too_large,
                           {"5", "append_events_max = 4"}));
    BOOST_TEST(log->head().value == 0);
    BOOST_TEST(must(log->decide(append_some(4))).last.value == 4);
}

BOOST_DATA_TEST_CASE(what_is_too_large_together_is_rejected_as_a_whole, all_backends, backend) {
    log_options options = by_hand();
    options.limits.append_bytes_max = 1024 * 1024;
    log_under_test log{backend, options};
    std::string const half = '"' + std::string(600'000, 'x') + '"';
    auto const decided = log->decide([&](decision& now) -> result<void> {
        must(now.append("a", raw("first", half)));
        return now.append("b", raw("second", half));
    });
    BOOST_TEST(failed_with(decided, errc::append_too_large, {"append_bytes_max = 1048576"}));

    transaction work = log->begin();
    must(work.append("a", raw("first", half)));
    BOOST_TEST(failed_with(work.append("b", raw("second", half)), errc::append_too_large,
                           {"together", "append_bytes_max = 1048576"}));
    BOOST_TEST(failed_with(work.commit(), errc::append_too_large));

    transaction bad = log->begin();
    must(bad.append("a", raw()));
    BOOST_TEST(failed_with(bad.append("", raw()), errc::invalid_stream_name));
    BOOST_TEST(failed_with(bad.commit(), errc::invalid_stream_name));
    BOOST_TEST(log->head().value == 0);
}

BOOST_DATA_TEST_CASE(a_call_that_is_alone_does_the_writers_work_on_its_own_thread, all_backends,
                     backend) {
    log_under_test log{backend, small_options()};
    // The writer's thread takes what it finds before it first falls asleep.
    std::size_t own = 0;
    for (int tries = 0; own < 100 && tries != 10'000; ++tries) {
        must(log->decide([&, caller = std::this_thread::get_id()](decision&) {
            own += std::this_thread::get_id() == caller ? 1U : 0U;
        }));
    }
    BOOST_TEST(own == 100U);
}

BOOST_DATA_TEST_CASE(a_log_that_waits_for_company_has_its_work_done_by_its_own_thread, all_backends,
                     backend) {
    log_options options = small_options();
    options.linger_us = std::chrono::microseconds{1};
    log_under_test log{backend, options};
    check_that_callers_never_work(*log);
}

BOOST_AUTO_TEST_CASE(a_relaxed_log_is_flushed_by_its_own_thread_alone) {
    log_under_test log{"sqlite", small_options(), {.mode = durability::relaxed}};
    check_that_callers_never_work(*log);
}

BOOST_DATA_TEST_CASE(callers_that_come_and_go_are_all_answered, all_backends, backend) {
    log_under_test log{backend, small_options()};
    constexpr std::uint64_t callers = 4;
    constexpr std::uint64_t each = 200;
    std::vector<std::thread> threads;
    for (std::uint64_t caller = 0; caller != callers; ++caller) {
        threads.emplace_back([&] {
            auto producer = log->make_producer();
            for (std::uint64_t count = 0; count != each; ++count) {
                static_cast<void>(count % 3 == 0
                                      ? log->decide(increment)
                                      : producer.append("other", expected::any{}, raw("n")));
            }
        });
    }
    for (std::thread& thread : threads) { thread.join(); }
    BOOST_TEST(log->head().value == callers * each);
    auto const newest = must(log->read().stream("counter").backwards().limit(1).collect());
    BOOST_REQUIRE(newest.size() == 1U);
    BOOST_TEST(number_in(newest.front()) == callers * ((each + 2) / 3));
}

BOOST_AUTO_TEST_SUITE_END()
