#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/engine/position.hpp>

#include <optional>

namespace swarmlog::detail {

/// What the virtual table `events` reads, and how far: as far as the tables of the same snapshot.
struct events_source {
    event_log log;
    position through;
    std::optional<error> failure; ///< of the last statement, in the log's own words
};

/// Shows the packed log as a table `events` of the connection, which the source outlives.
[[nodiscard]] result<void> add_events_table(sqlite_connection& connection, events_source& source);

} // namespace swarmlog::detail
