#pragma once

#include <swarmlog/engine/event_id.hpp>
#include <swarmlog/engine/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace swarmlog {

/// An event as text: a type and JSON bytes, stored as they are.
struct raw_event {
    std::string_view type; ///< 1 to 255 bytes of UTF-8
    /// JSON within the log's limits.
    std::string_view data;
    std::uint32_t schema_version = 1; ///< of the data's layout, from 1
};

/// What an event carries beside its data. Views live until the call that takes them returns.
struct event_details {
    std::vector<std::string_view> tags{};   ///< each 1 to 255 bytes, `tags_max` at most
    std::string_view metadata{};            ///< JSON, or empty for none
    std::string_view correlation_id{};      ///< what it belongs to; 255 bytes at most
    std::string_view causation_id{};        ///< what led to it; 255 bytes at most
    std::optional<timestamp> occurred_at{}; ///< the caller's own time
    std::optional<event_id> id{};           ///< by default the log makes a version 7 id
};

} // namespace swarmlog
