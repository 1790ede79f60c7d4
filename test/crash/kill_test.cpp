#include "crash/kill_ledger.hpp"
#include "crash/kill_rounds.hpp"
#include "crash/ledger_tallies.hpp"
#include "crash/numbered_append.hpp"
#include "support/check_record.hpp"
#include "support/effort.hpp"
#include "support/expect_result.hpp"
#include "support/random_seed.hpp"

#include <swarmlog/backends/open_memory.hpp>
#include <swarmlog/projections/projection_set.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

using kind = report_of_child::kind;

/// What a ledger finds wrong with a log that holds these appends, of one producer, all of which
/// were sent and acknowledged as it says.
std::string compare_with(std::vector<std::uint64_t> const& stored,
                         std::vector<report_of_child> const& told) {
    projection_set projections;
    projections.add(ledger_tallies{});
    log_options options{.codec = record_codec::none};
    options.state = projections;
    auto log = must(open_memory(options));
    auto source = log.make_producer();
    for (std::uint64_t const number : stored) {
        append_request request = source.new_append();
        numbered_append{number}.add_to(request);
        static_cast<void>(must(source.append(std::move(request))));
    }
    kill_ledger ledger;
    for (report_of_child const& each : told) {
        if (std::string wrong = ledger.note(each); !wrong.empty()) { return wrong; }
    }
    return ledger.compare(log, true);
}

report_of_child sent(std::uint64_t number) { return {.what = kind::sent, .number = number}; }

report_of_child accepted(std::uint64_t number, std::uint64_t first) {
    return {.what = kind::accepted,
            .number = number,
            .first = first,
            .last = first + numbered_append{number}.event_count() - 1};
}

} // namespace

BOOST_AUTO_TEST_SUITE(killed_process)

BOOST_AUTO_TEST_CASE(
    a_process_killed_anywhere_loses_nothing_acknowledged_and_leaves_no_half_append) {
    if (is_sanitized) {
        BOOST_TEST_MESSAGE("left out: each kill is a fork, and a sanitizer's memory makes it dear");
        return;
    }
    check_record record{"kill_ledger"};
    killed_processes const done = kill_and_compare(random_seed(), 2'000);
    record.count(done.kills).violations(done.violations).seeds(done.logs).write();
    BOOST_TEST_MESSAGE(done.kills << " kills of " << done.logs << " logs: " << done.at_random
                                  << " at random, " << done.at_failpoints << " at failpoints, "
                                  << done.at_functions << " at other functions; " << done.power_cuts
                                  << " power cuts, " << done.losses << " of them with losses");
    BOOST_TEST(done.violations == 0U);
    BOOST_TEST(done.kills >= 2'000U);
    BOOST_TEST(done.losses != 0U, "power cuts of relaxed logs cost nothing");
    for (std::string const& each : done.unreached) { BOOST_ERROR("never reached: " << each); }
}

// Few, from the same seed each time: what has a planted bug in it must fail soon.
BOOST_AUTO_TEST_CASE(the_first_kills_lose_nothing_acknowledged) {
    if (is_sanitized) { return; }
    BOOST_TEST(kill_and_compare(1, 150).violations == 0U);
}

// What the rounds rely on can fail.
BOOST_AUTO_TEST_CASE(a_log_that_is_not_what_was_told_is_noticed) {
    std::vector<report_of_child> const all{sent(1), sent(2), sent(3), sent(4)};
    auto const with = [&](std::vector<report_of_child> told) {
        told.insert(told.begin(), all.begin(), all.end());
        return told;
    };
    report_of_child const rejected{
        .what = kind::rejected,
        .number = 2,
        .first = static_cast<std::uint64_t>(errc::stream_already_exists)};
    BOOST_TEST(compare_with({1, 2, 3, 4}, with({accepted(1, 1), accepted(4, 7)})) == "");
    BOOST_TEST(compare_with({1, 2}, with({accepted(1, 1)})) == "");
    BOOST_TEST(compare_with({1, 3}, with({rejected})) == "");

    BOOST_TEST(compare_with({1, 2}, with({accepted(3, 3)})) != "", "acknowledged and lost");
    BOOST_TEST(compare_with({1, 2}, with({accepted(2, 1)})) != "", "elsewhere");
    BOOST_TEST(compare_with({1, 2}, with({rejected})) != "", "rejected and there");
    BOOST_TEST(compare_with({1, 2, 5}, all) != "", "never sent");
    BOOST_TEST(compare_with({1, 2, 2}, all) != "", "twice");
    BOOST_TEST(compare_with({1, 3, 2}, all) != "", "out of order");
    BOOST_TEST(compare_with({1}, with({accepted(1, 1), accepted(1, 2)})) != "", "told twice");
    report_of_child const opened{.what = kind::opened, .number = 1, .first = 3};
    BOOST_TEST(compare_with({1}, with({opened})) != "", "a loss");
    report_of_child const consumed{.what = kind::consumed, .number = 1};
    BOOST_TEST(compare_with({1}, with({consumed})) != "", "a checkpoint that is gone");
}

BOOST_AUTO_TEST_SUITE_END()
