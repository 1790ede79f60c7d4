#include <swarmlog/projections/swarm/swarm.hpp>

#include <algorithm>

namespace swarmlog::swarm {

namespace {

typed_query<task> by_urgency(typed_query<task> asked) {
    return std::move(asked).order_by(&task::urgency).then_by(&task::created_in);
}

} // namespace

void add_projections(projection_set& projections) {
    projections.add(agent_table{}).add(task_table{}).add(message_table{}).add(metric_table{});
}

result<task> desk::claim_next(std::string_view agent_id) {
    auto const claimed = std::make_shared<task>();
    auto const done = run(swarm::claim_next{std::string{agent_id}, claimed});
    if (!done) { return done.error(); }
    return std::move(*claimed);
}

result<std::shared_ptr<agent const>> desk::find_agent(std::string_view id) const {
    return log_->table<agent>().find(id);
}

result<std::vector<agent>> desk::agents() const { return log_->table<agent>().all(); }

result<std::vector<agent>> desk::agents_by_status(agent_status status) const {
    return log_->query<agent>().where(eq(&agent::status, status)).all();
}

result<std::vector<agent>> desk::agents_able(std::string_view capability) const {
    auto all = agents();
    if (!all) { return all; }
    std::erase_if(*all, [&](agent const& each) {
        return std::find(each.capabilities.begin(), each.capabilities.end(), capability) ==
               each.capabilities.end();
    });
    return all;
}

result<std::vector<agent>> desk::silent_agents(timestamp since) const {
    return log_->query<agent>()
        .where(ne(&agent::status, agent_status::shutdown) &&
               (lt(&agent::heartbeat, since) ||
                (is_null(&agent::heartbeat) && lt(&agent::created_at, since))))
        .all();
}

result<std::shared_ptr<task const>> desk::find_task(std::string_view id) const {
    return log_->table<task>().find(id);
}

result<std::vector<task>> desk::tasks_by_status(task_status status) const {
    return log_->query<task>().where(eq(&task::status, status)).all();
}

result<std::vector<task>> desk::tasks_of(std::string_view agent_id) const {
    return log_->query<task>().where(eq(&task::assigned_to, std::string{agent_id})).all();
}

result<std::vector<task>> desk::pending_tasks() const {
    return by_urgency(log_->query<task>().where(eq(&task::status, task_status::pending))).all();
}

result<std::vector<task>> desk::ready_tasks() const {
    auto pending = pending_tasks();
    if (!pending) { return pending; }
    result<void> outcome;
    std::erase_if(*pending, [&](task const& each) {
        return std::any_of(
            each.dependencies.begin(), each.dependencies.end(), [&](std::string const& id) {
                auto const dependency = find_task(id);
                if (!dependency) {
                    outcome = dependency.error();
                    return true;
                }
                return *dependency == nullptr || (*dependency)->status != task_status::completed;
            });
    });
    if (!outcome) { return outcome.error(); }
    return pending;
}

result<std::vector<event>> desk::events_of_agent(std::string_view id,
                                                 std::uint64_t events_max) const {
    return log_->read().tag("agent:" + std::string{id}).backwards().limit(events_max).collect();
}

result<std::vector<event>> desk::events_of_task(std::string_view id,
                                                std::uint64_t events_max) const {
    return log_->read().tag("task:" + std::string{id}).backwards().limit(events_max).collect();
}

result<std::vector<event>> desk::events_of_type(std::string_view type,
                                                std::uint64_t events_max) const {
    return log_->read().type(type).backwards().limit(events_max).collect();
}

result<std::vector<event>> desk::events_since(timestamp time) const {
    return log_->read().after(time).collect();
}

result<std::vector<message>> desk::messages_between(std::string_view one,
                                                    std::string_view other) const {
    std::string const a{one};
    std::string const b{other};
    return log_->query<message>()
        .where((eq(&message::from_agent, a) && eq(&message::to_agent, b)) ||
               (eq(&message::from_agent, b) && eq(&message::to_agent, a)))
        .order_by(&message::sent_in)
        .all();
}

result<std::vector<message>> desk::unread_messages(std::string_view agent_id) const {
    return log_->query<message>()
        .where(eq(&message::to_agent, std::string{agent_id}) && eq(&message::read, false))
        .order_by(&message::sent_in)
        .all();
}

result<std::vector<metric>> desk::metrics_of(std::string_view agent_id,
                                             std::string_view metric_type) const {
    return log_->query<metric>()
        .where(eq(&metric::agent_id, std::string{agent_id}) &&
               eq(&metric::metric_type, std::string{metric_type}))
        .all();
}

result<std::vector<metric_summary>> desk::aggregate_metrics(timestamp from, timestamp to) const {
    auto const groups = log_->query<metric>()
                            .where(ge(&metric::timestamp, from) && lt(&metric::timestamp, to))
                            .group_by(&metric::metric_type, &metric::unit)
                            .aggregate(count_of_rows(), sum(&metric::value), mean(&metric::value),
                                       min(&metric::value), max(&metric::value));
    if (!groups) { return groups.error(); }
    std::vector<metric_summary> summaries;
    for (auto const& group : *groups) {
        auto const& [type, unit] = group.by;
        auto const& [count, sum, mean, min, max] = group.values;
        summaries.push_back({type, unit, count, sum.value_or(0), mean.value_or(0), min.value_or(0),
                             max.value_or(0)});
    }
    return summaries;
}

} // namespace swarmlog::swarm
