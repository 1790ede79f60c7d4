#pragma once

#include "workload.hpp"

namespace swarmlog::perf {

/// The history of swarm_history.hpp goes in, pipelined and durable, with the swarm's projections
/// folded in each commit. The rows are checked afterwards.
[[nodiscard]] contestant append_with_projections();

/// Folds the swarm's agents and tasks anew from such a history, which is made once for all
/// rounds: both tables beside the live ones, swapped in at the end, and equal to what they
/// replace. Units are events of the log, from which both tables were made.
[[nodiscard]] contestant rebuild_swarm();

/// `INSERT … ON CONFLICT DO UPDATE` of the same rows into plain SQLite tables with the same
/// indexes, one statement an event, 16,384 events a transaction.
[[nodiscard]] contestant upsert_rows();

} // namespace swarmlog::perf
