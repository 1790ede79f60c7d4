#pragma once

#include "history/history_source.hpp"

#include <swarmlog/swarmlog.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

/// What went into a log.
struct recording {
    std::uint64_t events = 0;
    /// Places in the source, from 0, of events that the log did not take, in order.
    std::vector<std::uint64_t> refused;
    /// Appending until all is durable, without the time it took to read the source.
    std::chrono::duration<double> seconds{};

    [[nodiscard]] double events_per_second() const;
};

/// Appends every event of the source, in order, without waiting for one before the next. Events
/// that break a rule of the log are told to `observer` and left out; fails when the log does.
[[nodiscard]] swarmlog::result<recording> record(swarmlog::history_source& source,
                                                 swarmlog::history_observer const& observer,
                                                 swarmlog::event_log& log);
