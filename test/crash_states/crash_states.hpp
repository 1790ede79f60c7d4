#pragma once

#include "crash_states/record_history.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace swarmlog::test {

/// One state that a power cut could have left: the history's seed, how many entries of its
/// journal had been made, and which of the states of that moment.
struct crash_state {
    std::uint64_t seed = 0;
    std::size_t entries = 0;
    std::uint64_t draw = 0;
};

struct crash_sweep {
    std::uint64_t states = 0; ///< no two of a history the same
    std::uint64_t opened = 0; ///< those that a log was opened in (state_check.hpp)
    std::uint64_t losses = 0; ///< states without something that was acknowledged, else sound
    std::uint64_t others = 0; ///< states with anything else wrong
    std::string first_loss;   ///< what was wrong, and with which state
    std::string first_other;
    [[nodiscard]] std::uint64_t violations() const noexcept { return losses + others; }
};

/// Records histories of the seeds `seed`, `seed + 1`, … and checks states of each, spread over
/// all points of its journal, until there are `states` in all. The files of the first that breaks
/// what was promised are kept in $SWARMLOG_BIN_DIR/checks.
[[nodiscard]] crash_sweep sweep_crash_states(std::uint64_t seed, std::uint64_t histories,
                                             std::uint64_t states, recording const& how = {},
                                             promise held_to = promise::as_opened);

/// One state alone: what is wrong with it, or nothing.
[[nodiscard]] std::string look_at_crash_state(crash_state const& which);

/// The sweep that must find nothing, with its record in checks/crash_states.json.
void check_crash_states(std::uint64_t seed, std::uint64_t histories, std::uint64_t states);

/// Sweeps that must find losses: of `relaxed` logs held to what `durable` promises, and of logs
/// whose flushes do nothing held to what they promise.
void check_that_losses_are_found(std::uint64_t seed, std::uint64_t histories, std::uint64_t states);

} // namespace swarmlog::test
