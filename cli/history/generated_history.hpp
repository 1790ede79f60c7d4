#pragma once

#include "history/history_source.hpp"

#include <cstdint>
#include <memory>

namespace swarmlog {

/// What is generated. The same values give the same bytes, on every machine.
struct generated_history_options {
    std::uint64_t events = 30'000;
    std::uint64_t seed = 1;
    std::uint32_t agents = 24;        ///< `worker-1` and so on
    std::uint32_t tasks_at_once = 96; ///< tasks whose life cycles are interleaved
};

/// The regression history: life cycles of tasks, interleaved as on a busy orchestrator.
///
/// A task is created, assigned to a worker and started; it completes, or fails, or times out and
/// is assigned anew, three times at most. The types are `task.created`, `task.assigned`,
/// `task.started`, `task.completed`, `task.failed` and `task.timeout`; data is 120 to 150 bytes
/// of JSON for most events; `occurred_at` rises in nanoseconds.
[[nodiscard]] std::unique_ptr<history_source>
generate_history(generated_history_options const& options = {});

} // namespace swarmlog
