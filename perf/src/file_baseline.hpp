#pragma once

#include "sample_events.hpp"
#include "workload.hpp"

namespace swarmlog::perf {

/// The device's limit: the same events, uncompressed, one `write` and one `fdatasync` for each
/// group of `per_group` events, appended to a plain file. Percentiles are those of a group, and
/// with `flush_` before their names of its `fdatasync` alone.
[[nodiscard]] contestant plain_file(event_maker make, std::uint64_t per_group);

} // namespace swarmlog::perf
