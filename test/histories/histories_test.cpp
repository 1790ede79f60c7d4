#include "histories/history_rounds.hpp"
#include "support/check_record.hpp"
#include "support/effort.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(histories)

BOOST_AUTO_TEST_CASE(what_many_threads_were_told_agrees_with_what_is_stored) {
    check_record record{"histories"};
    constexpr unsigned memory_seeds = 10;
    constexpr unsigned sqlite_seeds = 4;
    std::uint64_t const seed = random_seed();
    judged_histories done = judge_histories("memory", seed, memory_seeds, rounds(485'000));
    done += judge_histories("sqlite", seed, sqlite_seeds, rounds(50'000));
    record.count(done.operations).violations(done.violations);
    record.seeds(memory_seeds + sqlite_seeds).write();
    BOOST_TEST_MESSAGE(done.operations << " operations");
    BOOST_TEST(done.violations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
