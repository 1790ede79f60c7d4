#include "crash_states/crash_states.hpp"

#include "crash_states/power_cut.hpp"
#include "crash_states/state_check.hpp"
#include "support/check_record.hpp"

#include <xxhash.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <unordered_set>

namespace swarmlog::test {

namespace {

std::mt19937_64 random_for(crash_state const& which) {
    std::uint64_t const numbers[]{which.seed, which.entries, which.draw};
    return std::mt19937_64{XXH3_64bits(numbers, sizeof numbers)};
}

constexpr std::uint64_t states_of_making = 4; ///< at each point of the journal

/// `crash_states-<seed>-<entries>-<draw>/`, for a debugger or the `swarmlog` command.
void keep_files(crash_state const& which, disk_image const& image) {
    char const* const folder = std::getenv("SWARMLOG_BIN_DIR");
    if (folder == nullptr) { return; }
    auto const into = std::filesystem::path{folder} / "checks" /
                      ("crash_states-" + std::to_string(which.seed) + "-" +
                       std::to_string(which.entries) + "-" + std::to_string(which.draw));
    std::filesystem::create_directories(into);
    for (auto const& [name, file] : image) {
        std::ofstream{into / name, std::ios::binary} << file.bytes();
    }
}

class sweep_of_one_history {
public:
    sweep_of_one_history(std::uint64_t seed, history const& known, promise held_to,
                         state_check& check, crash_sweep& total)
        : seed_(seed), known_(known), held_to_(held_to), check_(check), total_(total) {}

    void run(std::uint64_t states) {
        std::size_t const points = known_.journal.size() + 1;
        power_cut cut{known_.journal};
        std::uint64_t done = 0;
        for (std::size_t entries = 0; entries != points; ++entries) {
            cut.move_to(entries);
            expectation const expected = known_.expected_after(entries, held_to_);
            // What earlier points had too few different states for falls to the later ones.
            std::uint64_t due = states * (entries + 1) / points - done;
            // Little can be lost of a store that is being made.
            if (expected.session == nullptr) {
                due = std::min<std::uint64_t>(due, states_of_making);
            }
            std::uint64_t const draws = cut.unsettled() == 0 ? 1 : 3 * due;
            std::uint64_t const done_before = done;
            for (std::uint64_t draw = 0; draw != draws && done - done_before != due; ++draw) {
                if (look(cut, expected, {seed_, entries, draw})) { ++done; }
            }
        }
        total_.states += done;
    }

private:
    /// False when there was such a state before.
    bool look(power_cut const& cut, expectation const& expected, crash_state const& which) {
        auto random = random_for(which);
        disk_image const left = cut.leave(random);
        if (!seen_.insert(fingerprint(left)).second) { return false; }
        finding const found = check_.look_at(left, expected);
        if (!found.what.empty()) { note(found, which, left); }
        return true;
    }

    void note(finding const& found, crash_state const& which, disk_image const& left) {
        ++(found.is_loss ? total_.losses : total_.others);
        bool const is_first = total_.violations() == 1;
        if (is_first && held_to_ == promise::as_opened) { keep_files(which, left); }
        std::string& first = found.is_loss ? total_.first_loss : total_.first_other;
        if (!first.empty()) { return; }
        first = found.what + "; to repeat: SWARMLOG_CRASH_STATE=" + std::to_string(which.seed) +
                ":" + std::to_string(which.entries) + ":" + std::to_string(which.draw);
    }

    std::uint64_t seed_;
    history const& known_;
    promise held_to_;
    state_check& check_;
    crash_sweep& total_;
    std::unordered_set<std::uint64_t> seen_;
};

} // namespace

crash_sweep sweep_crash_states(std::uint64_t seed, std::uint64_t histories, std::uint64_t states,
                               recording const& how, promise held_to) {
    crash_sweep total;
    for (std::uint64_t each = 0; each != histories; ++each) {
        history const known = record_history(seed + each, how);
        state_check check;
        sweep_of_one_history{seed + each, known, held_to, check, total}.run(states / histories);
        total.opened += check.opened();
    }
    return total;
}

std::string look_at_crash_state(crash_state const& which) {
    history const known = record_history(which.seed, {});
    BOOST_REQUIRE(which.entries <= known.journal.size());
    power_cut cut{known.journal};
    cut.move_to(which.entries);
    auto random = random_for(which);
    state_check check{1};
    return check.look_at(cut.leave(random), known.expected_after(which.entries, promise::as_opened))
        .what;
}

void check_crash_states(std::uint64_t seed, std::uint64_t histories, std::uint64_t states) {
    check_record record{"crash_states"};
    crash_sweep const swept = sweep_crash_states(seed, histories, states);
    record.count(swept.states).violations(swept.violations()).seeds(histories).write();
    BOOST_TEST_MESSAGE(swept.states << " states of " << histories << " histories, " << swept.opened
                                    << " of them opened as logs");
    BOOST_TEST(swept.losses == 0U, swept.losses << " losses; first: " << swept.first_loss);
    BOOST_TEST(swept.others == 0U, swept.others << " violations; first: " << swept.first_other);
    BOOST_TEST(swept.states > states * 9 / 10, "too few different states: " << swept.states);
}

void check_that_losses_are_found(std::uint64_t seed, std::uint64_t histories,
                                 std::uint64_t states) {
    crash_sweep const relaxed = sweep_crash_states(seed, histories, states,
                                                   {.mode = durability::relaxed}, promise::durable);
    BOOST_TEST_MESSAGE("relaxed as durable: " << relaxed.losses << " losses");
    BOOST_TEST(relaxed.losses != 0U);
    BOOST_TEST(relaxed.others == 0U, relaxed.first_other);

    for (durability const mode : {durability::relaxed, durability::durable}) {
        crash_sweep const unflushed = sweep_crash_states(
            seed, histories, states, {.mode = mode, .flushes = recording_vfs::flushes::ignored});
        BOOST_TEST_MESSAGE("without flushes: " << unflushed.violations() << " losses");
        BOOST_TEST(unflushed.losses != 0U);
    }
}

} // namespace swarmlog::test
