#include "support/log_under_test.hpp"

#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(closing)

BOOST_DATA_TEST_CASE(closed_log_answers_closed, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    must(producer.append("s", expected::any{}, raw()));
    transaction work = log->begin();
    must(work.append("s", raw()));
    auto events = must(log->subscribe());
    consumer mails = must(log->open_consumer("mails"));
    must(log->close());

    BOOST_TEST(failed_with(producer.append("s", expected::any{}, raw()), errc::closed));
    BOOST_TEST(failed_with(producer.try_append("s", expected::any{}, raw()), errc::closed));
    BOOST_TEST(failed_with(producer.submit("s", expected::any{}, raw()), errc::closed));
    BOOST_TEST(failed_with(
        producer.async_append("s", expected::any{}, raw(), boost::asio::use_future).get(),
        errc::closed));
    BOOST_TEST(producer.flush().accepted == 0);
    BOOST_TEST(failed_with(log->decide([](decision&) {}), errc::closed));
    BOOST_TEST(failed_with(log->async_decide([](decision&) {}, boost::asio::use_future).get(),
                           errc::closed));
    BOOST_TEST(failed_with(work.commit(), errc::closed));
    BOOST_TEST(failed_with(log->begin().commit(), errc::closed));
    BOOST_TEST(failed_with(log->read().next(), errc::closed));
    BOOST_TEST(failed_with(log->read().count(), errc::closed));
    BOOST_TEST(failed_with(log->find(make_event_id(manual_clock::begin, 1, 1)), errc::closed));
    BOOST_TEST(failed_with(log->wait_for(position{9}, std::chrono::minutes{5}), errc::closed));
    BOOST_TEST(failed_with(log->version_of("s"), errc::closed));
    BOOST_TEST(failed_with(log->for_each_stream([](key_info const&) {}), errc::closed));
    BOOST_TEST(failed_with(log->subscribe(), errc::closed));
    BOOST_TEST(failed_with(events.next(std::chrono::minutes{5}), errc::closed));
    BOOST_TEST(failed_with(mails.acknowledge(position{1}), errc::closed));
    BOOST_TEST(failed_with(log->open_consumer("other"), errc::closed));
    BOOST_TEST(failed_with(log->consumers(), errc::closed));
    BOOST_TEST(failed_with(log->remove_consumer("mails"), errc::closed));
    BOOST_TEST(failed_with(log->refresh(), errc::closed));
    BOOST_TEST(failed_with(log->checkpoint(), errc::closed));
    BOOST_TEST(failed_with(log->compact(), errc::closed));
    BOOST_TEST(failed_with(log->backup_to("/nowhere/at/all"), errc::closed));
    BOOST_TEST(failed_with(log->sizes(), errc::closed));
    BOOST_TEST(failed_with(log->verify(), errc::closed));
    BOOST_TEST(!log->run_once());
    BOOST_TEST(log->head().value == 1);
    must(log->close()); // once more is nothing
    log.drop();
    BOOST_TEST(failed_with(producer.append("s", expected::any{}, raw()), errc::closed));
    log.reopen();
    BOOST_TEST(log->head().value == 1);
}

BOOST_DATA_TEST_CASE(dropped_log_commits_what_is_queued, all_backends, backend) {
    log_under_test log{backend, by_hand()};
    auto producer = log->make_producer();
    std::vector<pending_append> waiting;
    for (int each = 0; each != 10; ++each) {
        waiting.push_back(must(producer.try_append("s", expected::any{}, raw())));
        must(producer.submit("s", expected::any{}, raw()));
    }
    auto future = producer.async_append("s", expected::any{}, raw(), boost::asio::use_future);
    log.drop();
    for (auto& each : waiting) { must(each.get()); }
    BOOST_TEST(must(future.get()).first.value == 21);
    flush_summary const summary = producer.flush();
    BOOST_TEST(summary.accepted == 10);
    BOOST_TEST(summary.rejected == 0);
    log.reopen();
    BOOST_TEST(log->head().value == 21);
}

