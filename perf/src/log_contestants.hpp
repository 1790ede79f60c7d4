#pragma once

#include "sqlite_baselines.hpp"
#include "workload.hpp"

#include <swarmlog/swarmlog.hpp>

namespace swarmlog::perf {

/// Where a log contestant keeps its log.
struct log_place {
    bool in_memory = false;
    durability mode = durability::durable;
};

/// `producer_count` threads submit the events without waiting for each answer; the time ends
/// when the last one is durable. Reads everything back afterwards and compares it.
[[nodiscard]] contestant append_pipelined(event_maker make, log_place place,
                                          unsigned producer_count);

/// One producer waits for each durable answer.
[[nodiscard]] contestant append_acked(event_maker make, log_place place);

/// `in_flight` coroutines on one thread, each waits for its answer before its next append.
[[nodiscard]] contestant append_concurrent(event_maker make, log_place place, unsigned in_flight);

/// Reads the whole log as views and touches every part of each event.
[[nodiscard]] contestant read_all(event_maker make, log_place place);

/// Reads single streams, at most 100 events each.
[[nodiscard]] contestant read_streams(event_maker make, log_place place, std::uint64_t stream_count,
                                      std::uint64_t reads);

/// Appends the setting's events to a log that holds `times` as many already.
[[nodiscard]] contestant append_at_size(event_maker make, log_place place, double times);

/// Opens a log that holds `times` the setting's events; units are openings.
[[nodiscard]] contestant reopen(event_maker make, double times);

} // namespace swarmlog::perf
