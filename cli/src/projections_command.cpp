#include "command.hpp"
#include "format_option.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "row_printer.hpp"

#include <swarmlog/backends/sql_reader.hpp>

#include <memory>
#include <string>

namespace swarmlog::cli {

namespace {

struct projections_options {
    std::string database;
    format_option format;
};

constexpr char const* statement = "SELECT name, version, position FROM projections ORDER BY name";

exit_code list_projections(projections_options const& options) {
    auto sql = sql_reader::open(options.database);
    if (!sql) {
        complain("cannot open " + options.database + ": " + sql.error().message());
        return exit_code::cannot_open;
    }
    auto const answer = sql->select(statement);
    if (!answer) {
        complain(answer.error().message());
        return exit_code::failed;
    }
    output to;
    row_printer printer(to, options.format.chosen(), {{"name"}, {"version"}, {"position"}});
    for (row_cells const& row : answer->rows) {
        if (!printer.print(row)) break;
    }
    return printer.finish() ? exit_code::ok : exit_code::failed;
}

} // namespace

command add_projections_command(CLI::App& app) {
    auto options = std::make_shared<projections_options>();
    CLI::App* const command = app.add_subcommand(
        "projections", "List the projections whose tables are stored, and the last stored change");
    command->add_option("database", options->database, "The log's file")->required();
    options->format.add_to(*command);
    return {command, [options] { return list_projections(*options); }};
}

} // namespace swarmlog::cli
