#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event_log.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog {

/// What a swarm's log says of its agents and tasks, and whether its tables are what its events
/// say.
struct swarm_audit {
    std::map<std::string, std::uint64_t> agents_by_status;
    std::map<std::string, std::uint64_t> tasks_by_status;
    /// Tasks that each agent has completed, most first.
    std::vector<std::pair<std::string, std::uint64_t>> completed_by_agent;
    /// From a task's last assignment to its completion, where both are in the log.
    std::optional<std::chrono::nanoseconds> mean_time_to_complete;
    /// Every table, folded anew from the first event, is what it was.
    bool rebuild_identical = false;
    /// The tables as of the log's middle are those of another log that has only that half.
    bool as_of_identical = false;

    [[nodiscard]] bool is_sound() const noexcept { return rebuild_identical && as_of_identical; }
};

/// Audits an open, writable log that has the swarm's projections. Blocks for as long as it takes
/// to read the log a few times.
[[nodiscard]] result<swarm_audit> audit_swarm(event_log& log);

} // namespace swarmlog
