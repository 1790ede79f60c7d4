#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/projections/swarm/task.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace swarmlog {

/// What a tracker's own record says of a task, beside the history.
struct task_record {
    std::optional<timestamp> created_at;
    swarm::task_priority priority = swarm::task_priority::medium;
    std::vector<std::string> dependencies; ///< what it waits for
};

/// By the task's id.
using task_records = std::map<std::string, task_record, std::less<>>;

/// Reads the records that lie beside event logs: files named `issues.jsonl` (needle-beads),
/// `backup_issues.jsonl` and `backup_dependencies.jsonl` (gastown), in `path` when it is a
/// folder, or else in the folder that it is in; below it too. Lines that are no records are left
/// out. Nothing is found where no such file is; fails when one cannot be read.
[[nodiscard]] result<task_records> read_task_records(std::filesystem::path const& path);

} // namespace swarmlog
