#pragma once

#include "workload.hpp"

namespace swarmlog::perf {

/// Claimers take the next task, each with several claims under way, until none is left; every
/// claim is durable. Each task must have been claimed once.
[[nodiscard]] contestant claim_tasks(unsigned claimers, unsigned claims_under_way);

/// The same by an UPDATE of the next pending row, RETURNING it, one transaction a claim.
[[nodiscard]] contestant update_next_row(unsigned claimers);

} // namespace swarmlog::perf
