#pragma once

#include "history/swarm_audit.hpp"
#include "tree_run.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

/// What a run came to, for a person and for a program.
struct report {
    tree_run run;
    std::string digest; ///< of the whole tree
    std::string database;
    std::chrono::duration<double> seconds{}; ///< of this process's work on it
    std::uint64_t events = 0;                ///< in the log
    std::uint64_t appended = 0;              ///< by this process
    std::uint64_t streams = 0;
    std::uint64_t agents = 0;
    std::uint64_t tasks = 0; ///< of all runs
    std::map<std::string, std::uint64_t> by_type;
    double replay_events_per_second = 0;
    double bytes_per_event = 0;
    std::string durability;
    bool verified = false; ///< every event is there in its order, and the log finds no damage
    swarmlog::swarm_audit audit;

    [[nodiscard]] bool is_sound() const noexcept { return verified && audit.is_sound(); }
    [[nodiscard]] std::string text() const;
    /// One line.
    [[nodiscard]] std::string json() const;
};

/// Reads the whole log again, counts it, and verifies and audits it.
[[nodiscard]] swarmlog::result<void> inspect(swarmlog::event_log& log, report& into);
