#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

#include <string>

namespace swarmlog::detail {

/// Copies the snapshot that `source` is reading to a new file.
///
/// The pages are copied as they stand (sqlite3_backup), which is quicker than VACUUM INTO and
/// can report progress and be cancelled. A backup starts over when its source changes under it,
/// and so might never end beside a busy writer; but its source is the *snapshot* of a read
/// transaction, which must be open, and that never changes. The write-ahead log cannot start
/// over meanwhile.
///
/// The copy is made as `<target>.partial`, flushed, and then given its name, so that what has
/// the name is complete. Fails with `invalid_argument` when the target exists, `cancelled`.
[[nodiscard]] result<void> back_up(sqlite_connection& source, std::string const& target,
                                   std::string const& vfs, progress const& report);

} // namespace swarmlog::detail
