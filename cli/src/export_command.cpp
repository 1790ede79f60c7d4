#include "command.hpp"
#include "event_json.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "terminal/progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace swarmlog::cli {

namespace {

struct export_options {
    std::string database;
    std::string target = "-";
    std::uint64_t after = 0;
};

exit_code write_events(event_log const& log, export_options const& options, output& to) {
    progress_bar bar("export", "events");
    std::uint64_t const total = log.head().value - std::min(log.head().value, options.after);
    reader events = log.read().after(position(options.after));
    std::string line;
    for (std::uint64_t done = 1;; ++done) {
        result<std::optional<event>> const next = events.next();
        if (!next) {
            bar.clear();
            to.flush();
            complain(next.error().message());
            return exit_code::failed;
        }
        if (!*next) break;
        line.clear();
        append_event_json(line, **next);
        if (!to.write(line)) break;
        bar.update(done, total);
    }
    bar.clear();
    if (to.flush()) return after_reading(log);
    complain(fmt::format("cannot write all of {}", options.target));
    return exit_code::failed;
}

exit_code export_log(export_options const& options) {
    std::optional<event_log> const log = open_to_read(options.database);
    if (!log) return exit_code::cannot_open;
    if (options.target == "-") {
        output to;
        return write_events(*log, options, to);
    }
    result<output> to = output::create(options.target);
    if (!to) {
        complain(fmt::format("cannot write {}", to.error().message()));
        return exit_code::failed;
    }
    return write_events(*log, options, *to);
}

} // namespace

command add_export_command(CLI::App& app) {
    auto options = std::make_shared<export_options>();
    CLI::App* const command =
        app.add_subcommand("export", "Write all events as JSON lines, which import reads");
    command->add_option("database", options->database, "The log's file")->required();
    command->add_option("target", options->target, "A new file, or - for standard output")
        ->capture_default_str();
    command->add_option("--after", options->after, "Only events after this position")
        ->capture_default_str();
    return {command, [options] { return export_log(*options); }};
}

} // namespace swarmlog::cli
