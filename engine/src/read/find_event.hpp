#pragma once

#include "log/log_core.hpp"

#include <swarmlog/engine/event.hpp>

#include <optional>

namespace swarmlog::detail {

/// The event with an id. The index knows ids that callers brought; an id that the log made
/// carries the millisecond of its record, so the records of that millisecond are looked at.
[[nodiscard]] result<std::optional<event>> find_event(std::shared_ptr<log_core> const& core,
                                                      event_id const& id);

} // namespace swarmlog::detail
