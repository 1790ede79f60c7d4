#pragma once

#include "workload.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace swarmlog::perf {

/// How often and how much.
struct run_plan {
    unsigned rounds = 5;
    /// Multiplies every workload's events; small in a test.
    double scale = 1.0;
    std::filesystem::path scratch;
};

/// Rates of one contestant over all rounds, in units a second.
struct spread {
    double median = 0;
    double min = 0;
    double max = 0;
    double cpu_nanoseconds = 0; ///< a unit, median
};

struct measured {
    workload what;
    std::uint64_t events = 0;
    spread own;
    spread baseline;
    double ratio = 0; ///< median of the rounds' ratios: each pair ran side by side
    [[nodiscard]] bool met() const noexcept { return !what.target || ratio >= *what.target; }
};

/// Runs a workload and its baseline in turn, A B A B …, so that a machine that speeds up or
/// slows down does so to both.
[[nodiscard]] measured run(workload const& what, run_plan const& plan);

} // namespace swarmlog::perf
