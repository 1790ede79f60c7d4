#pragma once

#include "crash_states/tallies.hpp"
#include "support/io_journal.hpp"

#include <swarmlog/engine/durability.hpp>
#include <swarmlog/engine/position.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace swarmlog::test {

inline constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

/// Part `part` of a numbered append (crash/numbered_append.hpp), at its place in the log.
struct known_event {
    std::uint64_t append = 0;
    std::uint32_t part = 0;
    std::uint64_t in_stream = 0; ///< version
    std::string stream, type, tag, data;
};

/// The appends of one group, stored together or not at all.
struct known_commit {
    position last;
    /// Entries in the journal when they had been acknowledged; `never` when they are in doubt.
    std::size_t acknowledged_at = never;
};

/// From one opening of the log to its closing or to the death of its process.
struct known_session {
    durability mode = durability::durable;
    /// Entries in the journal when the log had been opened.
    std::size_t opened_at = 0;
    /// The head that it was opened with, so that anybody could read up to there.
    position shown;
    /// Of all positions from 1: what was shown, and what was appended since, in doubt or not.
    std::vector<known_event> events;
    /// Also those of earlier sessions.
    std::vector<known_commit> commits;
};

/// How much may be gone after a power cut.
enum class promise {
    as_opened, ///< what the mode of each session promises
    durable,   ///< nothing that was acknowledged or shown, whatever the mode was
};

/// What a log must look like after a power cut at some point of a journal.
struct expectation {
    known_session const* session = nullptr; ///< null before the log was opened for the first time
    position required;                      ///< no lower head is allowed
    position told;                          ///< acknowledged or shown; a lower head is a loss
    [[nodiscard]] durability mode() const noexcept {
        return session != nullptr ? session->mode : durability::durable;
    }
};

/// What was asked of a log while its I/O was written down, and what it answered.
///
/// Appends that were rejected have a number that is in no session's events, so a log that holds
/// one is told from a right one.
struct history {
    io_journal journal;
    std::vector<known_session> sessions;

    [[nodiscard]] expectation expected_after(std::size_t entries, promise held_to) const;
    /// How many entries there were when a flush of the log's file that came before `entries` had
    /// ended: all that was acknowledged until then was flushed.
    [[nodiscard]] std::size_t last_flush_before(std::size_t entries) const;
};

/// The rows that the first `head` events fold into, by a fold of the test's own.
[[nodiscard]] std::vector<tally> folded(known_session const& session, position head);

} // namespace swarmlog::test
