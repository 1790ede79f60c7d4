#include "command.hpp"
#include "event_filter.hpp"
#include "event_printer.hpp"
#include "format_option.hpp"
#include "open_log.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace swarmlog::cli {

namespace {

struct cat_options {
    std::string database;
    event_filter filter;
    format_option format;
    bool backwards = false;
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
};

exit_code cat(cat_options const& options) {
    std::optional<event_log> const log = open_to_read(options.database);
    if (!log) return exit_code::cannot_open;
    reader events = options.filter.read(*log);
    if (options.backwards) events = std::move(events).backwards();
    if (options.limit != std::numeric_limits<std::uint64_t>::max()) {
        events = std::move(events).limit(options.limit);
    }
    output to;
    event_printer printer(to, options.format.chosen());
    for (;;) {
        result<std::optional<event>> const next = events.next();
        if (!next) {
            to.flush();
            complain(next.error().message());
            return exit_code::failed;
        }
        if (!*next) break;
        if (!printer.print(**next)) break;
    }
    if (to.flush()) return after_reading(*log);
    complain("standard output cannot be written");
    return exit_code::failed;
}

} // namespace

command add_cat_command(CLI::App& app) {
    auto options = std::make_shared<cat_options>();
    CLI::App* const command = app.add_subcommand("cat", "Print events, oldest first");
    command->add_option("database", options->database, "The log's file")->required();
    options->filter.add_to(*command);
    options->filter.add_bounds_to(*command);
    command->add_flag("--backwards", options->backwards, "Newest first");
    command->add_option("--limit", options->limit, "At most so many events");
    options->format.add_to(*command);
    return {command, [options] { return cat(*options); }};
}

} // namespace swarmlog::cli
