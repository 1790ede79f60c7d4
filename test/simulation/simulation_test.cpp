#include "simulation/simulation.hpp"

#include "support/check_record.hpp"
#include "support/effort.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

using namespace swarmlog::test;

namespace {

void check_seeds(simulated_store where, std::string const& name, std::uint64_t seeds) {
    check_record record{name};
    simulated_runs const done = simulate_seeds(where, random_seed(), rounds(seeds));
    record.count(done.steps).violations(done.violations).seeds(done.runs).write();
    BOOST_TEST_MESSAGE(done.runs << " seeds, " << done.steps << " steps, " << done.events
                                 << " events, " << done.crashes << " crashes");
    BOOST_TEST(done.violations == 0U, done.first_wrong);
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulation)

BOOST_AUTO_TEST_CASE(a_log_in_memory_answers_as_the_model_does) {
    check_seeds(simulated_store::memory, "simulation_memory", 1'500);
}

BOOST_AUTO_TEST_CASE(a_log_on_sqlite_answers_as_the_model_does_whatever_fails_or_crashes) {
    check_seeds(simulated_store::sqlite, "simulation_sqlite", 3'500);
}

// The same ones each time, and few: what has a planted bug in it must fail soon.
BOOST_AUTO_TEST_CASE(the_first_seeds_keep_every_promise) {
    for (auto const where : {simulated_store::memory, simulated_store::sqlite}) {
        for (std::uint64_t seed = 1; seed <= rounds(150); ++seed) {
            simulated_runs const done = simulate_seeds(where, seed, 1);
            BOOST_REQUIRE_MESSAGE(done.violations == 0U, done.first_wrong);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_trace_and_another_one_another) {
    std::uint64_t const seed = random_seed();
    for (auto const where : {simulated_store::memory, simulated_store::sqlite}) {
        for (std::uint64_t each = seed; each != seed + rounds(50); ++each) {
            std::string const first = simulate(where, each).trace;
            BOOST_TEST(first == simulate(where, each).trace, "seed " << each);
            BOOST_TEST(first != simulate(where, each + 1).trace, "seed " << each);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
