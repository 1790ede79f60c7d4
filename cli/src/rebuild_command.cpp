#include "command.hpp"
#include "format_option.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "row_printer.hpp"
#include "swarm_log.hpp"
#include "terminal/progress_bar.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace swarmlog::cli {

namespace {

struct rebuild_options {
    std::string database;
    std::vector<std::string> tables;
    format_option format;
};

row_cells as_row(std::string const& name, rebuild_report const& report) {
    auto const number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    return {name,
            number(report.events),
            number(report.rows),
            number(report.through.value),
            std::int64_t{report.is_identical ? 1 : 0},
            std::chrono::duration<double>(report.duration).count()};
}

result<rebuild_report> rebuild_one(projection_set& projections, std::string const& name) {
    progress_bar bar("folding " + name, "events");
    auto report = projections.rebuild(name, [&](std::uint64_t done, std::uint64_t total) {
        bar.update(done, total);
        return true;
    });
    bar.clear();
    return report;
}

exit_code rebuild(rebuild_options const& options) {
    auto opened = open_swarm_to_write(options.database);
    if (!opened) return exit_code::cannot_open;
    output to;
    row_printer printer(to, options.format.chosen(),
                        {{"name"},
                         {"events"},
                         {"rows"},
                         {"position"},
                         {"identical", cell_style::boolean},
                         {"seconds"}});
    bool was_right = true;
    for (std::string const& name : options.tables.empty() ? swarm_table_names() : options.tables) {
        auto const report = rebuild_one(opened->projections, name);
        if (!report) {
            complain("cannot rebuild " + name + ": " + report.error().message());
            return exit_code::failed;
        }
        was_right = was_right && report->is_identical;
        printer.print(as_row(name, *report));
    }
    if (!printer.finish()) return exit_code::failed;
    if (was_right) return after_reading(opened->log);
    complain("a table was not what its events say; now it is");
    return exit_code::problems_found;
}

} // namespace

command add_rebuild_command(CLI::App& app) {
    auto options = std::make_shared<rebuild_options>();
    CLI::App* const command = app.add_subcommand(
        "rebuild", "Fold the swarm's tables anew from the first event, and compare");
    command->add_option("database", options->database, "The log's file")->required();
    command->add_option("tables", options->tables, "Only these; by default all four")
        ->check(CLI::IsMember(swarm_table_names()));
    options->format.add_to(*command);
    return {command, [options] { return rebuild(*options); }};
}

} // namespace swarmlog::cli
