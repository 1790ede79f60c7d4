#include "fuzz/entry_points.hpp"
#include "fuzz/fuzz_rounds.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(fuzz)

BOOST_AUTO_TEST_CASE(no_bytes_make_a_reader_of_bytes_crash) {
    swarmlog::test::fuzz_everything(swarmlog::test::random_seed(), 20'000);
}

BOOST_AUTO_TEST_CASE(empty_input_is_no_input_to_crash_on) {
    using namespace swarmlog::test;
    std::uint8_t const nothing = 0;
    for (fuzz_entry const entry : {fuzz_record, fuzz_stored_record, fuzz_frame, fuzz_run_block,
                                   fuzz_run_guide, fuzz_run_header, fuzz_json, fuzz_typed_event,
                                   fuzz_timestamp, fuzz_event_id, fuzz_append}) {
        BOOST_TEST(entry(&nothing, 0) == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
