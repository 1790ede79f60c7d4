#pragma once

#include "log_place.hpp"
#include "workload.hpp"

namespace swarmlog::perf {

// A thousand agents, a quarter of them each initializing, active, idle and busy.

/// Agents found by id; from the rows' cache, or with one that hardly any fit in.
[[nodiscard]] contestant find_agents(log_place place, bool cached);
/// The idle ones, again and again. Units are such lists.
[[nodiscard]] contestant list_agents(std::uint64_t lists);

/// `sqlite_select`: a prepared SELECT by primary key on a table of the same columns.
[[nodiscard]] contestant select_agents();
/// `sqlite_select`: a prepared SELECT by an index on the status; rows are copied into structs.
[[nodiscard]] contestant select_agents_by_status(std::uint64_t lists);

/// `memory`: `find` in a `std::unordered_map`, and a copy of the row.
[[nodiscard]] contestant copy_agents_from_map();

} // namespace swarmlog::perf
