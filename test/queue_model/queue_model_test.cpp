// The queue, its tickets, its wake-ups and the published head, in many orders of execution and
// under the memory model of C++.
#include "queue_model/explorer.hpp"
#include "queue_model/scenarios.hpp"
#include "support/check_record.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>

using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(queue_model)

BOOST_AUTO_TEST_CASE(nothing_goes_wrong_in_any_execution) {
    // As many for each scenario.
    char const* const asked = std::getenv("SWARMLOG_QUEUE_EXECUTIONS");
    std::uint64_t const executions = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 20'000;
    check_record record{"queue_model"};
    std::uint64_t const seed = random_seed();
    std::uint64_t count = 0;
    std::uint64_t violations = 0;
    explorer world;
    for (queue_scenario const& scenario : queue_scenarios()) {
        auto const begun = std::chrono::steady_clock::now();
        for (std::uint64_t each = 0; each != executions; ++each) {
            ++count;
            auto const wrong = world.execute(scenario.run, seed + each);
            if (!wrong) { continue; }
            ++violations;
            BOOST_TEST_ERROR(scenario.name << ": " << *wrong << ", with seed " << seed + each);
            break;
        }
        std::chrono::duration<double> const spent = std::chrono::steady_clock::now() - begun;
        BOOST_TEST_MESSAGE(scenario.name << ": " << executions << " executions in " << spent.count()
                                         << " s");
    }
    BOOST_TEST(violations == 0U);
    record.count(count).violations(violations).seeds(executions).write();
}

BOOST_AUTO_TEST_CASE(every_weakening_is_noticed) {
    constexpr std::uint64_t executions_max = 10'000;
    std::uint64_t const seed = random_seed();
    explorer world;
    std::istringstream names{SWARMLOG_WEAKENINGS};
    for (std::string name; std::getline(names, name);) {
        put_in_force(name);
        std::optional<std::string> wrong;
        std::string where;
        std::uint64_t tried = 0;
        // All scenarios in turn, so that none that notices it quickly waits for the others.
        while (!wrong && tried != executions_max) {
            for (queue_scenario const& scenario : queue_scenarios()) {
                wrong = world.execute(scenario.run, seed + tried);
                if (wrong) {
                    where = scenario.name;
                    break;
                }
            }
            ++tried;
        }
        put_in_force({});
        BOOST_TEST(wrong.has_value(), name << " was not noticed");
        if (wrong) {
            BOOST_TEST_MESSAGE(name << ": " << where << ": " << *wrong << ", after " << tried);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
