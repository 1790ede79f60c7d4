#include "event_filter.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace swarmlog::cli {

namespace {

using bound = std::variant<position, timestamp>;

std::optional<bound> parse_bound(std::string_view text) {
    std::uint64_t number = 0;
    char const* const end = text.data() + text.size();
    auto const parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec == std::errc{} && parsed.ptr == end) return position(number);
    result<timestamp> const time = parse_timestamp(text);
    if (!time) return std::nullopt;
    return *time;
}

std::string check_bound(std::string const& text) {
    if (parse_bound(text)) return {};
    return "'" + text + "' is neither a position nor a time like 2026-08-06T04:12:45.5Z";
}

} // namespace

void event_filter::add_to(CLI::App& command) {
    command.add_option("--stream", streams_, "Only events of this stream; again: or of this one")
        ->take_all();
    command.add_option("--type", types_, "Only events of this type; again: or of this one")
        ->take_all();
    command.add_option("--tag", tags_, "Only events with this tag; again: and with this one")
        ->take_all();
}

void event_filter::add_bounds_to(CLI::App& command) {
    command.add_option("--after", after_, "Only after this position, or recorded after this time")
        ->check(check_bound);
    command
        .add_option("--before", before_, "Only before this position, or recorded before this time")
        ->check(check_bound);
}

query event_filter::matching() const {
    query events;
    for (std::string const& name : streams_) events.stream(name);
    for (std::string const& name : types_) events.type(name);
    for (std::string const& name : tags_) events.tag(name);
    return events;
}

reader event_filter::read(event_log const& log) const {
    reader events = log.read().matching(matching());
    if (std::optional<bound> const after = parse_bound(after_)) {
        events = std::visit([&](auto value) { return std::move(events).after(value); }, *after);
    }
    if (std::optional<bound> const before = parse_bound(before_)) {
        events = std::visit([&](auto value) { return std::move(events).before(value); }, *before);
    }
    return events;
}

} // namespace swarmlog::cli
