#include "command.hpp"
#include "format_option.hpp"
#include "json_text.hpp"
#include "moment.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "row_printer.hpp"
#include "swarm_log.hpp"
#include "terminal/text_table.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::cli {

namespace {

struct diff_options {
    std::string database;
    std::string table;
    std::string from;
    std::string to;
    format_option format;
};

std::string_view word_of(row_change::kind what) {
    switch (what) {
    case row_change::kind::added: return "added";
    case row_change::kind::removed: return "removed";
    default: return "changed";
    }
}

cell_style style_of(std::vector<row_column> const& columns, std::string const& name) {
    auto const found = std::find_if(columns.begin(), columns.end(),
                                    [&](row_column const& each) { return each.name == name; });
    return found == columns.end() ? cell_style::plain : found->style;
}

std::string as_json(std::vector<row_change> const& changes,
                    std::vector<row_column> const& columns) {
    std::string lines;
    for (row_change const& each : changes) {
        lines += '{';
        append_json_member(lines, "change", word_of(each.what));
        lines += ",\"key\":";
        append_cell_json(lines, each.key, cell_style::plain);
        lines += ",\"fields\":{";
        for (field_change const& field : each.fields) {
            cell_style const style = style_of(columns, field.column);
            if (!lines.ends_with('{')) lines += ',';
            append_json_string(lines, field.column);
            lines += ":{\"before\":";
            append_cell_json(lines, field.before, style);
            lines += ",\"after\":";
            append_cell_json(lines, field.after, style);
            lines += '}';
        }
        lines += "}}\n";
    }
    return lines;
}

std::string as_table(std::vector<row_change> const& changes,
                     std::vector<row_column> const& columns) {
    using align = text_table::align;
    text_table table({{"KEY", align::left, 40},
                      {"CHANGE", align::left, 7},
                      {"COLUMN", align::left, 24},
                      {"BEFORE", align::left, 40},
                      {"AFTER", align::left, 40}});
    for (row_change const& each : changes) {
        for (field_change const& field : each.fields) {
            cell_style const style = style_of(columns, field.column);
            table.add({cell_text(each.key, cell_style::plain), std::string(word_of(each.what)),
                       field.column, cell_text(field.before, style),
                       cell_text(field.after, style)});
        }
    }
    return table.text(table_columns());
}

result<std::vector<row_change>> changes_of(swarm_log const& opened, diff_options const& options) {
    auto const from = position_at(opened.log, *parse_moment(options.from));
    if (!from) return from.error();
    auto const to = position_at(opened.log, *parse_moment(options.to));
    if (!to) return to.error();
    return opened.projections.diff(options.table, *from, *to);
}

exit_code show_diff(diff_options const& options) {
    auto const opened = open_swarm_to_read(options.database);
    if (!opened) return exit_code::cannot_open;
    auto const changes = changes_of(*opened, options);
    if (!changes) {
        complain(changes.error().message());
        return changes.error() == errc::invalid_argument ? exit_code::usage : exit_code::failed;
    }
    auto const& columns = swarm_columns(options.table);
    output to;
    to.write(options.format.chosen() == output_format::table ? as_table(*changes, columns)
                                                             : as_json(*changes, columns));
    return to.flush() ? after_reading(opened->log) : exit_code::failed;
}

} // namespace

command add_diff_command(CLI::App& app) {
    auto options = std::make_shared<diff_options>();
    CLI::App* const command =
        app.add_subcommand("diff", "Show what changed in a table of the swarm between two moments");
    command->add_option("database", options->database, "The log's file")->required();
    command->add_option("table", options->table, "agents, messages, metrics or tasks")
        ->required()
        ->check(CLI::IsMember(swarm_table_names()));
    command->add_option("from", options->from, "A position, or a time")
        ->required()
        ->check(check_moment);
    command->add_option("to", options->to, "A position, or a time")
        ->required()
        ->check(check_moment);
    options->format.add_to(*command);
    return {command, [options] { return show_diff(*options); }};
}

} // namespace swarmlog::cli
