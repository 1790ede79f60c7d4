#pragma once

#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace swarmlog::detail {

/// What stands in a path before it is opened, found out without leaving a trace: SQLite's header
/// is read through an immutable connection, which takes no lock and makes no file. Only where there
/// is no such header but a write-ahead log, which may hold it, SQLite is asked to look into that.
struct store_file {
    bool exists = false; ///< false also for a file of no bytes
    std::uint32_t schema_version = 0;
};

/// Fails with `not_ours` for a file that is no SQLite database or another application's.
[[nodiscard]] result<store_file> inspect_store_file(std::string const& path,
                                                    std::string const& vfs);

/// Makes the path absolute, with its folder's links resolved, so that one store has one lock.
/// Fails with `not_found` when the folder is not there, `invalid_argument` when it is no path of
/// a file or of a link: whoever may write to the folder could lead it elsewhere.
[[nodiscard]] result<std::string> resolve_store_path(std::filesystem::path const& path);

/// `invalid_argument` when a file that belongs to the store, as its write-ahead log or its lock,
/// is a link or no regular file.
[[nodiscard]] result<void> check_side_files(std::string const& store_path);

/// Makes an empty file that only its owner may read and write. Fails when there is one.
[[nodiscard]] result<void> create_private_file(std::string const& path);

/// A sentence for each file of the store that not only its owner may read or write.
[[nodiscard]] std::vector<std::string> loose_modes(std::string const& store_path);

/// Flushes the names in the folder of `path`.
[[nodiscard]] result<void> sync_folder_of(std::string const& path);

[[nodiscard]] std::string wal_path_of(std::string const& store_path);
/// 0 when there is no such file. Does not open it.
[[nodiscard]] std::uint64_t file_bytes(std::string const& path);
[[nodiscard]] bool is_folder_writable(std::string const& path);

} // namespace swarmlog::detail
