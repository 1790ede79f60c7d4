#include "support/log_under_test.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

constexpr std::chrono::minutes long_enough{5};
constexpr std::chrono::nanoseconds at_once{0};

/// For any thread: a failure shows in what is missing then.
void append_quietly(event_log& log, int count, std::string_view type = "noted") {
    auto producer = log.make_producer();
    for (int each = 0; each != count; ++each) {
        static_cast<void>(producer.submit("s", expected::any{}, raw(type)));
    }
    static_cast<void>(producer.flush());
}

void append_some(event_log& log, int count, std::string_view type = "noted") {
    auto const before = log.head().value;
    append_quietly(log, count, type);
    BOOST_REQUIRE(log.head().value == before + static_cast<std::uint64_t>(count));
}

std::vector<std::uint64_t> take(subscription& from, std::size_t count) {
    std::vector<std::uint64_t> positions;
    while (positions.size() < count) {
        positions.push_back(must(from.next(long_enough)).position.value);
    }
    return positions;
}

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> positions;
    for (; first <= last; ++first) { positions.push_back(first); }
    return positions;
}

} // namespace

BOOST_AUTO_TEST_SUITE(subscribing)

BOOST_DATA_TEST_CASE(catches_up_and_follows_without_gap_or_duplicate, all_backends, backend) {
    for (std::size_t const cache_bytes : std::vector<std::size_t>{0, 4'000, 16 << 20}) {
        for (bool const is_filtered : {false, true}) {
            BOOST_TEST_CONTEXT("cache " << cache_bytes << ", filtered " << is_filtered) {
                constexpr std::uint64_t count = 1'500;
                log_options options = small_options();
                options.record_cache_bytes = cache_bytes;
                log_under_test log{backend, options};
                append_some(*log, 300);
                std::latch halfway{1};
                std::jthread appending{[&] {
                    auto producer = log->make_producer();
                    for (std::uint64_t each = 300; each != count; ++each) {
                        if (each == 600) { halfway.count_down(); }
                        static_cast<void>(producer.submit("s", expected::any{},
                                                          raw(each % 3 == 2 ? "third" : "noted")));
                        if (each % 50 == 0) { static_cast<void>(producer.flush()); }
                    }
                    static_cast<void>(producer.flush());
                }};
                halfway.wait();
                auto events =
                    must(is_filtered ? log->subscribe(query{}.type("third"), position{100})
                                     : log->subscribe({}, position{100}));
                std::vector<std::uint64_t> wanted;
                for (std::uint64_t at = 101; at <= count; ++at) {
                    if (!is_filtered || (at > 300 && at % 3 == 0)) { wanted.push_back(at); }
                }
                auto const got = take(events, wanted.size());
                BOOST_TEST((got == wanted));
                appending.join();
                BOOST_TEST(failed_with(events.next(at_once), errc::deadline_exceeded));
                BOOST_TEST(events.at().value == count);
            }
        }
    }
}

BOOST_DATA_TEST_CASE(several_subscribers_each_get_every_event, all_backends, backend) {
    constexpr int count = 500;
    log_under_test log{backend, small_options()};
    std::atomic<int> wrong{0};
    {
        std::vector<std::jthread> subscribers;
        for (int number = 0; number != 4; ++number) {
            subscribers.emplace_back([&, number] {
                auto events = log->subscribe(number % 2 == 0 ? query{} : query{}.stream("s"));
                std::uint64_t next = 1;
                while (next <= count) {
                    auto const batch =
                        events->next_batch(7, subscription::clock_type::now() + long_enough);
                    if (!batch || batch->empty() || batch->size() > 7) {
                        ++wrong;
                        return;
                    }
                    for (event const& each : *batch) {
                        if (each.position.value != next++) { ++wrong; }
                    }
                }
            });
        }
        append_some(*log, count);
    }
    BOOST_TEST(wrong.load() == 0);
}

BOOST_DATA_TEST_CASE(starts_at_any_position, all_backends, backend) {
    log_under_test log{backend, small_options()};
    append_some(*log, 100);
    auto from_start = must(log->subscribe());
    BOOST_TEST(take(from_start, 100) == from_to(1, 100), boost::test_tools::per_element());
    auto from_middle = must(log->subscribe({}, position{64}));
    BOOST_TEST(take(from_middle, 36) == from_to(65, 100), boost::test_tools::per_element());
    auto from_head = must(log->subscribe({}, log->head()));
    BOOST_TEST(failed_with(from_head.next(at_once), errc::deadline_exceeded));
    auto from_beyond = must(log->subscribe({}, position{101}));
    append_some(*log, 2);
    BOOST_TEST(take(from_head, 2) == from_to(101, 102), boost::test_tools::per_element());
    BOOST_TEST(take(from_beyond, 1) == from_to(102, 102), boost::test_tools::per_element());
    for (std::uint64_t const far :
         std::vector<std::uint64_t>{position::max_value, std::uint64_t(-1)}) {
        auto never = must(log->subscribe({}, position{far}));
        BOOST_TEST(failed_with(never.next(at_once), errc::deadline_exceeded));
    }
}

BOOST_DATA_TEST_CASE(batch_waits_for_its_first_event_only, all_backends, backend) {
    log_under_test log{backend};
    auto events = must(log->subscribe());
    auto const now = [] { return subscription::clock_type::now(); };
    BOOST_TEST(failed_with(events.next_batch(10, now()), errc::deadline_exceeded));
    append_some(*log, 5);
    BOOST_TEST(positions_of(must(events.next_batch(3, now()))) == from_to(1, 3),
               boost::test_tools::per_element());
    BOOST_TEST(positions_of(must(events.next_batch(3, now() + long_enough))) == from_to(4, 5),
               boost::test_tools::per_element());
    std::jthread appending{[&] { append_quietly(*log, 1); }};
    BOOST_TEST(positions_of(must(events.next_batch(3, now() + long_enough))) == from_to(6, 6),
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(place_moves_over_what_does_not_match, all_backends, backend) {
    log_under_test log{backend, small_options()};
    append_some(*log, 50);
    append_some(*log, 1, "rare");
    append_some(*log, 50);
    auto events = must(log->subscribe(query{}.type("rare")));
    BOOST_TEST(events.at().value == 0);
    BOOST_TEST(must(events.next(at_once)).position.value == 51);
    BOOST_TEST(failed_with(events.next(at_once), errc::deadline_exceeded));
    BOOST_TEST(events.at().value == 101);
}

BOOST_DATA_TEST_CASE(cancel_ends_a_blocking_wait_from_another_thread, all_backends, backend) {
    log_under_test log{backend};
    auto events = must(log->subscribe());
    std::jthread cancelling{[&] { events.cancel(); }};
    BOOST_TEST(failed_with(events.next(long_enough), errc::cancelled));
    append_some(*log, 1);
    BOOST_TEST(failed_with(events.next(long_enough), errc::cancelled));
}

BOOST_DATA_TEST_CASE(cancel_ends_an_asynchronous_wait, all_backends, backend) {
    log_under_test log{backend};
    for (int round = 0; round != 50; ++round) {
        auto events = must(log->subscribe({}, log->head()));
        auto waiting = events.async_next(boost::asio::use_future);
        std::jthread cancelling{[&] { events.cancel(); }};
        BOOST_TEST(failed_with(waiting.get(), errc::cancelled));
    }
    std::future<result<event>> waiting;
    {
        auto events = must(log->subscribe());
        waiting = events.async_next(boost::asio::use_future);
    }
    BOOST_TEST(failed_with(waiting.get(), errc::cancelled)); // dropped
}

BOOST_DATA_TEST_CASE(cancel_is_not_lost_while_events_arrive, all_backends, backend) {
    // The waker of an asynchronous wait is replaced again and again by events that do not match.
    log_under_test log{backend};
    boost::asio::thread_pool pool{3};
    for (int round = 0; round != 20; ++round) {
        auto events = must(log->subscribe(query{}.type("never"), log->head()));
        auto waiting = events.async_next(boost::asio::bind_executor(pool, boost::asio::use_future));
        append_some(*log, 10);
        events.cancel();
        BOOST_TEST(failed_with(waiting.get(), errc::cancelled));
    }
    pool.join();
}

BOOST_DATA_TEST_CASE(callbacks_get_every_event_on_their_executor, all_backends, backend) {
    constexpr std::uint64_t count = 300;
    log_under_test log{backend, small_options()};
    append_some(*log, 100);
    boost::asio::io_context context;
    auto events = must(log->subscribe());
    std::vector<std::uint64_t> got;
    std::function<void(result<event>)> on_event = [&](result<event> next) {
        got.push_back(must(std::move(next)).position.value);
        if (got.size() != count) {
            events.async_next(boost::asio::bind_executor(context, std::ref(on_event)));
        }
    };
    events.async_next(boost::asio::bind_executor(context, std::ref(on_event)));
    std::jthread appending{[&] { append_quietly(*log, count - 100); }};
    context.run();
    BOOST_TEST((got == from_to(1, count)));
}

BOOST_DATA_TEST_CASE(coroutine_follows_live, all_backends, backend) {
    constexpr std::uint64_t count = 200;
    log_under_test log{backend};
    boost::asio::io_context context;
    auto events = must(log->subscribe(query{}.tag("wanted")));
    auto producer = log->make_producer();
    event_details const wanted{.tags = {"wanted"}};
    std::uint64_t seen = 0;
    auto const follow = [&]() -> boost::asio::awaitable<void> {
        while (seen != count) {
            event const next = must(co_await events.async_next(boost::asio::use_awaitable));
            BOOST_TEST(next.position.value == ++seen * 2);
        }
    };
    auto const append = [&]() -> boost::asio::awaitable<void> {
        for (std::uint64_t each = 0; each != count; ++each) {
            must(co_await producer.async_append("s", expected::any{}, raw(),
                                                boost::asio::use_awaitable));
            must(co_await producer.async_append("s", expected::any{}, raw(), wanted,
                                                boost::asio::use_awaitable));
        }
    };
    std::vector<std::exception_ptr> thrown;
    auto const keep = [&](std::exception_ptr what) {
        if (what) { thrown.push_back(what); }
    };
    boost::asio::co_spawn(context, follow(), keep);
    boost::asio::co_spawn(context, append(), keep);
    context.run();
    BOOST_TEST(thrown.empty());
    BOOST_TEST(seen == count);
}

BOOST_DATA_TEST_CASE(second_asynchronous_wait_at_once_is_an_error, all_backends, backend) {
    log_under_test log{backend};
    auto events = must(log->subscribe());
    auto first = events.async_next(boost::asio::use_future);
    auto second = events.async_next(boost::asio::use_future);
    BOOST_TEST(failed_with(second.get(), errc::invalid_argument));
    append_some(*log, 1);
    BOOST_TEST(must(first.get()).position.value == 1);
}

BOOST_DATA_TEST_CASE(closing_the_log_ends_every_wait, all_backends, backend) {
    log_under_test log{backend};
    append_some(*log, 1);
    auto blocking = must(log->subscribe({}, position{1}));
    auto asynchronous = must(log->subscribe({}, position{1}));
    auto later = must(log->subscribe());
    auto waiting = asynchronous.async_next(boost::asio::use_future);
    std::latch begun{1};
    auto blocked = std::async(std::launch::async, [&] {
        begun.count_down();
        return blocking.next(long_enough);
    });
    begun.wait();
    log.close();
    BOOST_TEST(failed_with(blocked.get(), errc::closed));
    BOOST_TEST(failed_with(waiting.get(), errc::closed));
    BOOST_TEST(failed_with(later.next(long_enough), errc::closed));
    BOOST_TEST(failed_with(later.async_next(boost::asio::use_future).get(), errc::closed));
}

BOOST_DATA_TEST_CASE(slow_subscriber_does_not_hold_the_writer_up, all_backends, backend) {
    log_options options = small_options();
    options.queue_appends_max = 16;
    log_under_test log{backend, options};
    auto slow = must(log->subscribe());
    auto waiting = must(log->subscribe({}, position{1'000}));
    append_some(*log, 1);
    BOOST_TEST(must(slow.next(at_once)).position.value == 1);
    append_some(*log, 999); // nobody takes them
    BOOST_TEST(log->head().value == 1'000);
    BOOST_TEST(take(slow, 999) == from_to(2, 1'000), boost::test_tools::per_element());
    append_some(*log, 1);
    BOOST_TEST(take(waiting, 1) == from_to(1'001, 1'001), boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(events_of_a_subscription_outlive_it, all_backends, backend) {
    std::vector<event> kept;
    {
        log_under_test log{backend, small_options()};
        append_some(*log, 20);
        auto events = must(log->subscribe());
        kept = must(events.next_batch(20, subscription::clock_type::now()));
    }
    BOOST_REQUIRE(kept.size() == 20);
    BOOST_TEST(kept[19].stream == "s");
    BOOST_TEST(kept[19].version.value == 20);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(consuming)

BOOST_DATA_TEST_CASE(consumer_goes_on_after_its_acknowledgement, all_backends, backend) {
    log_under_test log{backend, small_options()};
    append_some(*log, 100);
    {
        consumer mails = must(log->open_consumer("mails"));
        BOOST_TEST(mails.name() == "mails");
        BOOST_TEST(take(mails, 40) == from_to(1, 40), boost::test_tools::per_element());
        must(mails.acknowledge(position{30}));
        consumer other = must(log->open_consumer("other"));
        BOOST_TEST(take(other, 1) == from_to(1, 1), boost::test_tools::per_element());
    }
    {
        consumer mails = must(log->open_consumer("mails"));
        BOOST_TEST(take(mails, 2) == from_to(31, 32), boost::test_tools::per_element());
    }
    log.reopen();
    {
        consumer mails = must(log->open_consumer("mails", query{}.type("new")));
        append_some(*log, 1, "new");
        BOOST_TEST(take(mails, 1) == from_to(101, 101), boost::test_tools::per_element());
        must(mails.acknowledge(position{101}));
        must(mails.acknowledge(position{50})); // going back means: again
    }
    log.reopen();
    consumer mails = must(log->open_consumer("mails"));
    BOOST_TEST(take(mails, 51) == from_to(51, 101), boost::test_tools::per_element());
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(acknowledgement_beyond_the_head_is_refused, all_backends, backend) {
    log_under_test log{backend};
    append_some(*log, 5);
    consumer mails = must(log->open_consumer("mails"));
    must(mails.acknowledge(position{5}));
    BOOST_TEST(failed_with(mails.acknowledge(position{6}), errc::invalid_argument,
                           {"position 6", "head, 5"}));
    BOOST_TEST(failed_with(mails.acknowledge(position{std::uint64_t(-1)}), errc::invalid_argument,
                           {"18446744073709551615"}));
    BOOST_TEST(must(log->consumers()).at(0).at.value == 5);
}

BOOST_DATA_TEST_CASE(consumers_are_listed_and_removed, all_backends, backend) {
    log_under_test log{backend};
    append_some(*log, 5);
    auto const listed = [&] {
        std::vector<std::string> lines;
        for (auto const& each : must(log->consumers())) {
            lines.push_back(each.name + ' ' + std::to_string(each.at.value));
        }
        std::sort(lines.begin(), lines.end());
        return lines;
    };
    using lines = std::vector<std::string>;
    BOOST_TEST(listed() == lines{}, boost::test_tools::per_element());
    must(must(log->open_consumer("a")).acknowledge(position{1}));
    must(must(log->open_consumer("b")).acknowledge(position{2}));
    must(must(log->open_consumer("a")).acknowledge(position{3}));
    BOOST_TEST(listed() == (lines{"a 3", "b 2"}), boost::test_tools::per_element());
    must(log->remove_consumer("a"));
    must(log->remove_consumer("absent"));
    BOOST_TEST(listed() == lines{"b 2"}, boost::test_tools::per_element());
    log.reopen();
    BOOST_TEST(listed() == lines{"b 2"}, boost::test_tools::per_element());
    consumer again = must(log->open_consumer("a"));
    BOOST_TEST(take(again, 1) == from_to(1, 1), boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(name_of_a_consumer_takes_one_to_255_bytes, all_backends, backend) {
    log_under_test log{backend};
    must(log->open_consumer(std::string(255, 'c')));
    BOOST_TEST(failed_with(log->open_consumer(""), errc::invalid_argument, {"1 to 255", "0"}));
    BOOST_TEST(failed_with(log->open_consumer(std::string(256, 'c')), errc::invalid_argument,
                           {"1 to 255", "256"}));
    BOOST_TEST(failed_with(log->open_consumer("\xff"), errc::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()
