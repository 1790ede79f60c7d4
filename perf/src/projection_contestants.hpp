#pragma once

#include "workload.hpp"

namespace swarmlog::perf {

/// A history of the swarm's tasks goes in, pipelined and durable; with the swarm's projections
/// folded in each commit, or without. The rows are checked afterwards.
[[nodiscard]] contestant append_task_history(bool with_projections);

/// Folds the swarm's agents and tasks anew from such a history: both tables beside the live ones,
/// swapped in at the end, and equal to what they replace. Units are events folded.
[[nodiscard]] contestant rebuild_swarm();

/// `INSERT … ON CONFLICT DO UPDATE` of the same rows into a plain SQLite table, one statement an
/// event, 16,384 events a transaction.
[[nodiscard]] contestant upsert_rows();

/// Claimers take the next task, each with several claims under way, until none is left; every
/// claim is durable. Each task must have been claimed once.
[[nodiscard]] contestant claim_tasks(unsigned claimers, unsigned claims_under_way);
/// The same by an UPDATE of the next pending row, RETURNING it, one transaction a claim.
[[nodiscard]] contestant update_next_row();

/// Agents found by id, of 1,000: from the rows' cache, or with a cache that hardly any fit.
[[nodiscard]] contestant find_agents(bool cached);
/// The same by a prepared SELECT on a table of the same columns.
[[nodiscard]] contestant select_agents();

} // namespace swarmlog::perf
