#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/error.hpp>

namespace swarmlog::detail {

/// Makes sure that a commit which SQLite has failed, and taken back in memory, does not come back
/// when the log is recovered after a crash.
///
/// A write that fails may have stored a part of what it was given. Where the rest is what the file
/// held already, such as the zeros it was grown with, the frame that ends the transaction is whole.
/// Then it is overwritten, and that is flushed. Any failure on the way leaves open whether the
/// transaction is stored.
///
/// Reads the write-ahead log and its shared index as sqlite.org/fileformat2.html (4.1 to 4.4) and
/// sqlite.org/walformat.html (2.1) describe them. Writer's thread, after the rollback.
[[nodiscard]] result<void> take_back_failed_commit(sqlite_connection& writer);

} // namespace swarmlog::detail
