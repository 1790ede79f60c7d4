#pragma once

#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

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

/// Makes the path absolute, with links resolved, so that one store has one lock. Fails with
/// `not_found` when the folder is not there, `invalid_argument` when it is no path of a file.
[[nodiscard]] result<std::string> resolve_store_path(std::filesystem::path const& path);

/// Flushes the names in the folder of `path`.
[[nodiscard]] result<void> sync_folder_of(std::string const& path);

[[nodiscard]] std::string wal_path_of(std::string const& store_path);
/// 0 when there is no such file. Does not open it.
[[nodiscard]] std::uint64_t file_bytes(std::string const& path);
[[nodiscard]] bool is_folder_writable(std::string const& path);

} // namespace swarmlog::detail
