#pragma once

#include "apply/group_stage.hpp"
#include "decide/decider.hpp"
#include "index/index.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/reports.hpp>

namespace swarmlog::detail {

/// Applies a record that was read back, as if it had just been decided, and publishes it.
[[nodiscard]] result<void> apply_record(record const& source, index& keys, group_stage& stage);

/// What replaying found: where the log ends, and whether it ends in damage.
struct replay_outcome {
    log_end end;
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    std::optional<error> damage; ///< of the record after `end`
};

/// Replays what no index run covers: checks each record's checksum, hash, store, place and
/// predecessor, and applies it. Stops before the first damaged one.
[[nodiscard]] result<replay_outcome> replay_tail(index& keys, group_stage& stage, backend& store);

} // namespace swarmlog::detail