BOOST_DATA_TEST_CASE(dropped_log_answers_closed_to_those_it_has_no_time_for, all_backends,
                     backend) {
    log_options options = by_hand();
    options.close_wait_max = std::chrono::milliseconds{0};
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    must(producer.append("s", expected::any{}, raw()));
    std::vector<pending_append> waiting;
    for (int each = 0; each != 10; ++each) {
        waiting.push_back(must(producer.try_append("s", expected::any{}, raw())));
        must(producer.submit("s", expected::any{}, raw()));
    }
    auto future = producer.async_append("s", expected::any{}, raw(), boost::asio::use_future);
    auto decided =
        log->async_decide([](decision&) { BOOST_ERROR("it was run"); }, boost::asio::use_future);
    log.drop();
    for (auto& each : waiting) { BOOST_TEST(failed_with(each.get(), errc::closed)); }
    BOOST_TEST(failed_with(future.get(), errc::closed));
    BOOST_TEST(failed_with(decided.get(), errc::closed));
    flush_summary const summary = producer.flush();
    BOOST_TEST(summary.accepted == 0);
    BOOST_TEST(summary.rejected == 10);
    BOOST_TEST(failed_with(summary.first_failure, errc::closed));
    log.reopen();
    BOOST_TEST(log->head().value == 1);
}

BOOST_DATA_TEST_CASE(closing_under_fire_answers_every_caller_exactly_once, all_backends, backend) {
    for (int round = 0; round != 5; ++round) {
        log_under_test log{backend};
        constexpr std::size_t callers = 8;
        std::vector<std::uint64_t> committed(callers, 0);
        std::atomic<int> wrong{0};
        std::atomic<std::uint64_t> callbacks_asked{0};
        std::atomic<std::uint64_t> callbacks_answered{0};
        std::atomic<std::uint64_t> callbacks_committed{0};
        {
            std::vector<std::jthread> threads;
            for (std::size_t number = 0; number != callers; ++number) {
                threads.emplace_back([&, number, producer = log->make_producer()]() mutable {
                    for (;;) {
                        ++callbacks_asked;
                        producer.async_append("s", expected::any{}, raw(),
                                              [&](result<receipt> got) {
                                                  ++callbacks_answered;
                                                  if (got) { ++callbacks_committed; }
                                              });
                        auto const got = producer.append("s", expected::any{}, raw());
                        if (!got) {
                            if (!(got.error() == errc::closed)) { ++wrong; }
                            return;
                        }
                        ++committed[number];
                    }
                });
            }
            must(log->wait_for(position{50}, std::chrono::minutes{5}));
            must(log->close());
        }
        log.drop();
        // The system executor's threads may still have callbacks to run.
        while (callbacks_answered.load() != callbacks_asked.load()) { std::this_thread::yield(); }
        BOOST_TEST(wrong.load() == 0);
        std::uint64_t all = callbacks_committed.load();
        for (auto const each : committed) { all += each; }
        log.reopen();
        BOOST_TEST(log->head().value == all);
    }
}

BOOST_DATA_TEST_CASE(moved_handles_go_on, all_backends, backend) {
    log_under_test log{backend};
    event_log& original = *log;
    auto producer = original.make_producer();
    event_log moved = std::move(original);
    swarmlog::producer moved_producer = std::move(producer);
    must(moved_producer.append("s", expected::any{}, raw()));
    event_log assigned = must(open_memory(log_options{}));
    assigned = std::move(moved); // closes the one it had
    must(moved_producer.append("s", expected::any{}, raw()));
    auto waiting = must(moved_producer.try_append("s", expected::any{}, raw()));
    pending_append moved_waiting = std::move(waiting);
    BOOST_TEST(must(moved_waiting.get()).first.value == 3);
    reader read = assigned.read();
    reader moved_read = std::move(read);
    BOOST_TEST(must(std::move(moved_read).collect()).size() == 3);
    auto events = must(assigned.subscribe());
    subscription moved_events = std::move(events);
    BOOST_TEST(must(moved_events.next(std::chrono::minutes{5})).position.value == 1);
    log.drop(); // of what was moved from: nothing
    must(moved_producer.append("s", expected::any{}, raw()));
    must(assigned.close());
    log.reopen();
    BOOST_TEST(log->head().value == 4);
}

BOOST_AUTO_TEST_SUITE_END()
