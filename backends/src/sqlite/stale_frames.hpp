#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/error.hpp>

namespace swarmlog::detail {

/// Cuts off what the write-ahead log holds after its last commit: of a commit that failed and that
/// SQLite has taken back, or of one that a recovery found torn.
///
/// A recovery after another crash could take it for committed. A write that failed may have stored
/// so much that the frame is whole by what the file held there before. And sums run from frame to
/// frame, so where the next transaction begins with the very page that the torn one began with, the
/// frames after it fit again.
///
/// Frames of former courses of the log, and the zeros that it was grown with, stay. Any failure
/// leaves open what is stored. Writer's connection, outside a transaction. Reads the log and its
/// shared index as sqlite.org/fileformat2.html (4.1 to 4.4) and sqlite.org/walformat.html (2.1)
/// describe them.
[[nodiscard]] result<void> cut_off_stale_frames(sqlite_connection& writer);

} // namespace swarmlog::detail
