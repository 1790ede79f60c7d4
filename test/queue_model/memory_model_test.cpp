// The memory model itself, by the litmus tests of the field: what it has to show, and what it must
// never show.
#include "queue_model/explorer.hpp"
#include "queue_model/modelled.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

using namespace swarmlog::test;
namespace modelled = swarmlog::modelled;

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto sequential = std::memory_order_seq_cst;

/// In some of many executions, `body` runs into `fail`; in which way.
std::optional<std::string> outcome_of(std::function<void()> const& body) {
    explorer world;
    for (std::uint64_t seed = 0; seed != 2'000; ++seed) {
        if (auto found = world.execute(body, seed)) { return found; }
    }
    return {};
}

void start(std::function<void()> body) { explorer::current().start_thread(std::move(body)); }

void join_all() { explorer::current().join_threads(); }

void report_if(bool seen) {
    if (seen) { explorer::current().fail("seen"); }
}

/// Each of two threads writes one place and reads the other.
bool shows_store_buffering(std::memory_order store, std::memory_order load) {
    return outcome_of([=] {
               modelled::atomic<int> left{0};
               modelled::atomic<int> right{0};
               int first = 1;
               int second = 1;
               start([&] {
                   left.store(1, store);
                   first = right.load(load);
               });
               start([&] {
                   right.store(1, store);
                   second = left.load(load);
               });
               join_all();
               report_if(first == 0 && second == 0);
           })
        .has_value();
}

/// One thread hands a value to another by a flag.
std::optional<std::string> message_passing(std::memory_order store, std::memory_order load,
                                           bool with_fences) {
    return outcome_of([=] {
        modelled::cell<int> value{0};
        modelled::atomic<int> flag{0};
        start([&] {
            value = 1;
            if (with_fences) { modelled::atomic_thread_fence(release); }
            flag.store(1, store);
        });
        start([&] {
            if (flag.load(load) == 0) { return; }
            if (with_fences) { modelled::atomic_thread_fence(acquire); }
            report_if(value != 1);
        });
        join_all();
    });
}

/// Two threads write; two others read both places, in the one and the other order.
bool readers_disagree(std::memory_order store, std::memory_order load) {
    return outcome_of([=] {
               modelled::atomic<int> left{0};
               modelled::atomic<int> right{0};
               int a = 0;
               int b = 0;
               int c = 0;
               int d = 0;
               start([&] { left.store(1, store); });
               start([&] { right.store(1, store); });
               start([&] {
                   a = left.load(load);
                   b = right.load(load);
               });
               start([&] {
                   c = right.load(load);
                   d = left.load(load);
               });
               join_all();
               report_if(a == 1 && b == 0 && c == 1 && d == 0);
           })
        .has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_model)

BOOST_AUTO_TEST_CASE(only_sequential_stores_and_loads_are_not_buffered) {
    BOOST_TEST(shows_store_buffering(release, acquire));
    BOOST_TEST(shows_store_buffering(sequential, acquire));
    BOOST_TEST(shows_store_buffering(release, sequential));
    BOOST_TEST(!shows_store_buffering(sequential, sequential));
}

BOOST_AUTO_TEST_CASE(a_value_is_handed_over_by_release_and_acquire_or_by_fences) {
    BOOST_TEST(message_passing(relaxed, acquire, false).has_value());
    BOOST_TEST(message_passing(release, relaxed, false).has_value());
    BOOST_TEST(!message_passing(release, acquire, false).has_value());
    BOOST_TEST(!message_passing(relaxed, relaxed, true).has_value());
}

BOOST_AUTO_TEST_CASE(readers_agree_on_the_order_of_sequential_stores_alone) {
    BOOST_TEST(readers_disagree(release, acquire));
    BOOST_TEST(!readers_disagree(sequential, sequential));
}

BOOST_AUTO_TEST_CASE(no_thread_sees_one_place_go_back) {
    BOOST_TEST(!outcome_of([] {
                    modelled::atomic<int> place{0};
                    start([&] {
                        place.store(1, relaxed);
                        place.store(2, relaxed);
                    });
                    start([&] {
                        int const first = place.load(relaxed);
                        report_if(place.load(relaxed) < first);
                    });
                    join_all();
                }).has_value());
}

BOOST_AUTO_TEST_CASE(a_release_goes_on_through_changes_but_not_through_stores) {
    auto const handed = [](bool by_change) {
        return !outcome_of([=] {
                    modelled::cell<int> value{0};
                    modelled::atomic<int> flag{0};
                    start([&] {
                        value = 1;
                        flag.store(1, release);
                    });
                    start([&] {
                        if (flag.load(relaxed) != 1) { return; }
                        if (by_change) {
                            flag.fetch_add(1, relaxed);
                        } else {
                            flag.store(2, relaxed);
                        }
                    });
                    start([&] {
                        if (flag.load(acquire) == 2) { report_if(value != 1); }
                    });
                    join_all();
                }).has_value();
    };
    BOOST_TEST(handed(true));
    BOOST_TEST(!handed(false));
}

BOOST_AUTO_TEST_CASE(no_change_is_lost_and_a_mutex_excludes) {
    BOOST_TEST(!outcome_of([] {
                    modelled::atomic<int> count{0};
                    modelled::mutex mutex;
                    modelled::cell<int> guarded{0};
                    auto const work = [&] {
                        int before = count.load(relaxed);
                        while (!count.compare_exchange_weak(before, before + 1, relaxed)) {}
                        std::lock_guard const lock{mutex};
                        guarded = guarded + 1;
                    };
                    start(work);
                    start(work);
                    start(work);
                    join_all();
                    report_if(count.load(relaxed) != 3 || guarded != 3);
                }).has_value());
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_execution) {
    explorer world;
    auto const trace_of = [&](std::uint64_t seed) {
        std::string trace;
        static_cast<void>(world.execute(
            [&] {
                modelled::atomic<int> place{0};
                auto const work = [&] {
                    for (int left = 5; left != 0; --left) {
                        trace += std::to_string(explorer::current().thread()) + ':' +
                                 std::to_string(place.fetch_add(1, relaxed)) + ' ';
                    }
                };
                start(work);
                start(work);
                join_all();
            },
            seed));
        return trace;
    };
    bool any_differs = false;
    for (std::uint64_t seed = 0; seed != 50; ++seed) {
        BOOST_TEST(trace_of(seed) == trace_of(seed));
        any_differs = any_differs || trace_of(seed) != trace_of(seed + 1);
    }
    BOOST_TEST(any_differs);
}

BOOST_AUTO_TEST_SUITE_END()
