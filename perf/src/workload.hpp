#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace swarmlog::perf {

/// What one run of a contestant gave: how many units of work in what time.
struct sample {
    double units = 0;
    double seconds = 0;
    double cpu_seconds = 0; ///< of all threads of the process
};

/// What a contestant is given: how much to do, and a folder of its own that is empty.
struct setting {
    std::uint64_t events = 0;
    std::filesystem::path folder;
};

/// Does the work once. Throws when what it read back is not right: a wrong figure is no figure.
using contestant = std::function<sample(setting const&)>;

/// One row of the results: a named piece of work beside its baseline.
struct workload {
    std::string name;
    std::string backend;
    std::string durability;
    std::string unit;
    std::uint64_t events = 0;
    contestant run;
    std::string baseline;
    contestant run_baseline;
    /// The ratio to the baseline that is promised.
    std::optional<double> target;
    std::string says; ///< one line for a person
};

/// Everything that can be measured, in the order of the report.
[[nodiscard]] std::vector<workload> all_workloads();

} // namespace swarmlog::perf
