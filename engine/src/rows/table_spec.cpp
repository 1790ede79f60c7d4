#include <swarmlog/engine/rows.hpp>

#include "json/utf8.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace swarmlog {

namespace {

constexpr std::size_t name_bytes_max = 63;
constexpr std::size_t columns_max = 1'000;

/// The store's own tables, and the name under which the log itself can be queried.
constexpr std::array<std::string_view, 8> reserved{"log",         "index_runs", "index_blocks",
                                                   "checkpoints", "meta",       "projections",
                                                   "snapshots",   "events"};

bool is_name(std::string_view name) noexcept {
    auto const is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    auto const fits = [&](char letter) {
        return (letter >= 'a' && letter <= 'z') || letter == '_' || is_digit(letter);
    };
    return !name.empty() && name.size() <= name_bytes_max && !is_digit(name.front()) &&
           std::all_of(name.begin(), name.end(), fits);
}

error bad_name(std::string const& what, std::string_view name) {
    return {errc::invalid_argument, what + " \"" + std::string{name} +
                                        "\": a name takes 1 to 63 of a-z, 0-9 and _, and does "
                                        "not start with a digit"};
}

error bad_table(table_spec const& table, std::string const& what) {
    return {errc::invalid_argument, "table " + table.name + " " + what};
}

error bad_cell(table_spec const& table, std::size_t column, std::string const& what) {
    return {errc::invalid_argument,
            "column " + table.columns[column].name + " of table " + table.name + " " + what};
}

char const* name_of(column_kind kind) noexcept {
    switch (kind) {
    case column_kind::integer: return "integer";
    case column_kind::real: return "real";
    case column_kind::text: return "text";
    }
    return "unknown";
}

result<void> check_columns(table_spec const& table) {
    for (std::size_t at = 0; at != table.columns.size(); ++at) {
        std::string const& name = table.columns[at].name;
        if (!is_name(name)) { return bad_name("column of table " + table.name, name); }
        for (std::size_t other = 0; other != at; ++other) {
            if (table.columns[other].name == name) {
                return bad_table(table, "has two columns named " + name);
            }
        }
    }
    return {};
}

} // namespace

result<void> check_table(table_spec const& table) {
    if (!is_name(table.name)) { return bad_name("table", table.name); }
    bool const is_reserved =
        std::find(reserved.begin(), reserved.end(), table.name) != reserved.end() ||
        table.name.starts_with("sqlite_");
    if (is_reserved) { return bad_table(table, "has a name that is the store's own"); }
    if (table.columns.empty() || table.columns.size() > columns_max) {
        return bad_table(table, "has " + std::to_string(table.columns.size()) +
                                    " columns; it takes 1 to " + std::to_string(columns_max));
    }
    if (auto const valid = check_columns(table); !valid) { return valid; }
    if (table.key >= table.columns.size()) { return bad_table(table, "has no key column"); }
    column_spec const& key = table.columns[table.key];
    if (key.nullable || key.kind == column_kind::real) {
        return bad_table(table, "has a key that is not an integer or a text");
    }
    for (index_spec const& index : table.indexes) {
        auto const is_missing = [&](std::uint32_t column) {
            return column >= table.columns.size();
        };
        if (index.columns.empty() ||
            std::any_of(index.columns.begin(), index.columns.end(), is_missing)) {
            return bad_table(table, "has an index of no column, or of one that is not there");
        }
    }
    return {};
}

result<void> check_row(table_spec const& table, row_cells const& row) {
    if (row.size() != table.columns.size()) {
        return bad_table(table, "takes " + std::to_string(table.columns.size()) +
                                    " cells; the row has " + std::to_string(row.size()));
    }
    for (std::size_t at = 0; at != row.size(); ++at) {
        column_spec const& column = table.columns[at];
        if (row[at].index() == 0) {
            if (!column.nullable) { return bad_cell(table, at, "may not be null"); }
            continue;
        }
        if (row[at].index() != static_cast<std::size_t>(column.kind) + 1) {
            return bad_cell(table, at, std::string{"takes "} + name_of(column.kind));
        }
        if (auto const* const real = std::get_if<double>(&row[at]); real && std::isnan(*real)) {
            return bad_cell(table, at, "is not a number");
        }
        if (auto const* const text = std::get_if<std::string>(&row[at])) {
            if (detail::find_invalid_utf8(*text) != std::string_view::npos) {
                return error{errc::invalid_utf8, "column " + column.name + " of table " +
                                                     table.name + " is not valid UTF-8"};
            }
            if (text->find('\0') != std::string::npos) {
                return bad_cell(table, at, "has a zero byte");
            }
        }
    }
    return {};
}

bool is_row_text(std::string_view text) noexcept {
    return detail::find_invalid_utf8(text) == std::string_view::npos &&
           text.find('\0') == std::string_view::npos;
}

std::string layout_of(table_spec const& table) {
    std::string line = table.name + "(";
    for (column_spec const& column : table.columns) {
        line += column.name + " " + name_of(column.kind) + (column.nullable ? " null, " : ", ");
    }
    line += "key " + table.columns.at(table.key).name;
    for (index_spec const& index : table.indexes) {
        line += ", index";
        for (std::uint32_t const column : index.columns) {
            line += " " + table.columns.at(column).name;
        }
    }
    return line + ")";
}

} // namespace swarmlog
