#include <swarmlog/engine/options.hpp>

#include "ingestion_queue/ingestion_queue.hpp"

#include <string>

namespace swarmlog {

namespace {

result<void> in_range(char const* name, std::uint64_t value, std::uint64_t low,
                      std::uint64_t high) {
    if (value >= low && value <= high) { return {}; }
    return error{errc::invalid_argument, std::string{name} + " = " + std::to_string(value) +
                                             " is not between " + std::to_string(low) + " and " +
                                             std::to_string(high)};
}

} // namespace

result<void> check_options(log_options const& options) {
    constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;
    append_limits const& limits = options.limits;
    for (auto const& checked : {
             in_range("queue_appends_max", options.queue_appends_max, 1,
                      detail::ingestion_queue::appends_limit),
             in_range("queue_bytes_max", options.queue_bytes_max, limits.append_bytes_max,
                      detail::ingestion_queue::bytes_mask),
             in_range("append_bytes_max", limits.append_bytes_max, limits.event_bytes_max,
                      gibibyte / 4),
             in_range("event_bytes_max", limits.event_bytes_max, 2, gibibyte / 4),
             in_range("append_events_max", limits.append_events_max, 1, 1U << 20),
             in_range("tags_max", limits.tags_max, 0, 65'535),
             in_range("json_depth_max", limits.json_depth_max, 1, 1'024),
             in_range("group_events_max", options.group_events_max, 1, 1U << 24),
             in_range("group_bytes_max", options.group_bytes_max, 1, gibibyte),
             in_range("record_bytes", options.record_bytes, 1, gibibyte / 4),
             in_range("index_tail_events", options.index_tail_events, 1, 1U << 24),
             in_range("page_events", options.page_events, 1, 1U << 20),
         }) {
        if (!checked) { return checked; }
    }
    if (options.clock == nullptr) {
        return error{errc::invalid_argument, "clock is null; it takes a clock"};
    }
    return {};
}

} // namespace swarmlog
