#pragma once

#include "log_place.hpp"
#include "workload.hpp"

#include <cstdint>
#include <string>
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

/// `1 million` of a million.
[[nodiscard]] inline std::string in_words(std::uint64_t events) {
    if (events < million) { return std::to_string(events / thousand) + ",000"; }
    return std::to_string(events / million) + " million";
}

/// How many events a slow baseline gets: as many as its workload when `is_full`.
[[nodiscard]] inline std::uint64_t baseline_max(bool is_full, std::uint64_t otherwise) {
    return is_full ? all_events : otherwise;
}

// The parts of all_workloads(), in its order. Those that depend on it take the counts that the
// targets name when `is_full`, and fewer where five rounds would take too long otherwise.
[[nodiscard]] std::vector<workload> append_workloads(bool is_full);
[[nodiscard]] std::vector<workload> batch_workloads();
[[nodiscard]] std::vector<workload> table_workloads(bool is_full);
[[nodiscard]] std::vector<workload> read_workloads(bool is_full);
[[nodiscard]] std::vector<workload> size_workloads(bool is_full);

} // namespace swarmlog::perf
