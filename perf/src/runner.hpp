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
    /// Whether the workloads have the counts that their targets name.
    bool is_full = false;
    std::filesystem::path scratch;
};

/// One figure over all rounds.
struct spread {
    double median = 0;
    double min = 0;
    double max = 0;
    double cpu_nanoseconds = 0; ///< a unit of work, median
};

/// A row of the results.
struct measured {
    std::string workload, says, backend, durability, unit, baseline;
    std::uint64_t events = 0;
    std::uint64_t baseline_events = 0;
    spread own;
    spread against;
    double ratio = 0; ///< median of the rounds' ratios: each pair ran side by side
    target promised;
    [[nodiscard]] bool met() const { return promised.met(own.median, ratio); }
};

/// Runs a workload and its baselines in turn, A B A B …, so that a machine that speeds up or
/// slows down does so to all. Before that, all run once with few events, and what they read back
/// must be equal.
[[nodiscard]] std::vector<measured> run(workload const& what, run_plan const& plan);

} // namespace swarmlog::perf
