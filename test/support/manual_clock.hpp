#pragma once

#include <swarmlog/engine/clock.hpp>
#include <swarmlog/engine/timestamp.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace swarmlog::test {

/// A clock that stands still until a test moves it, forwards or back. Any thread may move it.
class manual_clock final : public clock {
public:
    /// 2026-01-02T03:04:05Z.
    static constexpr timestamp begin{std::chrono::seconds{1'767'323'045}};

    [[nodiscard]] timestamp now() noexcept override {
        return timestamp{std::chrono::nanoseconds{now_.load()}};
    }
    void set(timestamp time) noexcept { now_.store(time.time_since_epoch().count()); }
    void advance(std::chrono::nanoseconds step) noexcept { now_.fetch_add(step.count()); }

private:
    std::atomic<std::int64_t> now_{begin.time_since_epoch().count()};
};

} // namespace swarmlog::test
