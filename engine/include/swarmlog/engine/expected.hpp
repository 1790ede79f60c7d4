#pragma once

#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/query.hpp>

#include <cstdint>
#include <variant>

namespace swarmlog {

/// What must be true at the write for an append to be taken.
namespace expected {
/// Nothing is asked.
struct any {};
/// The stream has no event.
struct no_stream {};
/// The stream has at least one event.
struct stream_exists {};
/// The stream's newest event has this version (0: no stream).
struct version {
    std::uint64_t value = 0; ///< from 1; 0 asks for no event
};
/// No event after `after` matches `events`.
struct none_since {
    position after; ///< judged from the next position on
    query events;   ///< a query without items matches every event
};
/// Any one of these.
using condition = std::variant<any, no_stream, stream_exists, version, none_since>;
} // namespace expected

} // namespace swarmlog
