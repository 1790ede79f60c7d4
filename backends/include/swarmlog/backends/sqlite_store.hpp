#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/durability.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/export.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace swarmlog {

/// How a store in a SQLite file is kept. The defaults were measured: docs/decisions/0004.
struct sqlite_store_options {
    /// `durable` or `relaxed`; a file cannot be `volatile_memory`.
    durability mode = durability::durable;
    /// Relaxed only: a commit that comes this long after the last flush flushes again.
    std::chrono::milliseconds relaxed_sync_interval{200};

    /// Of a new file: a power of two from 512 to 65,536. A file keeps the size it was made with.
    std::uint32_t page_bytes = 8192;
    /// Page caches of all connections together: one half for the writer, the other shared out
    /// among the readers.
    std::uint64_t cache_bytes = 16 * 1024 * 1024;
    /// The write-ahead log is moved into the main file once it is this long.
    std::uint64_t wal_bytes_max = 8 * 1024 * 1024;
    /// Readers that overlap all the time keep a write-ahead log from starting over. Once it is
    /// four times `wal_bytes_max`, the writer waits this long for views older than its commit.
    std::chrono::milliseconds wal_reader_wait_max{50};

    /// Read views at a time; one more waits for a view to end, at most `reader_wait_max`, and
    /// then fails with `deadline_exceeded`.
    std::uint32_t readers_max = 8;
    /// How long a view waits for room.
    std::chrono::milliseconds reader_wait_max{10'000};
    /// How long to wait for a lock that another process holds for a moment.
    std::chrono::milliseconds lock_wait_max{2'000};

    /// Name of a registered SQLite VFS; empty means the default one.
    std::string vfs{};

    /// A folder on a network file system is `unsupported`: its locks do not keep a second writer
    /// out. True says that no other machine uses it.
    bool allow_network_file_system = false;
    /// Who tells whether a folder is on one: answers the file system's type as mount(8) names it
    /// ("nfs", "fuse.sshfs"), or nothing for a local one. By default the operating system.
    std::function<std::string(std::string const& folder)> network_file_system_of{};
};

/// Opens the store in `path`, or makes a new one where there is no file or an empty one.
///
/// The caller is its only writer: `already_open` when another handle, here or in another process,
/// has it open for writing (a lock on `<path>.lock`, which is never removed). Also fails with
/// `not_found` (the folder), `permission_denied`, `invalid_argument` (an option; or `path` or a
/// file that SQLite keeps beside it is a link or no regular file), `not_ours` and
/// `schema_too_new` (the file is left as it is), `corrupt` (which includes tables, triggers and
/// the like that swarmlog does not make), `unsupported` (a network file system), `disk_full`,
/// `io_error`.
///
/// What is made can be read and written by its owner alone. Files that others may read or write
/// are told of in `open_report::warnings`.
[[nodiscard]] SWARMLOG_EXPORT result<std::unique_ptr<backend>>
open_sqlite_store(std::filesystem::path const& path, sqlite_store_options const& options = {});

/// Opens the store in `path` for reading, whether or not another process is writing to it.
///
/// Takes no lock and writes neither the store nor its write-ahead log. SQLite itself may make
/// the `-shm` file and an empty `-wal` file beside it. Where the folder cannot be written, a
/// store that was closed properly is read as an immutable file, so nobody may open it for
/// writing meanwhile; one whose write-ahead log must be recovered first is `permission_denied`.
/// A store of an older schema is `read_only`: it has to be opened for writing once.
[[nodiscard]] SWARMLOG_EXPORT result<std::unique_ptr<backend>>
open_sqlite_store_read_only(std::filesystem::path const& path,
                            sqlite_store_options const& options = {});

} // namespace swarmlog
