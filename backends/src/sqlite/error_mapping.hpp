#pragma once

#include <swarmlog/engine/error.hpp>

#include <sqlite3.h>

#include <string>
#include <string_view>

namespace swarmlog::detail {

/// Our code for SQLite's result code, which may be an extended one. `system_errno` tells the
/// reasons for which a file cannot be opened apart; 0 when unknown.
[[nodiscard]] errc errc_of_sqlite(int code, int system_errno) noexcept;

/// An error that says what was being done, to which file, and what SQLite says about it.
/// `doing` completes "cannot …". `database` may be null.
[[nodiscard]] error sqlite_failure(sqlite3* database, int code, std::string_view doing,
                                   std::string_view path);

/// The same, with the path taken from an open connection.
[[nodiscard]] error sqlite_failure(sqlite3* database, int code, std::string_view doing);

/// An error from `errno` after a call to the operating system.
[[nodiscard]] error system_failure(int system_errno, std::string_view doing, std::string_view path);

} // namespace swarmlog::detail
