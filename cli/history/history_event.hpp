#pragma once

#include <swarmlog/engine/append_request.hpp>
#include <swarmlog/engine/timestamp.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace swarmlog {

/// Where in a history something stands.
struct history_place {
    std::shared_ptr<std::string const> file;
    std::uint64_t line = 0; ///< from 1; 0 for the file as a whole
};

/// `file:line`, as compilers write it.
[[nodiscard]] std::string to_string(history_place const& place);

/// One event of a history, as it goes into a log.
struct history_event {
    std::string stream;            ///< `task-<id>` or `workflow-<name>`
    std::string type;              ///< as in the source
    std::string data;              ///< the very bytes of the original event
    std::vector<std::string> tags; ///< `agent:<name>` when there is one, and `task:<id>`
    std::optional<timestamp> occurred_at;
    history_place place;
};

/// What goes beside the data into an append. Views into `event`.
[[nodiscard]] event_details details_of(history_event const& event);

/// The stream, the type and the tags of an event: `invalid_argument` when one of these names is
/// empty or longer than a log takes. An empty agent gives no tag.
[[nodiscard]] result<history_event> make_history_event(std::string_view stream_kind,
                                                       std::string_view task, std::string_view type,
                                                       std::string_view agent);

} // namespace swarmlog
