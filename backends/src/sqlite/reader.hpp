#pragma once

#include "sqlite/connection.hpp"
#include "sqlite/sqlite_rows.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>

namespace swarmlog::detail {

/// A read-only connection with every statement a read view needs, prepared once. Used by one
/// thread at a time.
struct sqlite_reader {
    [[nodiscard]] static result<sqlite_reader> open(sqlite_connection_settings const& settings,
                                                    sqlite_access access);

    /// Starts a read transaction and answers the last position in it: the first read is what
    /// fixes the snapshot.
    [[nodiscard]] result<position> begin_snapshot();
    /// False when the connection must not be used again.
    [[nodiscard]] bool end_snapshot() noexcept;

    sqlite_connection connection;
    sqlite_statement begin;
    sqlite_statement end;
    sqlite_statement head;
    sqlite_statement record_at;
    sqlite_statement records_after;
    sqlite_statement records_back;
    sqlite_statement runs;
    sqlite_statement runs_with_headers;
    sqlite_statement run_header;
    sqlite_statement run_block;
    sqlite_statement run_generation;
    sqlite_statement checkpoint;
    sqlite_statement checkpoints;
    sqlite_statement projections;
    sqlite_statement snapshot;
    sqlite_statement snapshots;
    sqlite_rows rows;
};

} // namespace swarmlog::detail
