#pragma once

#include "log_place.hpp"
#include "workload.hpp"

#include <cstdint>
#include <vector>

namespace swarmlog::perf {

inline constexpr std::uint64_t thousand = 1'000;
inline constexpr std::uint64_t million = 1'000 * thousand;

/// Task events of about 150 bytes, spread over so many streams.
[[nodiscard]] inline event_maker task_events(std::uint64_t stream_count) {
    return [stream_count](std::uint64_t number, sample_event& out) {
        make_task_event(number, stream_count, out);
    };
}

// The parts of all_workloads(), in its order.
[[nodiscard]] std::vector<workload> append_workloads();
[[nodiscard]] std::vector<workload> batch_workloads();
[[nodiscard]] std::vector<workload> table_workloads();
[[nodiscard]] std::vector<workload> read_workloads();
/// Logs of 10 million events when `is_full`, and of 2 and 3 million otherwise.
[[nodiscard]] std::vector<workload> size_workloads(bool is_full);

} // namespace swarmlog::perf
