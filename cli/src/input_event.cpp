#include "input_event.hpp"

#include "history/json_slice.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <utility>

namespace swarmlog::cli {

namespace {

using setter = result<void> (*)(input_event&, std::string_view);

error unfit(std::string_view wanted) {
    return {errc::invalid_argument, "must be " + std::string(wanted)};
}

/// `failure` is a sentence of its own.
error no(error const& failure, std::string_view what) {
    return {errc::invalid_argument, "is no " + std::string(what) + ": " + failure.message()};
}

result<std::string> text_of(std::string_view value) {
    if (!is_json_string(value)) return unfit("a string");
    return json_string_text(value);
}

result<void> set_text(std::string& member, std::string_view value) {
    result<std::string> text = text_of(value);
    if (!text) return text.error();
    member = std::move(*text);
    return {};
}

template <class Integer>
result<void> set_number(Integer& member, std::string_view value) {
    char const* const end = value.data() + value.size();
    auto const parsed = std::from_chars(value.data(), end, member);
    if (parsed.ec == std::errc{} && parsed.ptr == end) return {};
    return unfit("a whole number up to " + std::to_string(std::numeric_limits<Integer>::max()));
}

result<void> set_time(std::optional<timestamp>& member, std::string_view value) {
    result<std::string> const text = text_of(value);
    if (!text) return text.error();
    result<timestamp> const time = parse_timestamp(*text);
    if (!time) return no(time.error(), "time");
    member = *time;
    return {};
}

result<void> set_tags(input_event& event, std::string_view value) {
    if (!is_json_array(value)) return unfit("an array of strings");
    json_array_walk elements(value);
    while (std::optional<std::string_view> const element = elements.next()) {
        if (!is_json_string(*element)) return unfit("an array of strings");
        event.tags.push_back(json_string_text(*element));
    }
    return {};
}

result<void> set_id(input_event& event, std::string_view value) {
    result<std::string> const text = text_of(value);
    if (!text) return text.error();
    result<event_id> const id = parse_event_id(*text);
    if (!id) return no(id.error(), "id");
    event.id = *id;
    return {};
}

result<void> set_condition(input_event& event, std::string_view value) {
    if (!is_json_string(value)) {
        expected::version exactly;
        if (auto set = set_number(exactly.value, value); !set) return set;
        event.condition = exactly;
        return {};
    }
    std::string const name = json_string_text(value);
    if (name == "any") {
        event.condition = expected::any{};
    } else if (name == "no_stream") {
        event.condition = expected::no_stream{};
    } else if (name == "stream_exists") {
        event.condition = expected::stream_exists{};
    } else {
        return unfit("a version, \"any\", \"no_stream\" or \"stream_exists\"");
    }
    return {};
}

/// Raw members keep their bytes; text members say the bytes.
template <auto Member>
result<void> set_raw(input_event& event, std::string_view value) {
    event.*Member = value;
    return {};
}
template <auto Member>
result<void> set_string(input_event& event, std::string_view value) {
    return set_text(event.*Member, value);
}
template <auto Member>
result<void> set_integer(input_event& event, std::string_view value) {
    return set_number(event.*Member, value);
}
template <auto Member>
result<void> set_timestamp(input_event& event, std::string_view value) {
    return set_time(event.*Member, value);
}

constexpr unsigned in_append = 1;
constexpr unsigned in_import = 2;

struct known_member {
    std::string_view name;
    unsigned uses;
    setter set;
};

using e = input_event;
constexpr std::array<known_member, 17> known_members{{
    {"stream", in_append | in_import, set_string<&e::stream>},
    {"type", in_append | in_import, set_string<&e::type>},
    {"data", in_append | in_import, set_raw<&e::data>},
    {"data_text", in_append | in_import, set_string<&e::data>},
    {"metadata", in_append | in_import, set_raw<&e::metadata>},
    {"metadata_text", in_append | in_import, set_string<&e::metadata>},
    {"tags", in_append | in_import, set_tags},
    {"correlation_id", in_append | in_import, set_string<&e::correlation_id>},
    {"causation_id", in_append | in_import, set_string<&e::causation_id>},
    {"occurred_at", in_append | in_import, set_timestamp<&e::occurred_at>},
    {"id", in_append | in_import, set_id},
    {"schema_version", in_append | in_import, set_integer<&e::schema_version>},
    {"expected_version", in_append, set_condition},
    {"idempotency_key", in_append, set_string<&e::idempotency_key>},
    {"recorded_at", in_import, set_timestamp<&e::recorded_at>},
    {"position", in_import, set_integer<&e::position>},
    {"version", in_import, set_integer<&e::version>},
}};

error about(std::string_view name, error const& failure) {
    return {errc::invalid_argument, "\"" + std::string(name) + "\" " + failure.message()};
}

result<void> set_members(input_event& event, std::string_view object, unsigned use) {
    std::array<bool, known_members.size()> seen{};
    json_object_walk members(object);
    while (std::optional<json_member> const member = members.next()) {
        auto const* const known =
            std::find_if(known_members.begin(), known_members.end(),
                         [&](known_member const& each) { return member->is(each.name); });
        if (known == known_members.end() || (known->uses & use) == 0) {
            return error(errc::invalid_argument,
                         "there is no member " + std::string(member->key) +
                             (known == known_members.end() ? std::string()
                              : use == in_append           ? " in a line to append: import takes it"
                                                 : " in a line to import: append takes it"));
        }
        bool& seen_before = seen.at(static_cast<std::size_t>(known - known_members.begin()));
        if (std::exchange(seen_before, true)) return about(known->name, unfit("there only once"));
        if (auto set = known->set(event, member->value); !set) {
            return about(known->name, set.error());
        }
    }
    return {};
}

result<void> check_complete(input_event const& event) {
    std::string_view const missing = event.stream.empty() ? "stream"
                                     : event.type.empty() ? "type"
                                     : event.data.empty() ? "data"
                                                          : "";
    if (missing.empty()) return {};
    return error(errc::invalid_argument, "\"" + std::string(missing) + "\" is missing or empty");
}

} // namespace

void input_event::add_to(append_request& request) const {
    event_details details;
    details.tags.assign(tags.begin(), tags.end());
    details.metadata = metadata;
    details.correlation_id = correlation_id;
    details.causation_id = causation_id;
    details.occurred_at = occurred_at;
    details.id = id;
    if (recorded_at) request.recorded_at(*recorded_at);
    request.add(stream, raw_event{type, data, schema_version}, details);
}

result<input_event> read_input_event(std::string_view line, line_use use) {
    if (std::optional<json_problem> const problem = check_json(line)) {
        return error(errc::invalid_json,
                     "not JSON at byte " + std::to_string(problem->offset) + ": " + problem->what);
    }
    std::string_view const object = trim_json(line);
    if (!is_json_object(object)) return error(errc::invalid_json, "not a JSON object");
    input_event event;
    if (auto set = set_members(event, object, use == line_use::append ? in_append : in_import);
        !set) {
        return set.error();
    }
    if (auto complete = check_complete(event); !complete) return complete.error();
    return event;
}

} // namespace swarmlog::cli
