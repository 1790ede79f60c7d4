// Each bug that bugs.cmake plants is awakened alone, and a test that is named here has to catch
// it: by failing, by dying, or by standing still. Without a bug all these tests pass.
#include "support/check_record.hpp"
#include "support/child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace swarmlog::test;

namespace {

struct planted {
    std::string_view bug;
    std::string_view program;
    std::string_view cases; ///< as --run_test takes them
};

constexpr std::string_view first_seeds = "simulation/the_first_seeds_keep_every_promise";
constexpr std::string_view first_kills = "killed_process/the_first_kills_lose_nothing_acknowledged";

constexpr std::array all_planted{
    planted{"queue_without_bound", "conformance_test", "queue"},
    planted{"queue_without_bound", "simulation_test", first_seeds},
    planted{"writer_not_woken", "conformance_test", "appending"},
    planted{"version_check_skipped", "simulation_test", first_seeds},
    planted{"existence_check_skipped", "simulation_test", first_seeds},
    planted{"none_since_off_by_one", "simulation_test", first_seeds},
    planted{"idempotency_key_ignored", "simulation_test", first_seeds},
    planted{"idempotency_content_ignored", "conformance_test", "idempotency"},
    planted{"idempotency_content_ignored", "simulation_test", first_seeds},
    planted{"time_stands_still", "conformance_test", "ordering"},
    planted{"version_of_the_committed", "simulation_test", first_seeds},
    planted{"decision_not_taken_back", "conformance_test", "deciding"},
    planted{"decision_not_taken_back", "simulation_test", first_seeds},
    planted{"half_an_append_left", "projections_test", "projections_of_a_log"},
    planted{"half_an_append_left", "simulation_test", first_seeds},
    planted{"rows_of_a_rejected_append_left", "projections_test", "projections_of_a_log"},
    planted{"rows_of_a_rejected_append_left", "simulation_test", first_seeds},
    planted{"posting_lost", "simulation_test", first_seeds},
    planted{"index_entries_lost", "simulation_test", first_seeds},
    planted{"answer_before_commit", "crash_test", "io_fault"},
    planted{"answer_before_commit", "crash_test", first_kills},
    planted{"answer_before_commit", "simulation_test", first_seeds},
    planted{"group_kept_after_a_failure", "crash_test", "io_fault"},
    planted{"group_kept_after_a_failure", "simulation_test", first_seeds},
    planted{"rows_left_out", "projections_test", "projections_of_a_log"},
    planted{"rows_left_out", "simulation_test", first_seeds},
    planted{"flush_tried_again", "backends_test", "sqlite_faults"},
    planted{"failed_commit_left", "crash_test", "io_fault"},
    planted{"failed_flush_forgotten", "backends_test", "sqlite_faults"},
    planted{"durable_without_flush", "backends_test", "sqlite_faults"},
    planted{"mark_never_written", "crash_test", "wal_damage"},
    planted{"second_writer_let_in", "crash_test", "two_processes"},
    planted{"publish_before_commit", "crash_test", "io_fault"},
    planted{"publish_before_commit", "simulation_test", first_seeds},
    planted{"subscribers_not_woken", "conformance_test", "subscribing"},
    planted{"subscribers_not_woken", "simulation_test", first_seeds},
    planted{"subscriber_skips_one", "conformance_test", "subscribing"},
    planted{"subscriber_skips_one", "simulation_test", first_seeds},
    planted{"subscriber_sees_one_twice", "conformance_test", "subscribing"},
    planted{"subscriber_sees_one_twice", "simulation_test", first_seeds},
    planted{"chain_not_checked", "crash_test", "record_damage"},
    planted{"missing_record_not_noticed", "crash_test", "record_damage"},
    planted{"idempotency_keys_lost_by_opening", "engine_test", "condition_check"},
    planted{"end_of_a_rebuild_left_out", "projections_test", "projections_of_a_log"},
    planted{"end_of_a_rebuild_left_out", "simulation_test", first_seeds},
};

void set_variable(char const* name, std::string const& value) {
    constexpr int replaces = 1;
    ::setenv(name, value.c_str(), replaces);
}

/// The exit code, or minus the signal. Any thread.
int run(planted const& one, bool is_awake) {
    static std::mutex environment;
    std::unique_lock lock{environment};
    // The planted programs, and the children that they start, are those of another folder.
    std::string const own = std::getenv("SWARMLOG_BIN_DIR");
    set_variable("SWARMLOG_BIN_DIR", own + "/planted");
    if (is_awake) {
        set_variable("SWARMLOG_PLANTED_BUG", std::string{one.bug});
    } else {
        ::unsetenv("SWARMLOG_PLANTED_BUG");
    }
    child_process child{std::string{one.program},
                        {"--run_test=" + std::string{one.cases}, "--log_level=nothing",
                         "--report_level=no", "--catch_system_errors=no"}};
    set_variable("SWARMLOG_BIN_DIR", own);
    lock.unlock();
    while (child.next_line()) {}
    return child.wait();
}

/// What each came to, some at a time: those that stand still cost nothing but time.
std::vector<int> run_all(std::span<planted const> all, bool are_awake) {
    constexpr std::size_t at_a_time = 4;
    std::vector<int> codes(all.size());
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> runners;
    for (std::size_t each = 0; each != at_a_time; ++each) {
        runners.emplace_back([&] {
            for (std::size_t at = next++; at < all.size(); at = next++) {
                codes[at] = run(all[at], are_awake);
            }
        });
    }
    runners.clear();
    return codes;
}

std::string_view how_caught(int code) {
    if (code == -SIGALRM) { return "it stands still"; }
    return code < 0 ? "it dies" : "a check fails";
}

} // namespace

BOOST_AUTO_TEST_SUITE(planted_bugs)

BOOST_AUTO_TEST_CASE(every_planted_bug_is_assigned_to_a_test) {
    std::set<std::string> there;
    std::istringstream names{SWARMLOG_PLANTED_BUGS};
    for (std::string name; std::getline(names, name);) { there.insert(name); }
    std::set<std::string> assigned;
    for (planted const& each : all_planted) { assigned.emplace(each.bug); }
    BOOST_TEST(assigned == there, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_bug_every_test_passes) {
    std::vector<planted> sound;
    for (planted const& each : all_planted) {
        bool const is_known = std::any_of(sound.begin(), sound.end(), [&](planted const& other) {
            return other.program == each.program && other.cases == each.cases;
        });
        if (!is_known) { sound.push_back(each); }
    }
    std::vector<int> const codes = run_all(sound, false);
    for (std::size_t at = 0; at != sound.size(); ++at) {
        BOOST_TEST(codes[at] == EXIT_SUCCESS, sound[at].program << ' ' << sound[at].cases);
    }
}

BOOST_AUTO_TEST_CASE(each_bug_is_caught) {
    check_record record{"planted_bugs"};
    std::uint64_t escaped = 0;
    std::vector<int> const codes = run_all(all_planted, true);
    for (std::size_t at = 0; at != codes.size(); ++at) {
        planted const& each = all_planted[at];
        bool const is_caught = codes[at] != EXIT_SUCCESS;
        escaped += is_caught ? 0U : 1U;
        BOOST_TEST(is_caught,
                   each.bug << " is not caught by " << each.program << " " << each.cases);
        std::cout << each.bug << ": " << each.program << ' ' << each.cases << ": "
                  << (is_caught ? how_caught(codes[at]) : "not caught") << '\n';
    }
    record.count(all_planted.size()).violations(escaped).write();
}

BOOST_AUTO_TEST_SUITE_END()
