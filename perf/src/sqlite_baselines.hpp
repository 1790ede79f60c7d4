#pragma once

#include "sample_events.hpp"
#include "workload.hpp"

#include <cstdint>
#include <functional>

namespace swarmlog::perf {

/// Makes event `number`, from 0.
using event_maker = std::function<void(std::uint64_t number, sample_event& out)>;

enum class synchronous { normal, full };

/// A row an event with `UNIQUE(stream, version)`, prepared statements, WAL, `per_transaction`
/// events in a transaction, one connection: what one writes by hand.
[[nodiscard]] contestant sqlite_rows(event_maker make, std::uint64_t per_transaction,
                                     synchronous level);

/// The crate's own table: nine columns, the whole event as JSON once more in `data`, and seven
/// B-trees; one event a transaction, WAL, synchronous=NORMAL, one connection.
[[nodiscard]] contestant seed_schema(event_maker make);

/// Reads every row of `sqlite_rows`' table, in order, all columns touched.
[[nodiscard]] contestant sqlite_rows_scan(event_maker make);

/// Reads the rows of single streams of `sqlite_rows`' table through its index.
[[nodiscard]] contestant sqlite_select_streams(event_maker make, std::uint64_t stream_count,
                                               std::uint64_t reads);

} // namespace swarmlog::perf
