#include "history/temporal_document.hpp"

#include "history/line_reader.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <utility>

namespace swarmlog {

namespace {

error bad_time(std::string_view text) {
    return {errc::invalid_argument,
            "a number of " + std::to_string(text.size()) + " digits is not a time"};
}

/// An integer time says no unit, but today's times in seconds, milliseconds, microseconds and
/// nanoseconds are a factor of 1,000 apart.
result<timestamp> time_of_integer(std::string_view digits) {
    std::int64_t value = 0;
    char const* const end = digits.data() + digits.size();
    auto const parsed = std::from_chars(digits.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end || value < 0) return bad_time(digits);
    std::int64_t factor = 1;
    if (value < 100'000'000'000) {
        factor = 1'000'000'000;
    } else if (value < 100'000'000'000'000) {
        factor = 1'000'000;
    } else if (value < 100'000'000'000'000'000) {
        factor = 1'000;
    }
    if (value > std::numeric_limits<std::int64_t>::max() / factor) return bad_time(digits);
    return timestamp(std::chrono::nanoseconds(value * factor));
}

bool is_integer(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](char digit) { return digit >= '0' && digit <= '9'; });
}

result<std::optional<timestamp>> time_of(std::string_view event) {
    std::optional<std::string_view> value = find_json_member(event, "eventTime");
    if (!value || is_json_null(*value)) value = find_json_member(event, "timestamp");
    if (!value || is_json_null(*value)) return std::optional<timestamp>{};
    std::string const text =
        is_json_string(*value) ? json_string_text(*value) : std::string(*value);
    result<timestamp> const time = is_integer(text) ? time_of_integer(text) : parse_timestamp(text);
    if (!time) return time.error();
    return std::optional<timestamp>(*time);
}

/// The identity of the worker or client that caused the event, from its attributes.
std::string identity_of(std::string_view event) {
    json_object_walk members(event);
    while (std::optional<json_member> const member = members.next()) {
        if (!member->key.ends_with("EventAttributes\"")) continue;
        std::optional<std::string_view> const name = find_json_member(member->value, "identity");
        if (name && is_json_string(*name)) return json_string_text(*name);
    }
    return {};
}

result<history_event> read_element(std::string_view element, std::string_view workflow) {
    if (!is_json_object(element)) return error(errc::invalid_json, "the event is not an object");
    std::optional<std::string_view> const type = find_json_member(element, "eventType");
    if (!type || is_json_null(*type)) {
        return error(errc::invalid_argument, "there is no \"eventType\"");
    }
    // Protocol buffers may be written with an enumeration's number in place of its name.
    if (!is_json_string(*type) && !is_integer(*type)) {
        return error(errc::invalid_argument, "\"eventType\" is not a string");
    }
    result<std::optional<timestamp>> const occurred_at = time_of(element);
    if (!occurred_at) return occurred_at.error();
    result<history_event> event = make_history_event(
        "workflow-", workflow, is_json_string(*type) ? json_string_text(*type) : std::string(*type),
        identity_of(element));
    if (event) {
        event->data = element;
        event->occurred_at = *occurred_at;
    }
    return event;
}

std::uint64_t line_at(std::string_view text, std::size_t offset) {
    auto const end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
    return 1 + static_cast<std::uint64_t>(std::count(text.begin(), end, '\n'));
}

std::optional<std::string_view> find_events(std::string_view document) {
    if (is_json_array(document)) return document;
    std::optional<std::string_view> events = find_json_member(document, "events");
    if (events && is_json_array(*events)) return events;
    std::optional<std::string_view> const history = find_json_member(document, "history");
    if (history) events = find_json_member(*history, "events");
    return events && is_json_array(*events) ? events : std::nullopt;
}

} // namespace

result<temporal_document> temporal_document::read(std::string text, std::string workflow,
                                                  std::uint64_t& failed_line) {
    if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    failed_line = 1;
    if (std::optional<json_problem> const problem = check_json(text)) {
        failed_line = line_at(text, problem->offset);
        return error(errc::invalid_json, "the document is not JSON: " + problem->what);
    }
    auto shared = std::make_shared<std::string const>(std::move(text));
    std::optional<std::string_view> const events = find_events(trim_json(*shared));
    if (!events) return error(errc::invalid_json, "the document has no \"events\"");
    return temporal_document(std::move(shared), *events, std::move(workflow));
}

temporal_document::temporal_document(std::shared_ptr<std::string const> text,
                                     std::string_view events, std::string workflow)
    : text_(std::move(text)), elements_(events), workflow_(std::move(workflow)) {}

std::optional<temporal_document::element> temporal_document::next() {
    std::optional<std::string_view> const found = elements_.next();
    if (!found) return std::nullopt;
    auto const offset = static_cast<std::size_t>(found->data() - text_->data());
    std::string_view const passed = std::string_view(*text_).substr(counted_, offset - counted_);
    line_ += line_at(passed, passed.size()) - 1;
    counted_ = offset;
    return element{read_element(*found, workflow_), line_};
}

} // namespace swarmlog
