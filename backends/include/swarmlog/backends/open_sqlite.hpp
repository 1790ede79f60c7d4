#pragma once

#include <swarmlog/backends/sqlite_store.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/export.hpp>

#include <filesystem>

namespace swarmlog {

/// How a log in a SQLite file is kept.
struct sqlite_log_options : log_options {
    sqlite_store_options store; ///< how its file is kept
};

/// Opens the log in a SQLite file, or makes a new one. One process writes; `already_open` tells
/// a second one. Can answer `not_ours`, `schema_too_new`, `corrupt`, `permission_denied`,
/// `not_found` (the folder), `invalid_argument`, `io_error`.
[[nodiscard]] SWARMLOG_EXPORT result<event_log> open_sqlite(std::filesystem::path const& path,
                                                            sqlite_log_options options = {});

/// Opens it for reading only, also while another process appends.
[[nodiscard]] SWARMLOG_EXPORT result<event_log>
open_sqlite_read_only(std::filesystem::path const& path, sqlite_log_options options = {});

} // namespace swarmlog
