#pragma once

#include "sample_events.hpp"
#include "workload.hpp"

namespace swarmlog::perf {

/// What memory allows: the same events, each encoded and appended to one `std::deque`; with more
/// than one producer under a mutex.
[[nodiscard]] contestant append_to_deque(event_maker make, unsigned producer_count);

} // namespace swarmlog::perf
