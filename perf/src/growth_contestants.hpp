#pragma once

#include "log_place.hpp"
#include "workload.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace swarmlog::perf {

// At `given.events / divisor` for each divisor (falling), the growth stops for a look, and the
// figures get the divisor's number: `rate_100` is the rate of the events after that point.

/// One log in a file grows to the setting's events: `rate_…`, `memory_…` in MB of this process
/// beyond what it had before, `bytes_…` of the file an event.
[[nodiscard]] contestant grow_log(event_maker make, std::vector<std::uint64_t> divisors);

/// The same for the row-per-event table, 1,000 events a transaction: `rate_…` only. It is too
/// slow to grow in each round, so copies of tables that were made once are appended to.
[[nodiscard]] contestant grow_rows(std::string table_name, event_maker make,
                                   std::vector<std::uint64_t> divisors);

} // namespace swarmlog::perf
