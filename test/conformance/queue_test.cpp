#include "support/log_under_test.hpp"

#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

/// Holds the writer's thread inside a decision, so that the queue fills up behind it.
class held_writer {
public:
    explicit held_writer(event_log& log) {
        holder_ = log.async_decide(
            [this](decision&) {
                held_.count_down();
                go_.wait();
            },
            boost::asio::use_future);
        held_.wait();
    }
    ~held_writer() { let_go(); }
    void let_go() {
        if (!holder_.valid()) { return; }
        go_.count_down();
        static_cast<void>(holder_.get());
    }

private:
    std::latch held_{1};
    std::latch go_{1};
    std::future<result<receipt>> holder_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(queue)

BOOST_DATA_TEST_CASE(full_by_count_is_refused_at_once_and_nothing_is_lost, all_backends, backend) {
    log_options options = by_hand();
    options.queue_appends_max = 4;
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    std::vector<pending_append> waiting;
    for (int count = 0; count != 4; ++count) {
        waiting.push_back(must(producer.try_append("s", expected::any{}, raw())));
    }
    auto const refused = producer.try_append("s", expected::any{}, raw());
    BOOST_TEST(failed_with(refused, errc::queue_full, {"queue_appends_max = 4"}));
    BOOST_TEST(refused.error().is_refused());
    BOOST_TEST(log->statistics().queued_appends == 4);
    auto future = producer.async_append("s", expected::any{}, raw(), boost::asio::use_future);
    BOOST_TEST(failed_with(future.get(), errc::queue_full));

    BOOST_TEST(log->run_once());
    BOOST_TEST(log->statistics().queued_appends == 0);
    for (auto& each : waiting) { must(each.get()); }
    auto last = must(producer.try_append("s", expected::any{}, raw()));
    BOOST_TEST(must(last.get()).first.value == 5); // a blocking call drives the writer itself
    BOOST_TEST(log->head().value == 5);
}

BOOST_DATA_TEST_CASE(full_by_bytes_is_refused_at_once, all_backends, backend) {
    log_options options = by_hand();
    options.limits.event_bytes_max = 1'000;
    options.limits.append_bytes_max = 1'500;
    options.queue_bytes_max = 2'000;
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    std::string const data = '"' + std::string(900, 'x') + '"';
    auto first = must(producer.try_append("s", expected::any{}, raw("t", data)));
    auto second = must(producer.try_append("s", expected::any{}, raw("t", data)));
    BOOST_TEST(log->statistics().queued_bytes == 2 * (data.size() + 2));
    BOOST_TEST(failed_with(producer.try_append("s", expected::any{}, raw("t", data)),
                           errc::queue_full, {"queue_bytes_max = 2000"}));
    auto small = must(producer.try_append("s", expected::any{}, raw("t", "1")));
    BOOST_TEST(log->run_once());
    BOOST_TEST(must(small.get()).first.value == 3);
    BOOST_TEST(log->statistics().queued_bytes == 0);
    must(first.get());
    must(second.get());
}

BOOST_DATA_TEST_CASE(waiting_calls_are_refused_after_the_deadline, all_backends, backend) {
    log_options options;
    options.queue_appends_max = 2;
    options.queue_wait_max = std::chrono::milliseconds{20};
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    held_writer held{*log};
    must(producer.submit("s", expected::any{}, raw()));
    must(producer.submit("s", expected::any{}, raw()));
    for (int count = 0; count != 3; ++count) {
        auto const began = std::chrono::steady_clock::now();
        BOOST_TEST(failed_with(producer.submit("s", expected::any{}, raw()), errc::queue_full));
        BOOST_TEST((std::chrono::steady_clock::now() - began >= options.queue_wait_max));
        BOOST_TEST(failed_with(producer.append("s", expected::any{}, raw()), errc::queue_full));
        BOOST_TEST(failed_with(log->decide([](decision&) {}), errc::queue_full));
    }
    held.let_go();
    flush_summary const summary = producer.flush();
    BOOST_TEST(summary.accepted == 2);
    BOOST_TEST(summary.rejected == 0);
    BOOST_TEST(log->head().value == 2);
}

BOOST_DATA_TEST_CASE(waiting_calls_go_on_when_there_is_room, all_backends, backend) {
    log_options options;
    options.queue_appends_max = 2;
    options.queue_wait_max = std::chrono::minutes{5};
    log_under_test log{backend, options};
    std::atomic<int> failed{0};
    {
        held_writer held{*log};
        std::vector<std::jthread> threads;
        for (int number = 0; number != 4; ++number) {
            threads.emplace_back([&] {
                auto producer = log->make_producer();
                for (int count = 0; count != 200; ++count) {
                    if (!producer.submit("s", expected::any{}, raw())) { ++failed; }
                }
                if (!producer.append("s", expected::any{}, raw())) { ++failed; }
                if (producer.flush().accepted != 200) { ++failed; }
            });
        }
        held.let_go();
    }
    BOOST_TEST(failed.load() == 0);
    BOOST_TEST(log->head().value == 4 * 201);
}

BOOST_DATA_TEST_CASE(by_hand_blocking_calls_make_room_themselves, all_backends, backend) {
    log_options options = by_hand();
    options.queue_appends_max = 2;
    options.queue_wait_max = std::chrono::milliseconds{50};
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    auto const fill = [&] {
        while (producer.try_append("s", expected::any{}, raw())) {}
        BOOST_TEST(log->statistics().queued_appends == 2);
    };
    fill();
    must(producer.submit("s", expected::any{}, raw()));
    fill();
    must(producer.append("s", expected::any{}, raw()));
    fill();
    must(log->decide([](decision& now) { return now.append("s", raw()); }));
    fill();
    must(log->checkpoint());
    flush_summary const summary = producer.flush();
    BOOST_TEST(summary.accepted == 1);
    BOOST_TEST(summary.rejected == 0);
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(group_closes_at_its_event_limit, all_backends, backend) {
    log_options options = by_hand();
    options.group_events_max = 4;
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    for (int count = 0; count != 10; ++count) {
        must(producer.submit("s", expected::any{}, raw()));
    }
    std::vector<std::uint64_t> heads;
    while (log->run_once()) { heads.push_back(log->head().value); }
    BOOST_TEST(heads == (std::vector<std::uint64_t>{4, 8, 10}), boost::test_tools::per_element());
    BOOST_TEST(log->statistics().groups == 3);
    BOOST_TEST(log->statistics().appends_accepted == 10);
    BOOST_TEST(producer.flush().accepted == 10);
}

BOOST_DATA_TEST_CASE(group_closes_soon_after_its_byte_limit, all_backends, backend) {
    log_options options = by_hand();
    options.group_bytes_max = 1'000;
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    std::string const data = '"' + std::string(500, 'x') + '"';
    constexpr std::uint64_t count = 300;
    for (std::uint64_t each = 0; each != count; ++each) {
        must(producer.submit("s", expected::any{}, raw("t", data)));
    }
    std::uint64_t groups = 0;
    while (log->run_once()) { ++groups; }
    // The writer takes tickets by the stride and knows their size only then.
    BOOST_TEST(groups >= count / 64);
    BOOST_TEST(producer.flush().accepted == count);
    BOOST_TEST(log->head().value == count);
}

BOOST_DATA_TEST_CASE(append_larger_than_a_group_is_committed_whole, all_backends, backend) {
    log_options options = by_hand(small_options());
    options.group_events_max = 2;
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    append_request request = producer.new_append();
    for (int count = 0; count != 500; ++count) { request.add("s", raw()); }
    auto waiting = must(producer.try_append(std::move(request)));
    BOOST_TEST(log->run_once());
    BOOST_TEST(must(waiting.get()).last.value == 500);
    BOOST_TEST(log->statistics().records == 1);
    BOOST_TEST(log->statistics().groups == 1);
}

BOOST_DATA_TEST_CASE(linger_ends_when_the_group_is_full, all_backends, backend) {
    log_options options;
    options.linger_us = std::chrono::minutes{30};
    options.group_events_max = 3;
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    std::vector<pending_append> waiting;
    for (int count = 0; count != 3; ++count) {
        waiting.push_back(must(producer.try_append("s", expected::any{}, raw())));
    }
    for (auto& each : waiting) { must(each.get()); }
    BOOST_TEST(log->statistics().groups == 1);
}

BOOST_DATA_TEST_CASE(linger_ends_when_the_log_is_closed, all_backends, backend) {
    log_options options;
    options.linger_us = std::chrono::minutes{30};
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    auto waiting = must(producer.try_append("s", expected::any{}, raw()));
    log.close();
    BOOST_TEST(must(waiting.get()).first.value == 1);
    log.reopen();
    BOOST_TEST(log->head().value == 1);
}

BOOST_DATA_TEST_CASE(linger_over_sends_a_lone_append, all_backends, backend) {
    log_options options;
    options.linger_us = std::chrono::milliseconds{2};
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    BOOST_TEST(must(producer.append("s", expected::any{}, raw())).first.value == 1);
    BOOST_TEST(must(producer.append("s", expected::any{}, raw())).first.value == 2);
}

BOOST_DATA_TEST_CASE(nothing_happens_by_hand_until_it_is_run, all_backends, backend) {
    log_under_test log{backend, by_hand()};
    auto producer = log->make_producer();
    BOOST_TEST(!log->run_once());
    auto waiting = must(producer.try_append("s", expected::any{}, raw()));
    auto decided = log->async_decide([](decision& now) { return now.append("s", raw()); },
                                     boost::asio::use_future);
    BOOST_TEST(!waiting.ready());
    BOOST_TEST(log->head().value == 0);
    BOOST_TEST(all_events(*log).empty());
    BOOST_TEST(log->run_once());
    BOOST_TEST(waiting.ready());
    BOOST_TEST(must(waiting.get()).first.value == 1);
    BOOST_TEST(must(decided.get()).first.value == 2);
    BOOST_TEST(!log->run_once());
    BOOST_TEST(log->head().value == 2);
}

BOOST_DATA_TEST_CASE(thread_driven_log_is_not_run_by_hand, all_backends, backend) {
    log_under_test log{backend};
    BOOST_TEST(!log->run_once());
}

BOOST_AUTO_TEST_SUITE_END()
