#pragma once

#include "fold.hpp"

#include <swarmlog/swarmlog.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

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
    std::vector<std::pair<std::string, std::uint64_t>> longest_streams; ///< the first few
    bool verified = false;
    std::string tables; ///< where the swarm's tables are: a file, or "memory"
    folded swarm;

    /// The events came out as they went in, and the tables are what the events say.
    [[nodiscard]] bool is_sound() const noexcept { return verified && swarm.audit.is_sound(); }

    [[nodiscard]] std::string text() const;
    /// One line.
    [[nodiscard]] std::string json() const;
};

/// Counts streams, types and tags by the log's own index, and its bytes.
[[nodiscard]] swarmlog::result<void> count_keys(swarmlog::event_log const& log, summary& into);
