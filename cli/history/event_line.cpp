#include "history/event_line.hpp"

#include "history/json_slice.hpp"

#include <optional>
#include <string>

namespace swarmlog {

namespace {

struct member_names {
    std::string_view task;
    std::string_view type;
    std::string_view agent;
    std::string_view time;
};

constexpr member_names needle_names{"bead", "event", "worker", "ts"};
constexpr member_names gastown_names{"issue_id", "event_type", "actor", "created_at"};

struct member_values {
    std::optional<std::string_view> task;
    std::optional<std::string_view> type;
    std::optional<std::string_view> agent;
    std::optional<std::string_view> time;
};

void keep_first(std::optional<std::string_view>& value, std::string_view found) {
    if (!value) value = found;
}

member_values pick_members(std::string_view object, member_names const& names) {
    member_values values;
    json_object_walk members(object);
    while (std::optional<json_member> const member = members.next()) {
        if (member->is(names.task)) keep_first(values.task, member->value);
        if (member->is(names.type)) keep_first(values.type, member->value);
        if (member->is(names.agent)) keep_first(values.agent, member->value);
        if (member->is(names.time)) keep_first(values.time, member->value);
    }
    return values;
}

result<std::string> required_text(std::optional<std::string_view> value, std::string_view name) {
    if (!value) {
        return error(errc::invalid_argument, "there is no \"" + std::string(name) + "\"");
    }
    if (!is_json_string(*value)) {
        return error(errc::invalid_argument, "\"" + std::string(name) + "\" is not a string");
    }
    return json_string_text(*value);
}

result<std::string> optional_text(std::optional<std::string_view> value, std::string_view name) {
    if (!value || is_json_null(*value)) return std::string();
    return required_text(value, name);
}

} // namespace

result<history_event> read_event_line(history_layout layout, std::string_view line) {
    if (std::optional<json_problem> const problem = check_json(line)) {
        return error(errc::invalid_json,
                     "not JSON at byte " + std::to_string(problem->offset) + ": " + problem->what);
    }
    std::string_view const object = trim_json(line);
    if (!is_json_object(object)) return error(errc::invalid_json, "not a JSON object");

    member_names const& names = layout == history_layout::gastown ? gastown_names : needle_names;
    member_values const values = pick_members(object, names);
    result<std::string> const task = required_text(values.task, names.task);
    if (!task) return task.error();
    result<std::string> const type = required_text(values.type, names.type);
    if (!type) return type.error();
    result<std::string> const agent = optional_text(values.agent, names.agent);
    if (!agent) return agent.error();
    result<std::string> const time = required_text(values.time, names.time);
    if (!time) return time.error();
    result<timestamp> const occurred_at = parse_timestamp(*time);
    if (!occurred_at) return occurred_at.error();

    result<history_event> event = make_history_event("task-", *task, *type, *agent);
    if (event) {
        event->data = line;
        event->occurred_at = *occurred_at;
    }
    return event;
}

} // namespace swarmlog
