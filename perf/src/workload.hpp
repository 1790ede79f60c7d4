#pragma once

#include "target.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::perf {

/// What one run of a contestant gave.
struct sample {
    double units = 0; ///< of work that was timed
    double seconds = 0;
    double cpu_seconds = 0; ///< of all threads of the process
    /// Of everything that was read back, whatever its order: rivals that were given the same
    /// number of events must have the same.
    std::uint64_t digest = 0;
    /// What else was measured, by name; the runner adds `rate`, units a second.
    std::map<std::string, double> figures{};
};

/// What a contestant is given.
struct setting {
    std::uint64_t events = 0;
    std::filesystem::path folder; ///< of its own, and empty
    std::filesystem::path kept;   ///< lasts through all rounds: see prepared_folder.hpp
};

/// Does the work once. Throws when what it read back is not right: a wrong figure is no figure.
using contestant = std::function<sample(setting const&)>;

inline constexpr std::uint64_t all_events = std::numeric_limits<std::uint64_t>::max();

/// A baseline. A slow one may get fewer events than its workload: its rate is what counts, and
/// tables that stay small only make it faster.
struct rival {
    std::string name{};
    contestant run{};
    std::uint64_t events_max = all_events;
};

/// One row of the results: a figure of the workload beside one of a rival.
struct comparison {
    std::string suffix{}; ///< of the workload's name
    std::string unit{};
    std::string figure = "rate";
    /// Which rival; without one the workload is compared with itself.
    std::optional<std::size_t> rival = 0;
    std::string baseline_figure = "rate";
    std::string baseline{}; ///< its name, unless that is the rival's
    target promised{};
    std::uint64_t events_divisor = 1; ///< the row's share of the workload's events
    std::uint64_t baseline_divisor = 1;
};

/// A named piece of work with its baselines.
struct workload {
    std::string name{};
    std::string says{}; ///< one line for a person
    std::string backend = "sqlite";
    std::string durability = "durable";
    std::uint64_t events = 0;
    contestant run{};
    std::vector<rival> rivals{};
    std::vector<comparison> rows{};
};

/// Everything that can be measured, in the order of the report. `is_full` takes the largest logs.
[[nodiscard]] std::vector<workload> all_workloads(bool is_full);

} // namespace swarmlog::perf
