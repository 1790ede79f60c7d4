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
    std::string_view type;
    std::string_view data;
    std::uint32_t schema_version = 1;
};

/// What an event carries beside its data. Views live until the call that takes them returns.
struct event_details {
    std::vector<std::string_view> tags{};
    std::string_view metadata{}; ///< JSON, or empty for none
    std::string_view correlation_id{};
    std::string_view causation_id{};
    std::optional<timestamp> occurred_at{};
    std::optional<event_id> id{}; ///< by default the log makes a version 7 id
};

} // namespace swarmlog
