#pragma once

#include "histories/history.hpp"

#include <swarmlog/engine/event_log.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace swarmlog::test {

/// How much happens at once, and how much in all.
struct recording_size {
    std::size_t producers = 16;
    std::size_t subscribers = 8;
    std::size_t readers = 4;
    std::size_t operations = 100'000; ///< of all producers, about
};

/// Everything of a run but the log's contents, and the streams' names.
struct recording {
    history recorded;
    /// What could not be recorded because a call answered what it should not.
    std::vector<std::string> failures;
};

/// Lets many threads append to, read and follow an empty log at once, and records every call's
/// beginning, end and answer, each thread for itself. Returns when all of them are done.
[[nodiscard]] recording record_history(event_log& log, std::uint64_t seed, recording_size size);

/// Reads the whole log into the history. The error's message, or nothing.
[[nodiscard]] std::string read_log(event_log const& log, history& recorded);

} // namespace swarmlog::test
