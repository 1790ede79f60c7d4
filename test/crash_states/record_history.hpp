#pragma once

#include "crash_states/history.hpp"
#include "support/recording_vfs.hpp"

#include <swarmlog/backends/open_sqlite.hpp>

#include <cstdint>
#include <optional>

namespace swarmlog::test {

/// What kind of history to record.
struct recording {
    /// Of every session; without one, each session draws its own.
    std::optional<durability> mode;
    recording_vfs::flushes flushes = recording_vfs::flushes::honoured;
};

/// A few sessions on a new log, all drawn from the seed: single appends and groups of them, over
/// several streams, with and without idempotency keys, some repeated, some rejected by a
/// condition or a full disk; checkpoints, index runs and merges every few appends; closed and
/// opened again, or killed in the middle of a call. The same seed gives the same history, but for
/// the ids and checksums in its bytes.
[[nodiscard]] history record_history(std::uint64_t seed, recording const& how);

/// Options for opening a log of such a history, which has its projection.
[[nodiscard]] sqlite_log_options crash_state_options(durability mode);

} // namespace swarmlog::test
