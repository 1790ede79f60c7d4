#pragma once

#include "log/log_core.hpp"

#include <swarmlog/engine/reports.hpp>

namespace swarmlog::detail {

/// Walks every record up to the head as it is now, and then the index. See `event_log::verify`.
[[nodiscard]] result<verify_report> verify_log(log_core& core, progress const& report);

} // namespace swarmlog::detail
