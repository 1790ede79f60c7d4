#pragma once

#include <swarmlog/swarmlog.hpp>

#include <cstdint>
#include <map>
#include <string>

/// What the program found, for a person and for a program.
struct summary {
    std::string history;  ///< what was recorded, in words
    std::string database; ///< the file, or "memory"
    std::uint64_t events = 0;
    std::uint64_t rejected = 0;
    std::uint64_t skipped_files = 0;
    std::uint64_t streams = 0;
    std::uint64_t agents = 0; ///< distinct `agent:` tags
    std::uint64_t tasks = 0;  ///< distinct `task:` tags
    std::map<std::string, std::uint64_t> by_type;
    double append_events_per_second = 0;
    double replay_events_per_second = 0;
    double bytes_per_event = 0;
    double reopen_ms = 0; ///< 0 in memory, which cannot be reopened
    std::string durability;
    bool verified = false;

    [[nodiscard]] std::string text() const;
    /// One line.
    [[nodiscard]] std::string json() const;
};

/// Counts streams, types and tags by the log's own index, and its bytes.
[[nodiscard]] swarmlog::result<void> count_keys(swarmlog::event_log const& log, summary& into);
