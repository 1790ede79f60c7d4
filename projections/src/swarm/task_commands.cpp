#include "swarm/known_rows.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>

#include <algorithm>
#include <cstdint>

namespace swarmlog::swarm {

namespace {

error illegal(task const& row, std::string_view step) {
    return swarm_error(swarm_errc::illegal_step, "task " + row.id + " is " + name_of(row.status) +
                                                     "; it cannot " + std::string{step});
}

bool is_held(task const& row) {
    return row.status == task_status::assigned || row.status == task_status::running;
}

/// The first dependency that is not completed; empty when the task may begin.
result<std::string> missing_dependency(decision& now, task const& row) {
    auto const tasks = now.table<task>();
    for (std::string const& each : row.dependencies) {
        auto const dependency = tasks.find(each);
        if (!dependency) { return dependency.error(); }
        if (*dependency == nullptr || (*dependency)->status != task_status::completed) {
            return each;
        }
    }
    return std::string{};
}

/// The first capability that the agent lacks; empty when it fits.
std::string missing_capability(agent const& of, task const& row) {
    auto const lacks = [&](std::string const& required) {
        return std::find(of.capabilities.begin(), of.capabilities.end(), required) ==
               of.capabilities.end();
    };
    auto const missing =
        std::find_if(row.required_capabilities.begin(), row.required_capabilities.end(), lacks);
    return missing == row.required_capabilities.end() ? std::string{} : *missing;
}

result<std::shared_ptr<agent const>> claimer(decision& now, std::string const& id) {
    auto known = known_agent(now, id);
    if (known && (*known)->status == agent_status::shutdown) {
        return swarm_error(swarm_errc::illegal_step, "agent " + id + " is shut down");
    }
    return known;
}

/// The task, in one of two states, held by the agent.
result<std::shared_ptr<task const>> held_task(decision& now, std::string const& id,
                                              std::string const& agent_id, bool must_run,
                                              std::string_view step) {
    auto known = known_task(now, id);
    if (!known) { return known; }
    bool const is_allowed = (*known)->status == task_status::running ||
                            (!must_run && (*known)->status == task_status::assigned);
    if (!is_allowed) { return illegal(**known, step); }
    if ((*known)->assigned_to != agent_id) {
        return swarm_error(swarm_errc::not_the_holder, "task " + id + " is held by " +
                                                           (*known)->assigned_to.value_or("") +
                                                           ", not by " + agent_id);
    }
    return known;
}

} // namespace

result<void> create_task::operator()(decision& now) const {
    if (auto const named = check_id("task", id); !named) { return named; }
    auto const tasks = now.table<task>();
    auto const known = tasks.find(id);
    if (!known) { return known.error(); }
    if (*known != nullptr) {
        return swarm_error(swarm_errc::task_exists,
                           "task " + id + " exists; it is " + name_of((*known)->status));
    }
    for (std::string const& each : dependencies) {
        // A dependency is there before what waits for it and never changes, so that no longer
        // cycle than this can come to be.
        if (each == id) {
            return swarm_error(swarm_errc::cyclic_dependency, "task " + id + " depends on itself");
        }
        auto const dependency = tasks.find(each);
        if (!dependency) { return dependency.error(); }
        if (*dependency == nullptr) {
            return swarm_error(swarm_errc::unknown_dependency,
                               "task " + id + " depends on \"" + each + "\", which is no task");
        }
    }
    return append_of_task(now, task_created{id, task_type, priority, payload, dependencies,
                                            required_capabilities, max_retries});
}

result<void> update_task::operator()(decision& now) const {
    auto const known = known_task(now, changes.task_id);
    if (!known) { return known.error(); }
    if ((*known)->status != task_status::pending && !is_held(**known)) {
        return illegal(**known, "be updated");
    }
    return append_of_task(now, changes);
}

result<void> claim_task::operator()(decision& now) const {
    auto const known = known_task(now, id);
    if (!known) { return known.error(); }
    auto const by = claimer(now, agent_id);
    if (!by) { return by.error(); }
    if (is_held(**known)) {
        return swarm_error(swarm_errc::task_already_claimed,
                           "task " + id + " is held by " + (*known)->assigned_to.value_or(""));
    }
    if ((*known)->status != task_status::pending) { return illegal(**known, "be claimed"); }
    auto const waits_for = missing_dependency(now, **known);
    if (!waits_for) { return waits_for.error(); }
    if (!waits_for->empty()) {
        return swarm_error(swarm_errc::task_not_ready,
                           "task " + id + " waits for task " + *waits_for);
    }
    if (std::string const lacking = missing_capability(**by, **known); !lacking.empty()) {
        return swarm_error(swarm_errc::capability_missing, "task " + id + " requires \"" + lacking +
                                                               "\"; agent " + agent_id +
                                                               " does not have it");
    }
    return append_of_task(now, task_assigned{id, agent_id}, agent_id);
}

result<void> claim_next::operator()(decision& now) const {
    auto const by = claimer(now, agent_id);
    if (!by) { return by.error(); }
    std::string found;
    auto const looked = now.table<task>()
                            .query()
                            .where(eq(&task::status, task_status::pending))
                            .order_by(&task::urgency)
                            .then_by(&task::created_in)
                            .for_each([&](task const& each) -> result<bool> {
                                if (!missing_capability(**by, each).empty()) { return true; }
                                auto const waits_for = missing_dependency(now, each);
                                if (!waits_for) { return waits_for.error(); }
                                if (!waits_for->empty()) { return true; }
                                found = each.id;
                                return false;
                            });
    if (!looked) { return looked; }
    if (found.empty()) {
        return swarm_error(swarm_errc::no_task_ready,
                           "no pending task is ready that agent " + agent_id + " fits");
    }
    auto const appended = append_of_task(now, task_assigned{found, agent_id}, agent_id);
    if (!appended || claimed == nullptr) { return appended; }
    auto const row = known_task(now, found);
    if (!row) { return row.error(); }
    *claimed = **row;
    return {};
}

result<void> start_task::operator()(decision& now) const {
    auto const known = held_task(now, id, agent_id, false, "start");
    if (!known) { return known.error(); }
    if ((*known)->status == task_status::running) { return illegal(**known, "start"); }
    return append_of_task(now, task_started{id, agent_id}, agent_id);
}

result<void> complete_task::operator()(decision& now) const {
    auto const known = held_task(now, id, agent_id, true, "complete");
    if (!known) { return known.error(); }
    return append_of_task(now, task_completed{id, agent_id, result_value}, agent_id);
}

result<void> fail_task::operator()(decision& now) const {
    auto const known = held_task(now, id, agent_id, false, "fail");
    if (!known) { return known.error(); }
    bool const retried = (*known)->retry_count < (*known)->max_retries;
    return append_of_task(now, task_failed{id, agent_id, error, retried}, agent_id);
}

result<void> cancel_task::operator()(decision& now) const {
    auto const known = known_task(now, id);
    if (!known) { return known.error(); }
    if ((*known)->status != task_status::pending && !is_held(**known)) {
        return illegal(**known, "be cancelled");
    }
    return append_of_task(now, task_cancelled{id, reason}, (*known)->assigned_to.value_or(""));
}

result<void> release_task::operator()(decision& now) const {
    auto const known = known_task(now, id);
    if (!known) { return known.error(); }
    if (!is_held(**known)) { return illegal(**known, "be released"); }
    std::string const holder = (*known)->assigned_to.value_or("");
    return append_of_task(now, task_released{id, holder, reason}, holder);
}

result<void> reopen_task::operator()(decision& now) const {
    auto const known = known_task(now, id);
    if (!known) { return known.error(); }
    if ((*known)->status == task_status::pending || is_held(**known)) {
        return illegal(**known, "be reopened");
    }
    return append_of_task(now, task_reopened{id, agent_id, reason}, agent_id);
}

result<void> annotate_task::operator()(decision& now) const {
    auto const known = known_task(now, id);
    if (!known) { return known.error(); }
    return append_of_task(now, task_annotated{id, notes});
}

} // namespace swarmlog::swarm
