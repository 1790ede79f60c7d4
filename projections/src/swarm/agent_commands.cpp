#include "swarm/known_rows.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>

namespace swarmlog::swarm {

result<void> register_agent::operator()(decision& now) const {
    if (auto const named = check_id("agent", id); !named) { return named; }
    auto const known = now.table<agent>().find(id);
    if (!known) { return known.error(); }
    if (*known != nullptr && (*known)->status != agent_status::shutdown) {
        return swarm_error(swarm_errc::agent_exists,
                           "agent " + id + " is registered; it is " + name_of((*known)->status));
    }
    return append_of_agent(now,
                           agent_registered{id, name, agent_type, status, capabilities, metadata});
}

result<void> update_agent::operator()(decision& now) const {
    auto const known = known_agent(now, changes.agent_id);
    if (!known) { return known.error(); }
    return append_of_agent(now, changes);
}

result<void> set_agent_status::operator()(decision& now) const {
    auto const known = known_agent(now, id);
    if (!known) { return known.error(); }
    if ((*known)->status == agent_status::shutdown) {
        return swarm_error(swarm_errc::illegal_step,
                           "agent " + id + " is shut down; register it anew");
    }
    return append_of_agent(now, agent_status_changed{id, status});
}

result<void> heartbeat::operator()(decision& now) const {
    auto const known = known_agent(now, agent_id);
    if (!known) { return known.error(); }
    return append_of_agent(now, agent_heartbeat{agent_id});
}

result<void> remove_agent::operator()(decision& now) const {
    auto const known = known_agent(now, id);
    if (!known) { return known.error(); }
    auto const held = now.table<task>()
                          .query()
                          .where(eq(&task::assigned_to, id) &&
                                 in(&task::status, {task_status::assigned, task_status::running}))
                          .all();
    if (!held) { return held.error(); }
    for (task const& each : *held) {
        auto const released =
            append_of_task(now, task_released{each.id, id, "its agent was removed"}, id);
        if (!released) { return released; }
    }
    return append_of_agent(now, agent_removed{id});
}

} // namespace swarmlog::swarm
