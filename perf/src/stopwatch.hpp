#pragma once

#include "workload.hpp"

#include <sys/resource.h>

#include <chrono>

namespace swarmlog::perf {

/// Wall time and the process's CPU time since it was made.
class stopwatch {
public:
    [[nodiscard]] sample stop(double units) const {
        sample taken;
        taken.units = units;
        taken.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
        taken.cpu_seconds = cpu_now() - cpu_began_;
        return taken;
    }

private:
    static double cpu_now() {
        ::rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        auto const seconds = [](::timeval const& time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        return seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }

    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    double cpu_began_ = cpu_now();
};

} // namespace swarmlog::perf
