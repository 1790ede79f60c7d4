#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <string>

namespace swarmlog::detail {

/// Compares what a file declares with what this program would have declared, so that nothing
/// runs in it that somebody else put there. `corrupt` names the first difference.
///
///     - The store's own tables and indexes are there, word for word as schema.cpp makes them.
///     - Every other entry is a projection's table or an index on one, word for word as
///       row_sql.cpp makes them. So no trigger, view or virtual table, no generated column,
///       default, constraint or collation, no index that is unique, partial or of an expression,
///       and no `sqlite_stat1`, by which a planner could be misled.
///     - A table that `projections` knows has the columns and indexes of its layout there.
///     - No two of them share a root page, and texts are UTF-8.
///
/// `schema_version` is the file's. One that is known to a test's plan alone is not compared.
[[nodiscard]] result<void> check_schema(sqlite_connection& connection, std::uint32_t schema_version,
                                        std::string const& path);

} // namespace swarmlog::detail
