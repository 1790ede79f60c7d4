#pragma once

#include <swarmlog/engine/timestamp.hpp>

namespace swarmlog {

/// Where the writer gets the time. It may stand still or go back: `recorded_at` rises all the
/// same, because the writer clamps it. Called by one thread at a time: the writer's, or that
/// of a blocking call that does its work.
class clock {
public:
    virtual ~clock() = default;
    /// The time, UTC.
    [[nodiscard]] virtual timestamp now() noexcept = 0;
};

/// The system's UTC clock.
class system_clock final : public clock {
public:
    /// The time, UTC, as `std::chrono::system_clock` has it.
    [[nodiscard]] timestamp now() noexcept override {
        return std::chrono::time_point_cast<std::chrono::nanoseconds>(
            std::chrono::system_clock::now());
    }
};

} // namespace swarmlog
