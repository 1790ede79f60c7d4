#include "fuzz/fuzz_rounds.hpp"
#include "fuzz/fuzz_targets.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>

BOOST_AUTO_TEST_SUITE(fuzz)

BOOST_AUTO_TEST_CASE(no_bytes_make_a_reader_of_bytes_crash) {
    swarmlog::test::fuzz_everything(swarmlog::test::random_seed(), 20'000);
}

BOOST_AUTO_TEST_CASE(empty_input_is_no_input_to_crash_on) {
    std::uint8_t const nothing = 0;
    for (swarmlog::test::fuzz_target const& each : swarmlog::test::fuzz_targets()) {
        BOOST_TEST(each.entry(&nothing, 0) == 0, each.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
