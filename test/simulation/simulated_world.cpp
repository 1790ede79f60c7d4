#include "simulation/simulated_world.hpp"

#include "support/seeded_entropy.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog::test {

namespace {

constexpr std::uint64_t steps_of_a_run = 40;

/// The last lines of a trace.
std::string end_of(std::string const& trace) {
    constexpr int lines = 16;
    std::size_t from = trace.size();
    for (int each = 0; each != lines && from != 0; ++each) {
        std::size_t const found = trace.rfind('\n', from - 1);
        from = found == std::string::npos ? 0 : found;
    }
    return trace.substr(from);
}

} // namespace

void simulated_world::run() {
    open_log();
    for (std::uint64_t each = 0; each != steps_of_a_run; ++each) {
        take_a_step();
        ++told_.steps;
    }
    heal();
    if (is_sqlite() && is_troubled()) {
        reopen();
    } else {
        while (log_->run_once()) {}
        take_answers();
        settle();
    }
    check_everything(*log_);
    look_at_tables();
    told_.events = model().head();
    if (is_sqlite()) { note("files " + std::to_string(disk_->fingerprint_now())); }
}

void simulated_world::take_a_step() {
    before_ = model().head();
    // A log in doubt writes no more, so it does not stay open for long.
    if (is_sqlite() && is_troubled() && one_in(4)) {
        reopen();
        return;
    }
    switch (below(32)) {
    case 0: clock_->jump(std::chrono::hours{static_cast<int>(below(200)) - 100}); break;
    case 1:
    case 2: decide(); break;
    case 3:
    case 4:
    case 5: go_on_with_a_transaction(); break;
    case 6:
    case 7: read_some(); break;
    case 8: look_up(); break;
    case 9:
    case 10: follow(); break;
    case 11: consume(); break;
    case 12: look_at_tables(); break;
    case 13: one_in(3) ? rebuild() : maintain(); break;
    case 14: one_in(4) ? check_everything(*log_) : flush(); break;
    case 15: one_in(2) ? reopen() : flush(); break;
    case 16: is_sqlite() && one_in(2) ? arm_a_fault() : read_some(); break;
    case 17:
    case 18:
    case 19:
    case 20:
    case 21:
    case 22: drive(); break;
    default: send();
    }
    settle();
}

void simulated_world::take_answers() {
    context_->restart(); // it counts as stopped whenever nothing is left to do
    context_->poll();
}

void simulated_world::settle() {
    if (broken_) { throw violation{*broken_}; }
    if (reads_may_fail_) { heal(); } // what is compared has to be read
    take_answers();
    std::uint64_t const head = log_->head().value;
    require(head >= model().head() && head >= told_head_, "the head goes back");
    ledger_.follow(*log_, clock_->latest());
    ledger_.judge(before_, is_troubled());
    told_head_ = std::max(told_head_, model().head());
    if (mode_ != durability::relaxed) { required_head_ = told_head_; }
    for (auto const& each : followers_) { check_waiting(*each); }
    note("  " + std::to_string(model().head()) + ' ' + std::to_string(ledger_.unsettled()));
}

simulated_run simulate(simulated_store where, std::uint64_t seed) {
    simulated_disk::prepare();
    seeded_entropy const entropy{seed};
    simulated_world world{where, seed};
    try {
        world.run();
    } catch (std::exception const& failed) { world.told().wrong = failed.what(); }
    return std::move(world.told());
}

simulated_runs& simulated_runs::operator+=(simulated_runs const& more) {
    runs += more.runs;
    steps += more.steps;
    events += more.events;
    crashes += more.crashes;
    if (violations == 0) { first_wrong = more.first_wrong; }
    violations += more.violations;
    return *this;
}

simulated_runs simulate_seeds(simulated_store where, std::uint64_t first, std::uint64_t seeds) {
    simulated_runs all;
    for (std::uint64_t seed = first; seed != first + seeds; ++seed) {
        simulated_run const one = simulate(where, seed);
        ++all.runs;
        all.steps += one.steps;
        all.events += one.events;
        all.crashes += one.crashes;
        if (one.wrong.empty()) { continue; }
        if (all.violations++ == 0) {
            all.first_wrong = one.wrong +
                              "; to repeat: SWARMLOG_TEST_SEED=" + std::to_string(seed) +
                              "; the end of its trace:" + end_of(one.trace);
        }
    }
    return all;
}

} // namespace swarmlog::test
