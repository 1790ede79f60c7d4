/// What each event does to the swarm's rows.

#include <swarmlog/projections/swarm/agent.hpp>
#include <swarmlog/projections/swarm/message.hpp>
#include <swarmlog/projections/swarm/metric.hpp>
#include <swarmlog/projections/swarm/task.hpp>

#include <utility>

namespace swarmlog::swarm {

namespace {

/// When a thing happened: the caller's time where it gave one.
timestamp time_of(event_view const& event) { return event.occurred_at.value_or(event.recorded_at); }

std::int64_t urgency_of(task_priority priority) {
    return static_cast<std::int64_t>(task_priority::critical) - static_cast<std::int64_t>(priority);
}

template <class T>
void change(T& member, std::optional<T> const& to) {
    if (to) { member = *to; }
}

} // namespace

void agent_table::apply(agent_registered const& event, event_view const& from,
                        rows<agent>& agents) const {
    agent row;
    row.id = event.agent_id;
    row.name = event.name;
    row.agent_type = event.agent_type;
    row.status = event.status;
    row.capabilities = event.capabilities;
    row.metadata = event.metadata;
    row.created_at = row.updated_at = time_of(from);
    agents.put(std::move(row));
}

void agent_table::apply(agent_updated const& event, event_view const& from,
                        rows<agent>& agents) const {
    if (agent* const row = agents.modify(event.agent_id)) {
        change(row->name, event.name);
        change(row->agent_type, event.agent_type);
        change(row->capabilities, event.capabilities);
        change(row->metadata, event.metadata);
        row->updated_at = time_of(from);
    }
}

void agent_table::apply(agent_status_changed const& event, event_view const& from,
                        rows<agent>& agents) const {
    if (agent* const row = agents.modify(event.agent_id)) {
        row->status = event.status;
        row->updated_at = time_of(from);
    }
}

void agent_table::apply(agent_heartbeat const& event, event_view const& from,
                        rows<agent>& agents) const {
    if (agent* const row = agents.modify(event.agent_id)) {
        row->heartbeat = time_of(from);
        row->updated_at = time_of(from);
    }
}

void agent_table::apply(agent_removed const& event, event_view const&, rows<agent>& agents) const {
    agents.erase(event.agent_id);
}

void task_table::apply(task_created const& event, event_view const& from, rows<task>& tasks) const {
    task row;
    row.id = event.task_id;
    row.task_type = event.task_type;
    row.priority = event.priority;
    row.payload = event.payload;
    row.dependencies = event.dependencies;
    row.required_capabilities = event.required_capabilities;
    row.max_retries = event.max_retries;
    row.urgency = urgency_of(event.priority);
    row.created_in = from.position;
    row.created_at = row.updated_at = time_of(from);
    tasks.put(std::move(row));
}

void task_table::apply(task_updated const& event, event_view const& from, rows<task>& tasks) const {
    if (task* const row = tasks.modify(event.task_id)) {
        change(row->priority, event.priority);
        change(row->payload, event.payload);
        row->urgency = urgency_of(row->priority);
        row->updated_at = time_of(from);
    }
}

void task_table::apply(task_assigned const& event, event_view const& from,
                       rows<task>& tasks) const {
    if (task* const row = tasks.modify(event.task_id)) {
        row->status = task_status::assigned;
        row->assigned_to = event.agent_id;
        row->updated_at = time_of(from);
    }
}

void task_table::apply(task_started const& event, event_view const& from, rows<task>& tasks) const {
    if (task* const row = tasks.modify(event.task_id)) {
        row->status = task_status::running;
        row->started_at = row->updated_at = time_of(from);
    }
}

void task_table::apply(task_completed const& event, event_view const& from,
                       rows<task>& tasks) const {
    if (task* const row = tasks.modify(event.task_id)) {
        row->status = task_status::completed;
        row->result = event.result;
        row->completed_at = row->updated_at = time_of(from);
    }
}

void task_table::apply(task_failed const& event, event_view const& from, rows<task>& tasks) const {
    if (task* const row = tasks.modify(event.task_id)) {
        row->error = event.error;
        row->updated_at = time_of(from);
        if (event.retried) {
            row->status = task_status::pending;
            row->assigned_to.reset();
            row->started_at.reset();
            ++row->retry_count;
        } else {
            row->status = task_status::failed;
            row->completed_at = time_of(from);
        }
    }
}

void task_table::apply(task_cancelled const& event, event_view const& from,
                       rows<task>& tasks) const {
    if (task* const row = tasks.modify(event.task_id)) {
        row->status = task_status::cancelled;
        row->completed_at = row->updated_at = time_of(from);
    }
}

void task_table::apply(task_released const& event, event_view const& from,
                       rows<task>& tasks) const {
    if (task* const row = tasks.modify(event.task_id)) {
        row->status = task_status::pending;
        row->assigned_to.reset();
        row->started_at.reset();
        row->updated_at = time_of(from);
    }
}

void task_table::apply(task_reopened const& event, event_view const& from,
                       rows<task>& tasks) const {
    if (task* const row = tasks.modify(event.task_id)) {
        row->status = task_status::pending;
        row->assigned_to.reset();
        row->result = nullptr;
        row->error.reset();
        row->retry_count = 0;
        row->started_at.reset();
        row->completed_at.reset();
        row->updated_at = time_of(from);
    }
}

void task_table::apply(task_annotated const& event, event_view const& from,
                       rows<task>& tasks) const {
    if (task* const row = tasks.modify(event.task_id)) {
        for (auto const& [title, note] : event.notes) {
            row->metadata.insert_or_assign(title, note);
        }
        row->updated_at = time_of(from);
    }
}

void message_table::apply(message_sent const& event, event_view const& from,
                          rows<message>& messages) const {
    message row;
    row.id = event.message_id;
    row.from_agent = event.from_agent;
    row.to_agent = event.to_agent;
    row.message_type = event.message_type;
    row.content = event.content;
    row.priority = event.priority;
    row.created_at = time_of(from);
    row.sent_in = from.position;
    messages.put(std::move(row));
}

void message_table::apply(message_read const& event, event_view const& from,
                          rows<message>& messages) const {
    message const* const known = messages.find(event.message_id);
    if (known == nullptr || known->read) { return; }
    message* const row = messages.modify(event.message_id);
    row->read = true;
    row->read_at = time_of(from);
}

void metric_table::apply(metric_recorded const& event, event_view const& from,
                         rows<metric>& metrics) const {
    metric row;
    row.id = from.position;
    row.metric_type = event.metric_type;
    row.agent_id = event.agent_id;
    row.value = event.value;
    row.unit = event.unit;
    row.tags = event.tags;
    row.timestamp = time_of(from);
    metrics.put(std::move(row));
}

} // namespace swarmlog::swarm
