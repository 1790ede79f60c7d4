#pragma once

#include "log_place.hpp"
#include "workload.hpp"

namespace swarmlog::perf {

// All read everything back afterwards and compare it with what was sent.

/// `producer_count` threads submit the events without waiting for each answer; the time ends
/// when the last one is durable.
[[nodiscard]] contestant append_pipelined(event_maker make, log_place place,
                                          unsigned producer_count);

/// Each of `producer_count` threads appends `per_batch` events at a time and waits for the
/// durable answer. Percentiles are those of one batch.
[[nodiscard]] contestant append_batches(event_maker make, log_place place, unsigned producer_count,
                                        std::uint64_t per_batch);

/// `in_flight` coroutines on one thread, each waits for its answer before its next append.
[[nodiscard]] contestant append_concurrent(event_maker make, log_place place, unsigned in_flight);

/// One producer waits for each durable answer while a subscriber on another thread takes what
/// comes. Percentiles are those of the time from the append's call to the delivery.
[[nodiscard]] contestant append_and_deliver(event_maker make, log_place place);

} // namespace swarmlog::perf
