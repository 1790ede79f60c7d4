#include "history/history_event.hpp"

#include <algorithm>
#include <cstddef>

namespace swarmlog {

namespace {

constexpr std::size_t name_bytes_max = 255;

/// Fails when a name is not one: `what` says whose it is.
result<void> check_name(std::string_view what, std::string_view value, std::size_t added) {
    if (value.empty()) {
        return error(errc::invalid_argument, "the " + std::string(what) + " is empty");
    }
    if (value.size() + added > name_bytes_max) {
        return error(errc::invalid_argument,
                     "the " + std::string(what) + " has " + std::to_string(value.size()) +
                         " bytes, more than the " + std::to_string(name_bytes_max - added) +
                         " that fit");
    }
    return {};
}

} // namespace

std::string to_string(history_place const& place) {
    std::string text = place.file ? *place.file : std::string("?");
    if (place.line != 0) text += ":" + std::to_string(place.line);
    return text;
}

event_details details_of(history_event const& event) {
    event_details details;
    details.tags.assign(event.tags.begin(), event.tags.end());
    details.occurred_at = event.occurred_at;
    return details;
}

result<history_event> make_history_event(std::string_view stream_kind, std::string_view task,
                                         std::string_view type, std::string_view agent) {
    constexpr std::string_view agent_tag = "agent:";
    constexpr std::string_view task_tag = "task:";
    if (auto checked = check_name("event type", type, 0); !checked) return checked.error();
    if (auto checked = check_name("task", task, std::max(stream_kind.size(), task_tag.size()));
        !checked) {
        return checked.error();
    }
    history_event event;
    event.stream.reserve(stream_kind.size() + task.size());
    event.stream.append(stream_kind).append(task);
    event.type = type;
    event.tags.reserve(2);
    if (!agent.empty()) {
        if (auto checked = check_name("agent", agent, agent_tag.size()); !checked) {
            return checked.error();
        }
        event.tags.push_back(std::string(agent_tag).append(agent));
    }
    event.tags.push_back(std::string(task_tag).append(task));
    return event;
}

} // namespace swarmlog
