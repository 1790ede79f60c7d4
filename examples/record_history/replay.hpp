#pragma once

#include "history/history_source.hpp"

#include <swarmlog/swarmlog.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// What came out of a log, beside the source that went in.
struct replayed {
    std::uint64_t events = 0;
    /// Reading alone, without the time it took to read the source and to compare.
    std::chrono::duration<double> seconds{};
    /// Empty when every event is as it came in; else the first difference, for a person.
    std::string difference;

    [[nodiscard]] double events_per_second() const;
};

/// Reads the whole log in order and compares it with the source, read once more: positions,
/// streams, types, tags, times, and the data byte for byte. Stops at the first difference.
/// `refused` are the places in the source of what the log did not take.
[[nodiscard]] swarmlog::result<replayed> replay(swarmlog::event_log const& log,
                                                swarmlog::history_source& source,
                                                std::vector<std::uint64_t> const& refused);
