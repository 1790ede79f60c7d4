#include "crash/kill_rounds.hpp"
#include "crash_states/crash_states.hpp"
#include "fuzz/fuzz_rounds.hpp"
#include "simulation/simulation.hpp"
#include "support/check_record.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(random_soak)

BOOST_AUTO_TEST_CASE(a_hundred_thousand_kills_lose_nothing_acknowledged) {
    check_record record{"kill_ledger_soak"};
    killed_processes const done = kill_and_compare(random_seed(), 100'000);
    record.count(done.kills).violations(done.violations).seeds(done.logs).write();
    BOOST_TEST(done.violations == 0U);
    BOOST_TEST(done.kills >= 100'000U);
    BOOST_TEST(done.unreached.empty());
}

BOOST_AUTO_TEST_CASE(millions_of_states_after_a_power_cut_lose_nothing_promised) {
    check_crash_states(random_seed(), 1'000, 5'000'000);
}

BOOST_AUTO_TEST_CASE(a_million_simulations_keep_every_promise) {
    check_record record{"simulation_soak"};
    std::uint64_t const seed = random_seed();
    simulated_runs done = simulate_seeds(simulated_store::memory, seed, 300'000);
    done += simulate_seeds(simulated_store::sqlite, seed, 700'000);
    record.count(done.steps).violations(done.violations).seeds(done.runs).write();
    BOOST_TEST(done.violations == 0U, done.first_wrong);
}

BOOST_AUTO_TEST_CASE(millions_of_inputs_make_no_reader_of_bytes_crash) {
    fuzz_everything(random_seed(), 2'000'000);
}

BOOST_AUTO_TEST_SUITE_END()
