#pragma once

#include "sample_events.hpp"
#include "sqlite_database.hpp"
#include "workload.hpp"

#include <string>

namespace swarmlog::perf {

/// `sqlite_rows`: inserts into the table of event_rows.hpp, `per_transaction` events in each
/// transaction.
[[nodiscard]] contestant sqlite_rows(event_maker make, std::uint64_t per_transaction,
                                     synchronous level);

/// `seed_schema`, the crate's own table: nine columns, the whole event as JSON once more in
/// `data`, and seven B-trees; one event a transaction, WAL, synchronous=NORMAL, one connection.
[[nodiscard]] contestant seed_schema(event_maker make);

// Reads. The tables are made once for all rounds, as those of read_contestants.hpp.

/// Reads every row of the table, in order, all columns touched.
[[nodiscard]] contestant scan_rows(std::string table_name, event_maker make);

/// Reads the rows of single streams through the table's index.
[[nodiscard]] contestant select_streams(std::string table_name, event_maker make,
                                        std::uint64_t stream_count, std::uint64_t reads);

/// The newest 100 rows of an agent, of ten, by an index on agent and position.
[[nodiscard]] contestant select_agent_events(std::string table_name, event_maker make,
                                             std::uint64_t reads);

} // namespace swarmlog::perf
