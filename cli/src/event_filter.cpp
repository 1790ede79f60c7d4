#include "event_filter.hpp"

#include "moment.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace swarmlog::cli {

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
        ->check(check_moment);
    command
        .add_option("--before", before_, "Only before this position, or recorded before this time")
        ->check(check_moment);
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
    if (std::optional<moment> const after = parse_moment(after_)) {
        events = std::visit([&](auto value) { return std::move(events).after(value); }, *after);
    }
    if (std::optional<moment> const before = parse_moment(before_)) {
        events = std::visit([&](auto value) { return std::move(events).before(value); }, *before);
    }
    return events;
}

} // namespace swarmlog::cli
