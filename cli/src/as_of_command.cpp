#include "command.hpp"
#include "format_option.hpp"
#include "moment.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "row_printer.hpp"
#include "swarm_log.hpp"

#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace swarmlog::cli {

namespace {

struct as_of_options {
    std::string database;
    std::string table;
    std::string at;
    std::optional<std::string> key;
    format_option format;
};

/// One row; of a table that says which stream makes a row, only that stream is read.
template <class Row, class Key>
result<void> print_row(as_of_view const& then, Key const& key, row_printer& printer) {
    auto const row = then.find<Row>(key);
    if (!row) return row.error();
    if (*row == nullptr) return {};
    row_cells cells;
    if (auto made = detail::to_cells(**row, cells); !made) return made;
    printer.print(cells);
    return {};
}

result<void> print_key(as_of_view const& then, as_of_options const& options, row_printer& printer) {
    std::string const& key = *options.key;
    if (options.table == "agents") return print_row<swarm::agent>(then, key, printer);
    if (options.table == "tasks") return print_row<swarm::task>(then, key, printer);
    if (options.table == "messages") return print_row<swarm::message>(then, key, printer);
    std::uint64_t number = 0;
    std::from_chars(key.data(), key.data() + key.size(), number);
    return print_row<swarm::metric>(then, position(number), printer);
}

result<void> print_table(as_of_view const& then, std::string const& table, row_printer& printer) {
    auto const rows = then.cells(table);
    if (!rows) return rows.error();
    (*rows)->select({}, [&](row_cells const& row) { return printer.print(row); });
    return {};
}

exit_code show_as_of(as_of_options const& options) {
    auto const opened = open_swarm_to_read(options.database);
    if (!opened) return exit_code::cannot_open;
    output to;
    row_printer printer(to, options.format.chosen(), swarm_columns(options.table));
    auto const then = as_of(opened->log, *parse_moment(options.at));
    result<void> const done = !then         ? result<void>(then.error())
                              : options.key ? print_key(*then, options, printer)
                                            : print_table(*then, options.table, printer);
    if (!done) {
        complain(done.error().message());
        return done.error() == errc::invalid_argument ? exit_code::usage : exit_code::failed;
    }
    return printer.finish() ? after_reading(opened->log) : exit_code::failed;
}

} // namespace

command add_as_of_command(CLI::App& app) {
    auto options = std::make_shared<as_of_options>();
    CLI::App* const command =
        app.add_subcommand("as-of", "Show a table of the swarm as it was at a moment");
    command->add_option("database", options->database, "The log's file")->required();
    command->add_option("table", options->table, "agents, messages, metrics or tasks")
        ->required()
        ->check(CLI::IsMember(swarm_table_names()));
    command->add_option("at", options->at, "A position, or a time")
        ->required()
        ->check(check_moment);
    command->add_option("--key", options->key, "Only the row with this key");
    options->format.add_to(*command);
    return {command, [options] { return show_as_of(*options); }};
}

} // namespace swarmlog::cli
