#include "crash_states/crash_states.hpp"
#include "support/effort.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <sstream>

using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(crash_states)

BOOST_AUTO_TEST_CASE(no_state_that_a_power_cut_could_leave_breaks_a_promise) {
    check_crash_states(random_seed(), rounds(10), rounds(100'200));
}

BOOST_AUTO_TEST_CASE(a_log_that_does_lose_is_found_out) {
    check_that_losses_are_found(random_seed(), 2, rounds(1'000));
}

// Repeats what the first case has told of.
BOOST_AUTO_TEST_CASE(a_state_that_was_told_of_is_looked_at_again) {
    char const* const name = std::getenv("SWARMLOG_CRASH_STATE");
    crash_state which{.seed = 1, .entries = 100, .draw = 0};
    if (name != nullptr) {
        char colon = 0;
        std::istringstream{name} >> which.seed >> colon >> which.entries >> colon >> which.draw;
    }
    std::string const wrong = look_at_crash_state(which);
    BOOST_TEST(wrong.empty(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
