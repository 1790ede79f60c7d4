#include "event_json.hpp"

#include "json_text.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace swarmlog::cli {

namespace {

bool fits_into_line(std::string_view json) {
    constexpr std::string_view blanks = " \t\r\n";
    return !json.empty() && json.find_first_of("\r\n") == std::string_view::npos &&
           blanks.find(json.front()) == std::string_view::npos &&
           blanks.find(json.back()) == std::string_view::npos;
}

void append_payload(std::string& line, std::string_view name, std::string_view json) {
    if (fits_into_line(json)) {
        fmt::format_to(std::back_inserter(line), ",\"{}\":", name);
        line += json;
    } else {
        fmt::format_to(std::back_inserter(line), ",\"{}_text\":", name);
        append_json_string(line, json);
    }
}

} // namespace

void append_event_json(std::string& line, event_view const& event) {
    fmt::format_to(std::back_inserter(line), "{{\"position\":{},\"stream\":", event.position.value);
    append_json_string(line, event.stream);
    fmt::format_to(std::back_inserter(line), ",\"version\":{}", event.version.value);
    append_json_member(line, "type", event.type);
    fmt::format_to(std::back_inserter(line), ",\"schema_version\":{}", event.schema_version);
    append_json_member(line, "id", to_string(event.id));
    append_json_member(line, "recorded_at", to_string(event.recorded_at));
    if (event.occurred_at) append_json_member(line, "occurred_at", to_string(*event.occurred_at));
    if (!event.correlation_id.empty()) {
        append_json_member(line, "correlation_id", event.correlation_id);
    }
    if (!event.causation_id.empty()) append_json_member(line, "causation_id", event.causation_id);
    if (!event.tags.empty()) {
        line += ",\"tags\":[";
        bool first = true;
        for (std::string_view const tag : event.tags) {
            if (!first) line += ',';
            first = false;
            append_json_string(line, tag);
        }
        line += ']';
    }
    if (!event.metadata.empty()) append_payload(line, "metadata", event.metadata);
    append_payload(line, "data", event.data);
    line += "}\n";
}

} // namespace swarmlog::cli
