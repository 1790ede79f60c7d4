#pragma once

#include "history/swarm_audit.hpp"
#include "history/task_records.hpp"

#include <swarmlog/swarmlog.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>

/// What became of a history in the swarm's tables.
struct folded {
    std::uint64_t events = 0;       ///< of the swarm, that the history's events mean
    std::uint64_t untranslated = 0; ///< events of the history that mean nothing to it
    std::chrono::duration<double> seconds{};
    swarmlog::swarm_audit audit;

    [[nodiscard]] double events_per_second() const;
};

/// Translates a history into events of the swarm, in a log of its own whose tables follow in the
/// same transactions, and audits that. An empty path is a log in memory; an earlier recording in
/// the file is replaced.
[[nodiscard]] swarmlog::result<folded> fold(swarmlog::event_log const& history,
                                            swarmlog::task_records records,
                                            std::filesystem::path const& tables);
