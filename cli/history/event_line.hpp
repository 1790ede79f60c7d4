#pragma once

#include "history/history_event.hpp"
#include "history/history_layout.hpp"

#include <swarmlog/engine/error.hpp>

#include <string_view>

namespace swarmlog {

/// One line of a needle-beads or gastown log as an event.
///
/// | | stream and `task:` tag | type | `agent:` tag | occurred_at |
/// |---|---|---|---|---|
/// | needle-beads | `bead` | `event` | `worker` | `ts` |
/// | gastown | `issue_id` | `event_type` | `actor` | `created_at` |
///
/// The data is the line itself. Fails with `invalid_json` or `invalid_argument` and the reason;
/// the agent may be missing, null or empty, and then there is no tag for it.
[[nodiscard]] result<history_event> read_event_line(history_layout layout, std::string_view line);

} // namespace swarmlog
