#include "crash/fault_sweep.hpp"

#include "crash/allocation_fault.hpp"
#include "crash/numbered_file.hpp"
#include "support/check_record.hpp"
#include "support/effort.hpp"
#include "support/random_seed.hpp"
#include "support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <new>
#include <optional>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(fault_sweep)

BOOST_AUTO_TEST_CASE(after_a_fault_in_any_call_answers_hold_and_nothing_acknowledged_is_lost) {
    check_record record{"fault_sweep"};
    std::uint64_t const seed = random_seed();
    constexpr std::uint64_t logs = 20;
    swept_faults const swept = sweep_faults(seed, logs, rounds(20'000));
    record.count(swept.points).violations(swept.violations).seeds(swept.logs).write();
    BOOST_TEST_MESSAGE(swept.points << " of " << swept.points_in_all << " points in " << swept.logs
                                    << " logs");
    BOOST_TEST(swept.points == rounds(20'000));
    BOOST_TEST(swept.violations == 0U);
}

BOOST_AUTO_TEST_CASE(a_writer_thread_without_memory_answers_in_doubt_and_reading_goes_on) {
    if (is_sanitized) {
        BOOST_TEST_MESSAGE("left out: no allocation can be made to fail under a sanitizer");
        return;
    }
    temporary_folder const folder;
    sqlite_log_options options = small_options();
    options.drive = writer_drive::thread;
    options.linger_us = std::chrono::microseconds{1}; // so that no caller does its work
    {
        auto log = must(open_sqlite(folder / "log.db", options));
        append_numbers(log, 1, 5);
        position const head = log.head();
        static_cast<void>(log.decide([](decision&) { allocation_fault::arm(1, true); }));
        auto source = log.make_producer();
        BOOST_TEST(fails_with(append_number(source, 6), errc::in_doubt));
        for (std::uint64_t number = 7; number != 10; ++number) {
            append_request request = source.new_append();
            numbered_append{number}.add_to(request);
            must(source.submit(std::move(request)));
        }
        auto const flushed = source.flush();
        BOOST_TEST(flushed.accepted == 0U);
        BOOST_TEST(flushed.rejected == 3U);
        BOOST_TEST(flushed.first_failure.is_in_doubt());
        BOOST_TEST(must(log.read().count()) == head.value);
    }
    auto log = must(open_sqlite(folder / "log.db", options));
    BOOST_TEST(must(log.verify()).sound());
    append_numbers(log, 10, 11);
}

// It does the writer's work itself here.
BOOST_AUTO_TEST_CASE(a_caller_without_memory_is_in_doubt_or_has_stored_nothing) {
    if (is_sanitized) {
        BOOST_TEST_MESSAGE("left out: no allocation can be made to fail under a sanitizer");
        return;
    }
    temporary_folder const folder;
    sqlite_log_options options = small_options();
    options.drive = writer_drive::thread;
    auto const append_one = [](producer& source) {
        return source.append("s", expected::any{}, raw_event{"n", "1"});
    };
    std::uint64_t thrown = 0;
    std::uint64_t in_doubt = 0;
    for (std::uint64_t nth = 1; nth <= 100; ++nth) {
        position before;
        std::optional<result<receipt>> answer;
        {
            auto log = must(open_sqlite(folder / "log.db", options));
            auto source = log.make_producer();
            before = must(append_one(source)).last;
            try {
                allocation_fault const fault{nth};
                answer = append_one(source);
            } catch (std::bad_alloc const&) { ++thrown; }
            if (answer && !*answer) {
                BOOST_TEST(fails_with(*answer, errc::in_doubt));
                BOOST_TEST(fails_with(append_one(source), errc::in_doubt));
                ++in_doubt;
            }
        }
        auto const log = must(open_sqlite(folder / "log.db", options));
        std::uint64_t const stored = must(log.read().after(before).count());
        BOOST_TEST(stored <= (answer ? 1U : 0U));
        BOOST_TEST((stored == 1U || !answer || !*answer));
        BOOST_TEST(must(log.verify()).sound());
    }
    BOOST_TEST(thrown > 0U);
    BOOST_TEST(in_doubt > 0U);
}

BOOST_AUTO_TEST_CASE(a_read_that_fails_in_a_rebuild_leaves_the_table_as_it_was) {
    swept_faults const swept = sweep_faults(0, 2, 200, "rebuild, read");
    BOOST_TEST(swept.points > 0U);
    BOOST_TEST(swept.violations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
