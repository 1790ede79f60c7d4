#pragma once

#include "workload.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::perf {

/// Times of single calls; becomes a sample's percentiles.
class latencies {
public:
    using clock = std::chrono::steady_clock;

    void add(clock::duration took) {
        microseconds_.push_back(std::chrono::duration<double, std::micro>(took).count());
    }
    void merge(latencies const& other) {
        if (&other == this) { return; }
        microseconds_.insert(microseconds_.end(), other.microseconds_.begin(),
                             other.microseconds_.end());
    }
    /// Adds the figures `<prefix>p50`, `p90`, `p99` and `p99.9`, in microseconds.
    void report(sample& to, std::string const& prefix = {}) {
        if (microseconds_.empty()) { return; }
        std::sort(microseconds_.begin(), microseconds_.end());
        for (auto const& [name, share] :
             {std::pair{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}) {
            auto const last = static_cast<double>(microseconds_.size() - 1);
            to.figures[prefix + name] = microseconds_[static_cast<std::size_t>(last * share + 0.5)];
        }
    }

private:
    std::vector<double> microseconds_;
};

} // namespace swarmlog::perf
