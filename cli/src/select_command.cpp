#include "command.hpp"
#include "format_option.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "row_printer.hpp"

#include <swarmlog/backends/sql_reader.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace swarmlog::cli {

namespace {

struct select_options {
    std::string database;
    std::string statement;
    std::vector<std::string> values;
    std::uint64_t rows_max = sql_limits{}.rows_max;
    std::uint32_t seconds_max = 10;
    format_option format;
};

/// A whole number is bound as one, in the one way in which it can be written; all else is text.
cell value_of(std::string const& argument) {
    std::int64_t number = 0;
    char const* const end = argument.data() + argument.size();
    auto const parsed = std::from_chars(argument.data(), end, number);
    bool const is_number = parsed.ec == std::errc{} && parsed.ptr == end;
    return is_number && std::to_string(number) == argument ? cell{number} : cell{argument};
}

exit_code select(select_options const& options) {
    constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30U;
    sql_limits limits;
    limits.process_bytes_max = gibibyte;
    limits.rows_max = options.rows_max;
    limits.time_max = std::chrono::seconds(options.seconds_max);
    auto sql = sql_reader::open(options.database, limits);
    if (!sql) {
        complain("cannot open " + options.database + ": " + sql.error().message());
        return exit_code::cannot_open;
    }
    row_cells values;
    for (std::string const& each : options.values) values.push_back(value_of(each));
    auto const answer = sql->select(options.statement, values);
    if (!answer) {
        complain(answer.error().message());
        return answer.error() == errc::invalid_argument ? exit_code::usage : exit_code::failed;
    }
    std::vector<row_column> columns;
    for (std::string const& name : answer->columns) columns.push_back({name});
    output to;
    row_printer printer(to, options.format.chosen(), std::move(columns));
    for (row_cells const& row : answer->rows) {
        if (!printer.print(row)) break;
    }
    return printer.finish() ? exit_code::ok : exit_code::failed;
}

constexpr char const* readable_tables =
    R"(Tables: those of the projections; projections(name, version, layout, position); and
events(position, stream, version, type, schema_version, id, recorded_at, occurred_at,
correlation_id, causation_id, tags, metadata, data), where times are nanoseconds since 1970
and "tag = 'x'" asks for events with a tag.)";

} // namespace

command add_select_command(CLI::App& app) {
    auto options = std::make_shared<select_options>();
    CLI::App* const command =
        app.add_subcommand("select", "Ask in SQL: the projections' tables and the events");
    command->footer(readable_tables);
    command->add_option("database", options->database, "The log's file")->required();
    command->add_option("statement", options->statement, "One SELECT")->required();
    command->add_option("values", options->values, "What its parameters (?) stand for, in order");
    command->add_option("--rows-max", options->rows_max, "More rows are an error")
        ->capture_default_str();
    command->add_option("--seconds-max", options->seconds_max, "A longer time is an error")
        ->capture_default_str();
    options->format.add_to(*command);
    return {command, [options] { return select(*options); }};
}

} // namespace swarmlog::cli
