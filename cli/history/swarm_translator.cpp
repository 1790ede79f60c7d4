#include "history/swarm_translator.hpp"

#include "history/json_field.hpp"

#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/projections/swarm/agent.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <utility>

namespace swarmlog {

namespace {

using swarm::task_status;

enum class meaning {
    none,
    create,
    assign,
    start,
    complete,
    fail,
    cancel,
    reopen,
    annotate,
    status
};

/// Of every layout: no two give one name different meanings.
meaning meaning_of(std::string_view type) {
    static std::unordered_map<std::string_view, meaning> const known{
        {"created", meaning::create},
        {"task.created", meaning::create},
        {"claim", meaning::assign},
        {"claimed", meaning::assign},
        {"task.assigned", meaning::assign},
        {"dispatch", meaning::start},
        {"task.started", meaning::start},
        {"complete", meaning::complete},
        {"closed", meaning::complete},
        {"task.completed", meaning::complete},
        {"fail", meaning::fail},
        {"timeout", meaning::fail},
        {"crash", meaning::fail},
        {"task.failed", meaning::fail},
        {"task.timeout", meaning::fail},
        {"reopened", meaning::reopen},
        {"status_changed", meaning::status},
        {"updated", meaning::annotate},
        {"label_added", meaning::annotate},
        {"label_removed", meaning::annotate},
        {"commented", meaning::annotate},
        {"renamed", meaning::annotate},
        {"WorkflowExecutionStarted", meaning::start},
        {"WorkflowExecutionCompleted", meaning::complete},
        {"WorkflowExecutionContinuedAsNew", meaning::complete},
        {"WorkflowExecutionFailed", meaning::fail},
        {"WorkflowExecutionTimedOut", meaning::fail},
        {"WorkflowExecutionCanceled", meaning::cancel},
        {"WorkflowExecutionTerminated", meaning::cancel},
        {"EVENT_TYPE_WORKFLOW_EXECUTION_STARTED", meaning::start},
        {"EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED", meaning::complete},
        {"EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW", meaning::complete},
        {"EVENT_TYPE_WORKFLOW_EXECUTION_FAILED", meaning::fail},
        {"EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT", meaning::fail},
        {"EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED", meaning::cancel},
        {"EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED", meaning::cancel},
    };
    auto const found = known.find(type);
    return found == known.end() ? meaning::none : found->second;
}

bool is_held(task_status status) {
    return status == task_status::assigned || status == task_status::running;
}

std::string_view tag_after(event_view const& event, std::string_view prefix) {
    for (std::string_view const tag : event.tags) {
        if (tag.starts_with(prefix)) { return tag.substr(prefix.size()); }
    }
    return {};
}

/// Gas Town holds values as JSON inside of a string; what is none is the text itself.
boost::json::value inner_value(boost::json::object const& from, std::string_view name) {
    boost::json::value const* const found = from.if_contains(name);
    if (found == nullptr || !found->is_string()) {
        return found == nullptr ? boost::json::value{} : boost::json::value(*found);
    }
    boost::system::error_code is_text;
    boost::json::value parsed = boost::json::parse(found->get_string(), is_text);
    if (is_text) { return boost::json::value(*found); }
    return parsed;
}

boost::json::object data_of(event_view const& event) {
    boost::system::error_code malformed;
    boost::json::value parsed = boost::json::parse(event.data, malformed);
    return !malformed && parsed.is_object() ? std::move(parsed.as_object()) : boost::json::object{};
}

} // namespace

result<std::vector<history_event> const*> swarm_translator::translate(event_view const& event) {
    translated_.clear();
    source const from{&event, tag_after(event, "task:"), tag_after(event, "agent:")};
    meaning const means = meaning_of(event.type);
    if (from.task.empty() || means == meaning::none) {
        ++untranslated_;
        return &translated_;
    }
    if (auto const known = register_agent(from); !known) { return known.error(); }
    auto const found = known_task(from);
    if (!found) { return found.error(); }
    task_state& task = **found;
    auto const done = [&]() -> result<void> {
        switch (means) {
        case meaning::assign: return claim(from, task);
        case meaning::start: return start(from, task, from.agent);
        case meaning::complete: return complete(from, task);
        case meaning::fail: return fail(from, task);
        case meaning::cancel: return cancel(from, task);
        case meaning::reopen:
        case meaning::status: return change_status(from, task);
        case meaning::annotate: return annotate(from);
        case meaning::create:
        case meaning::none: break;
        }
        return {};
    }();
    if (!done) { return done.error(); }
    return &translated_;
}

task_status swarm_translator::status_of(std::string_view task) const {
    auto const found = tasks_.find(std::string{task});
    return found == tasks_.end() ? task_status::pending : found->second.status;
}

result<void> swarm_translator::register_agent(source const& from) {
    if (from.agent.empty() || !agents_.emplace(from.agent).second) { return {}; }
    std::string const id{from.agent};
    swarm::agent_registered registered;
    registered.agent_id = registered.name = id;
    registered.status = swarm::agent_status::active;
    return emit(from, "agent-" + id, registered);
}

result<swarm_translator::task_state*> swarm_translator::known_task(source const& from) {
    auto const [place, is_new] = tasks_.try_emplace(std::string{from.task});
    if (!is_new) { return &place->second; }
    swarm::task_created created;
    created.task_id = from.task;
    if (auto const record = records_.find(from.task); record != records_.end()) {
        created.priority = record->second.priority;
        created.dependencies = record->second.dependencies;
    }
    if (auto const made = emit(from, "task-" + created.task_id, created); !made) {
        return made.error();
    }
    if (auto const record = records_.find(from.task);
        record != records_.end() && record->second.created_at) {
        translated_.back().occurred_at = record->second.created_at;
    }
    return &place->second;
}

result<void> swarm_translator::make_pending(source const& from, task_state& task) {
    if (task.status == task_status::pending) { return {}; }
    std::string const id{from.task};
    result<void> const done =
        is_held(task.status)
            ? emit(from, "task-" + id, swarm::task_released{id, task.holder, "its claim lapsed"})
            : emit(from, "task-" + id, swarm::task_reopened{id, std::string{from.agent}, {}});
    task = {};
    return done;
}

result<void> swarm_translator::assign(source const& from, task_state& task,
                                      std::string_view agent) {
    if (auto const freed = make_pending(from, task); !freed) { return freed; }
    task = {task_status::assigned, std::string{agent}};
    std::string const id{from.task};
    return emit(from, "task-" + id, swarm::task_assigned{id, task.holder});
}

result<void> swarm_translator::claim(source const& from, task_state& task) {
    // In Gas Town a claim may say that work begins with it.
    boost::json::value const changed = inner_value(data_of(*from.event), "new_value");
    boost::json::object const* const fields = changed.if_object();
    bool const starts = fields != nullptr && text_of(*fields, "status") == "in_progress";
    return starts ? start(from, task, from.agent) : assign(from, task, from.agent);
}

result<void> swarm_translator::start(source const& from, task_state& task, std::string_view agent) {
    if (task.status != task_status::assigned || task.holder != agent) {
        if (auto const assigned = assign(from, task, agent); !assigned) { return assigned; }
    }
    task.status = task_status::running;
    std::string const id{from.task};
    return emit(from, "task-" + id, swarm::task_started{id, task.holder});
}

result<void> swarm_translator::complete(source const& from, task_state& task) {
    // A tracker closes what nobody works on, and what is closed already.
    task.status = task_status::completed;
    std::string const id{from.task};
    return emit(from, "task-" + id, swarm::task_completed{id, std::string{from.agent}, {}});
}

result<void> swarm_translator::fail(source const& from, task_state& task) {
    task.status = task_status::failed;
    std::string const id{from.task};
    return emit(
        from, "task-" + id,
        swarm::task_failed{id, std::string{from.agent}, std::string{from.event->type}, false});
}

result<void> swarm_translator::cancel(source const& from, task_state& task) {
    task.status = task_status::cancelled;
    std::string const id{from.task};
    return emit(from, "task-" + id, swarm::task_cancelled{id, std::string{from.event->type}});
}

result<void> swarm_translator::annotate(source const& from) {
    boost::json::object const data = data_of(*from.event);
    std::string const id{from.task};
    swarm::task_annotated annotated{id, {}};
    boost::json::value note = inner_value(data, "new_value");
    if (note.is_null()) { note = inner_value(data, "comment"); }
    if (boost::json::object const* const fields = note.if_object()) {
        for (auto const& each : *fields) { annotated.notes.emplace(each.key(), each.value()); }
    } else {
        annotated.notes.emplace(from.event->type, std::move(note));
    }
    return emit(from, "task-" + id, annotated);
}

result<void> swarm_translator::change_status(source const& from, task_state& task) {
    boost::json::value const changed = inner_value(data_of(*from.event), "new_value");
    boost::json::object const* const fields = changed.if_object();
    std::string const status = fields != nullptr ? text_of(*fields, "status") : std::string{"open"};
    std::string const assignee = fields != nullptr ? text_of(*fields, "assignee") : std::string{};
    std::string const agent = !assignee.empty()      ? assignee
                              : !task.holder.empty() ? task.holder
                                                     : std::string{from.agent};
    if (status == "hooked") { return assign(from, task, agent); }
    if (status == "in_progress") { return start(from, task, agent); }
    if (status == "closed") { return complete(from, task); }
    if (status == "open" || status.empty()) { return make_pending(from, task); }
    return annotate(from);
}

template <class Event>
result<void> swarm_translator::emit(source const& from, std::string_view stream,
                                    Event const& event) {
    history_event& made = translated_.emplace_back();
    made.stream = stream;
    made.type = Event::type;
    if constexpr (requires { event.task_id; }) {
        made.tags.push_back("task:" + std::string{event.task_id});
    }
    if constexpr (requires { event.agent_id; }) {
        if (!event.agent_id.empty()) { made.tags.push_back("agent:" + event.agent_id); }
    }
    made.occurred_at = from.event->occurred_at;
    return encode_event(event, made.data);
}

} // namespace swarmlog
