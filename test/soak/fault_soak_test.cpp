#include "crash/fault_sweep.hpp"
#include "support/check_record.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(fault_soak)

BOOST_AUTO_TEST_CASE(every_fault_in_logs_of_many_sizes_loses_nothing_acknowledged) {
    check_record record{"fault_sweep_soak"};
    constexpr std::uint64_t fewest_appends = 9;
    constexpr std::uint64_t most_appends = 69;
    std::uint64_t points = 0;
    std::uint64_t violations = 0;
    for (std::uint64_t appends = fewest_appends; appends != most_appends; ++appends) {
        swept_faults const swept =
            sweep_faults(0, appends, std::numeric_limits<std::uint64_t>::max());
        points += swept.points;
        violations += swept.violations;
    }
    record.count(points).violations(violations).seeds(most_appends - fewest_appends).write();
    BOOST_TEST(violations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
