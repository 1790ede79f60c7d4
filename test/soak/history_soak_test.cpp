#include "histories/history_rounds.hpp"
#include "support/check_record.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(history_soak)

BOOST_AUTO_TEST_CASE(half_a_billion_operations_agree_with_what_is_stored) {
    check_record record{"histories_soak"};
    constexpr unsigned memory_seeds = 960;
    constexpr unsigned sqlite_seeds = 40;
    std::uint64_t const seed = random_seed();
    judged_histories done = judge_histories("memory", seed, memory_seeds, 500'000);
    done += judge_histories("sqlite", seed, sqlite_seeds, 500'000);
    record.count(done.operations).violations(done.violations);
    record.seeds(memory_seeds + sqlite_seeds).write();
    BOOST_TEST(done.violations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
