#pragma once

#include "support/file_image.hpp"

namespace swarmlog::test {

/// The main file of a store as SQLite's documents say that its write-ahead log is replayed into
/// it: the frames up to the last whole commit, none when the log's header is not whole
/// (sqlite.org/fileformat2.html, "The Write-Ahead Log"). Cheaper by far than to have SQLite do it.
[[nodiscard]] file_image replay_wal(file_image store, file_image const& wal);

} // namespace swarmlog::test
