#pragma once

#include "log_place.hpp"
#include "workload.hpp"

#include <string>

namespace swarmlog::perf {

// Each reads from a log in a file that is made once for all rounds. `log_name` is that log's:
// contestants that read the same events share it.

/// Reads the whole log as views and touches every part of each event.
[[nodiscard]] contestant read_all(std::string log_name, event_maker make);

/// Reads one stream after the other, each at most 100 events, of the first `stream_count`.
[[nodiscard]] contestant read_streams(std::string log_name, event_maker make,
                                      std::uint64_t stream_count, std::uint64_t reads);

/// The newest 100 events of an agent, of ten, by their tag. Units are such reads.
[[nodiscard]] contestant read_agent_events(std::string log_name, event_maker make,
                                           std::uint64_t reads);

/// Opens a log in a file that was closed, again and again: `open_ms` is one opening.
[[nodiscard]] contestant reopen(std::string log_name, event_maker make);

} // namespace swarmlog::perf
