#pragma once

#include "tree_run.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

/// What the workers and the supervisor of a run share. Thread-safe.
class shop {
public:
    struct rules {
        std::chrono::milliseconds lease{3'000}; ///< a worker silent for longer has lost its tasks
        std::uint64_t tasks_until_silent = 0;   ///< for trying it out; 0: none falls silent
    };

    shop(swarmlog::event_log& log, tree_run run, rules given)
        : log_(&log), run_(std::move(run)), rules_(given) {}

    [[nodiscard]] swarmlog::event_log& log() const noexcept { return *log_; }
    [[nodiscard]] tree_run const& run() const noexcept { return run_; }
    [[nodiscard]] rules const& terms() const noexcept { return rules_; }

    /// 1, 2, 3 and so on, after those that the log knows already.
    [[nodiscard]] std::uint64_t next_worker() noexcept { return ++workers_; }
    void count_workers(std::uint64_t known) noexcept { workers_ = known; }

    /// The run is completed, or something has failed: everybody goes home.
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    void close();
    void fail(swarmlog::error const& failure);
    /// The first failure.
    [[nodiscard]] std::optional<swarmlog::error> failure() const;

    /// As long as it lives, `wake` is called when the shop closes; at once when it has.
    class alarm {
    public:
        alarm(shop& in, std::function<void()> wake);
        alarm(alarm const&) = delete;
        alarm& operator=(alarm const&) = delete;
        ~alarm();

    private:
        shop* shop_;
    };

private:
    swarmlog::event_log* log_;
    tree_run run_;
    rules rules_;
    std::atomic<std::uint64_t> workers_{0};
    std::atomic<bool> is_over_{false};
    mutable std::mutex mutex_;
    std::map<alarm const*, std::function<void()>> alarms_;
    std::optional<swarmlog::error> failure_;
};
