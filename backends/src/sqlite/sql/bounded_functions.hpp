#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/error.hpp>

namespace swarmlog::detail {

/// Puts functions of the same meaning in the place of those of SQLite's whose time is the product
/// of two texts' sizes (instr, replace, and trim, ltrim, rtrim with a set of characters): a call
/// is never interrupted, so what is sought has a limit.
[[nodiscard]] result<void> add_bounded_functions(sqlite_connection& connection);

} // namespace swarmlog::detail
