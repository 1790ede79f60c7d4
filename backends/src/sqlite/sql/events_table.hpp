#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/engine/position.hpp>

#include <sqlite3.h>

#include <memory>
#include <optional>

namespace swarmlog::detail {

/// The last position of a log as a statement of this connection sees it, which looks at one row.
inline constexpr char const* head_statement = "SELECT last FROM log ORDER BY first DESC LIMIT 1";

/// What the virtual table `events` reads. Used by its connection's thread.
class events_source {
public:
    struct moment {
        event_log const* log = nullptr;
        position through; ///< as far as the tables of the same snapshot
    };

    virtual ~events_source() = default;
    /// Called within a statement, before it reads.
    [[nodiscard]] virtual result<moment> now() = 0;

    std::optional<error> failure; ///< of the last statement, in the log's own words
};

/// Shows the packed log as a table `events` of the connection, which owns the source from then on,
/// also when it fails. Answers SQLite's code.
[[nodiscard]] int add_events_table(sqlite3* database, std::unique_ptr<events_source> source);

} // namespace swarmlog::detail
