#include "crash/fault_sweep.hpp"
#include "support/check_record.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(fault_soak)

BOOST_AUTO_TEST_CASE(half_a_million_faults_lose_nothing_acknowledged) {
    check_record record{"fault_sweep_soak"};
    swept_faults const swept = sweep_faults(random_seed(), 500, 500'000);
    record.count(swept.points).violations(swept.violations).seeds(swept.logs).write();
    BOOST_TEST(swept.violations == 0U);
    BOOST_TEST(swept.points == 500'000U);
}

BOOST_AUTO_TEST_SUITE_END()
