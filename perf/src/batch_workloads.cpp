#include "append_contestants.hpp"
#include "event_row_baselines.hpp"
#include "file_baseline.hpp"
#include "workload_lists.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace swarmlog::perf {

/// Throughput by batch size: `batch_1` to `batch_10000`.
std::vector<workload> batch_workloads() {
    constexpr std::array<std::uint64_t, 5> sizes{1, 10, 100, 1'000, 10'000};
    event_maker const few = task_events(thousand);
    std::vector<workload> all;
    for (std::uint64_t const size : sizes) {
        all.push_back({.name = "batch_" + std::to_string(size),
                       .says = "one producer waits for each durable batch",
                       .events = std::min(size * 100, 100 * thousand),
                       .run = append_batches(few, {}, 1, size),
                       .rivals = {{"sqlite_rows, the same a transaction, FULL",
                                   sqlite_rows(few, size, synchronous::full), 20 * thousand},
                                  {"file, the same a group", plain_file(few, size)}},
                       .rows = {{.unit = "events/s"}, {.unit = "events/s", .rival = 1}}});
    }
    return all;
}

} // namespace swarmlog::perf
