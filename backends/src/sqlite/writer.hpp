#pragma once

#include "sqlite/connection.hpp"
#include "sqlite/sqlite_rows.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>

#include <atomic>
#include <cstdint>
#include <optional>

namespace swarmlog::detail {

/// The one connection that writes, its prepared statements, and what must be remembered from one
/// transaction to the next. Writer's thread.
struct sqlite_writer {
    /// Opens for writing and sets the modes that outlive a transaction.
    [[nodiscard]] static result<sqlite_connection>
    connect(sqlite_connection_settings const& settings, bool flush_each_commit,
            std::uint64_t wal_bytes_max);

    explicit sqlite_writer(sqlite_connection opened) noexcept : connection(std::move(opened)) {}

    /// Prepares the statements and reads where the log ends.
    [[nodiscard]] result<void> prepare();
    /// Cuts off what the write-ahead log holds after its last commit: stale_frames.hpp.
    [[nodiscard]] result<void> cut_off_log();
    /// Drops the statements, so that the connection can be closed.
    void drop_statements() noexcept;

    sqlite_connection connection;
    sqlite_statement begin;
    sqlite_statement commit;
    sqlite_statement rollback;
    sqlite_statement append_record;
    sqlite_statement put_run_block;
    sqlite_statement put_run;
    sqlite_statement drop_run;
    sqlite_statement erase_run_blocks;
    sqlite_statement run_block;
    sqlite_statement put_checkpoint;
    sqlite_statement erase_checkpoint;
    sqlite_statement put_run_generation;
    sqlite_statement put_projection;
    sqlite_statement erase_projection;
    sqlite_statement put_snapshot;
    sqlite_statement erase_snapshots;
    sqlite_rows rows;

    position head;                    ///< committed
    std::uint64_t run_generation = 0; ///< committed
    bool in_transaction = false;
    bool is_log_cut = false; ///< since somebody last looked how long its file is
    /// Set once the medium has failed in a way after which nothing more may be written.
    std::optional<error> broken;
    /// Set in a forked child: SQLite must not be called any more.
    std::atomic<bool> abandoned = false;
};

} // namespace swarmlog::detail
