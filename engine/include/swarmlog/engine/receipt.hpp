#pragma once

#include <swarmlog/engine/durability.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/timestamp.hpp>

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>

namespace swarmlog {

/// What an append returns once it is as durable as the log's mode says.
struct receipt {
    /// Positions of the first and the last event; both 0 when a decision appended nothing.
    position first;
    position last; ///< position of the last event
    /// The version that each event got in its stream, in the order of the append.
    boost::container::small_vector<version, 2> versions;
    /// Of the first event.
    timestamp recorded_at;
    /// What the append survives by now: the log's mode.
    swarmlog::durability durability = swarmlog::durability::durable;
    /// True when the idempotency key was seen before: this is the first append's receipt.
    bool repeated = false;

    /// How many events the append had.
    [[nodiscard]] std::size_t event_count() const noexcept { return versions.size(); }
};

/// What became of the appends that a producer submitted since its last `flush`.
struct flush_summary {
    std::uint64_t accepted = 0; ///< as durable as the log's mode says
    std::uint64_t rejected = 0; ///< answered with an error, whatever its kind
    position last;              ///< the highest position acknowledged
    error first_failure{};      ///< set when `rejected` is not 0, and in a forked child
};

} // namespace swarmlog
