#pragma once

#include <swarmlog/projections/swarm/swarm.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <memory>
#include <string>
#include <string_view>

/// What the swarm's commands share: rows that must be there, and how their events are appended.
namespace swarmlog::swarm {

template <class Enum>
[[nodiscard]] std::string name_of(Enum value) {
    return boost::describe::enum_to_string(value, "unknown");
}

/// Ids become parts of stream names and tags: 1 to 240 bytes of UTF-8.
[[nodiscard]] result<void> check_id(std::string_view what, std::string_view id);

[[nodiscard]] result<std::shared_ptr<agent const>> known_agent(decision& now,
                                                               std::string const& id);
[[nodiscard]] result<std::shared_ptr<task const>> known_task(decision& now, std::string const& id);

/// Appends to the agent's stream, tagged with it.
template <class Event>
[[nodiscard]] result<void> append_of_agent(decision& now, Event const& event) {
    std::string const tag = "agent:" + event.agent_id;
    return now.append("agent-" + event.agent_id, event, {.tags = {tag}});
}

/// Appends to the task's stream, tagged with it and, where one is named, with an agent.
template <class Event>
[[nodiscard]] result<void> append_of_task(decision& now, Event const& event,
                                          std::string_view agent_id = {}) {
    std::string const task_tag = "task:" + event.task_id;
    std::string const agent_tag = "agent:" + std::string{agent_id};
    event_details details;
    details.tags.push_back(task_tag);
    if (!agent_id.empty()) { details.tags.push_back(agent_tag); }
    return now.append("task-" + event.task_id, event, details);
}

} // namespace swarmlog::swarm
