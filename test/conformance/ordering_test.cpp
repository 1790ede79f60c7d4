#include "support/log_under_test.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

/// What must hold of every log: dense positions, dense versions, strictly rising times.
void check_order(event_log& log, std::uint64_t events_expected) {
    std::map<std::string, std::uint64_t, std::less<>> versions;
    std::uint64_t position_before = 0;
    timestamp time_before = timestamp::min();
    bool in_order = true;
    for (event_view const& each : log.read()) {
        auto version = versions.find(each.stream);
        if (version == versions.end()) {
            version = versions.emplace(std::string{each.stream}, 0).first;
        }
        in_order = in_order && each.position.value == position_before + 1 &&
                   each.version.value == version->second + 1 && each.recorded_at > time_before;
        position_before = each.position.value;
        version->second = each.version.value;
        time_before = each.recorded_at;
    }
    BOOST_TEST(in_order);
    BOOST_TEST(position_before == events_expected);
}

/// Whether each stream's events carry the numbers 0, 1, 2, … in its order.
bool numbers_rise(event_log& log, std::string const& stream, std::uint64_t count) {
    std::uint64_t next = 0;
    for (event_view const& each : log.read().stream(stream)) {
        if (each.data != std::to_string(next)) { return false; }
        ++next;
    }
    return next == count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ordering)

BOOST_DATA_TEST_CASE(strand_that_hops_over_threads_keeps_its_order, all_backends, backend) {
    constexpr std::uint64_t count = 4'000;
    log_under_test log{backend};
    auto producer = log->make_producer();
    std::vector<std::uint64_t> answered;
    std::atomic<std::uint64_t> failed{0};
    {
        boost::asio::thread_pool pool{4};
        auto strand = boost::asio::make_strand(pool.get_executor());
        for (std::uint64_t number = 0; number != count; ++number) {
            boost::asio::post(strand, [&, number] {
                producer.async_append("s", expected::any{}, raw("n", std::to_string(number)),
                                      boost::asio::bind_executor(strand, [&](result<receipt> got) {
                                          if (!got) {
                                              ++failed;
                                              return;
                                          }
                                          answered.push_back(got->first.value);
                                      }));
            });
        }
        pool.join();
    }
    BOOST_TEST(failed.load() == 0);
    BOOST_TEST(answered.size() == count);
    BOOST_TEST(std::is_sorted(answered.begin(), answered.end()));
    BOOST_TEST(numbers_rise(*log, "s", count));
    check_order(*log, count);
}

BOOST_DATA_TEST_CASE(submitting_strand_that_hops_over_threads_keeps_its_order, all_backends,
                     backend) {
    constexpr std::uint64_t count = 10'000;
    log_under_test log{backend};
    auto producer = log->make_producer();
    std::atomic<std::uint64_t> failed{0};
    {
        boost::asio::thread_pool pool{4};
        auto strand = boost::asio::make_strand(pool.get_executor());
        for (std::uint64_t number = 0; number != count; ++number) {
            boost::asio::post(strand, [&, number] {
                if (!producer.submit("s", expected::any{}, raw("n", std::to_string(number)))) {
                    ++failed;
                }
            });
        }
        pool.join();
    }
    BOOST_TEST(producer.flush().accepted == count);
    BOOST_TEST(failed.load() == 0);
    BOOST_TEST(numbers_rise(*log, "s", count));
    check_order(*log, count);
}

BOOST_DATA_TEST_CASE(sixteen_producers_each_keep_their_order, all_backends, backend) {
    constexpr std::uint64_t producers = 16;
    constexpr std::uint64_t count = 2'000;
    log_under_test log{backend};
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> failed{0};
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t number = 0; number != producers; ++number) {
            threads.emplace_back([&, own = "p" + std::to_string(number)] {
                auto producer = log->make_producer();
                for (std::uint64_t each = 0; each != count; ++each) {
                    std::string const data = std::to_string(each);
                    append_request request = producer.new_append();
                    request.add(own, raw("n", data));
                    if (each % 8 == 0) { request.add("shared", raw("n", data)); }
                    if (!producer.submit(std::move(request))) { ++failed; }
                }
                accepted += producer.flush().accepted;
            });
        }
    }
    BOOST_TEST(failed.load() == 0);
    BOOST_TEST(accepted.load() == producers * count);
    for (std::uint64_t number = 0; number != producers; ++number) {
        BOOST_TEST(numbers_rise(*log, "p" + std::to_string(number), count));
    }
    check_order(*log, producers * (count + count / 8));
    BOOST_TEST(must(log->version_of("shared")).value == producers * count / 8);
    log.reopen();
    check_order(*log, producers * (count + count / 8));
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(times_rise_while_the_clock_stands_still_or_goes_back, all_backends, backend) {
    log_under_test log{backend};
    {
        auto producer = log->make_producer();
        for (int count = 0; count != 10; ++count) {
            append_request request = producer.new_append();
            request.add("s", raw()).add("s", raw());
            must(producer.append(std::move(request)));
        }
        log.clock().advance(-std::chrono::hours{24 * 365});
        must(producer.append("s", expected::any{}, raw()));
        must(log->decide([](decision& now) {
            static_cast<void>(now.append("s", raw()));
            static_cast<void>(now.append("s", raw()));
        }));
    }
    log.reopen(); // the clock is still behind what is stored
    auto producer = log->make_producer();
    receipt const late = must(producer.append("s", expected::any{}, raw()));
    BOOST_TEST((late.recorded_at == manual_clock::begin + std::chrono::nanoseconds{23}));
    log.clock().set(manual_clock::begin + std::chrono::seconds{1});
    receipt const now = must(producer.append("s", expected::any{}, raw()));
    BOOST_TEST((now.recorded_at == manual_clock::begin + std::chrono::seconds{1}));
    check_order(*log, 25);
}

BOOST_DATA_TEST_CASE(blocking_and_pipelined_appends_of_one_producer_keep_their_order, all_backends,
                     backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    std::uint64_t number = 0;
    auto const next = [&number] { return std::to_string(number++); };
    std::vector<pending_append> waiting;
    for (int round = 0; round != 50; ++round) {
        must(producer.submit("s", expected::any{}, raw("n", next())));
        waiting.push_back(must(producer.try_append("s", expected::any{}, raw("n", next()))));
        receipt const got = must(producer.append("s", expected::any{}, raw("n", next())));
        BOOST_TEST(got.versions[0].value == number);
        BOOST_TEST(waiting.back().ready());
        BOOST_TEST(must(waiting.back().get()).versions[0].value == number - 1);
    }
    BOOST_TEST(producer.flush().accepted == 50);
    BOOST_TEST(numbers_rise(*log, "s", number));
}

BOOST_AUTO_TEST_SUITE_END()
