#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

#include <string>

namespace swarmlog::detail {

/// What a store takes up. The index is measured by the lengths of its blocks, which reads the
/// leaves of its table; the log is what the other pages in use amount to, so that it costs
/// nothing to know. (dbstat would be exact to the page, but reads every page of the file and is
/// not compiled into every SQLite.)
[[nodiscard]] result<storage_sizes> measure_sizes(sqlite_connection& connection,
                                                  std::string const& path);

} // namespace swarmlog::detail
