#pragma once

#include <string_view>

namespace swarmlog {

/// How a recorded history is written.
enum class history_layout {
    unknown,
    needle,   ///< JSON lines `{"bead","event","ts","worker",…}` of the NEEDLE orchestrator
    gastown,  ///< JSON lines `{"issue_id","event_type","created_at","actor",…}` of Gas Town
    temporal, ///< one JSON document a workflow: `{"events":[…]}`, under `history`, or bare
};

[[nodiscard]] std::string_view to_string(history_layout layout) noexcept;

/// How much of a file `recognise` wants to see.
inline constexpr std::size_t recognised_bytes = 256 * 1024;

struct recognised_layout {
    history_layout layout = history_layout::unknown;
    /// The file consists of such events, and is not a text that merely quotes one.
    bool sure = false;
};

/// Tells the layout from a file's first bytes. Any line that can be told decides, so that
/// malformed lines at the top do not hide an event log. `whole` says that there are no more bytes.
[[nodiscard]] recognised_layout recognise_history(std::string_view beginning, bool whole);

} // namespace swarmlog
