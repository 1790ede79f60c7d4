#include "row_printer.hpp"

#include "json_text.hpp"

#include <swarmlog/engine/timestamp.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <variant>

namespace swarmlog::cli {

namespace {

std::string time_text(std::int64_t nanoseconds) {
    return to_string(timestamp(std::chrono::nanoseconds(nanoseconds)));
}

/// As SQLite's own JSON writes what JSON has no number for.
std::string real_text(double value) {
    if (std::isinf(value)) return value > 0 ? "9e999" : "-9e999";
    return fmt::format("{}", value);
}

text_table table_of(std::vector<row_column> const& columns) {
    std::vector<text_table::heading> headings;
    for (row_column const& each : columns) {
        if (!each.is_in_table) continue;
        std::string title = each.name;
        std::transform(title.begin(), title.end(), title.begin(), [](char letter) {
            return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
        });
        headings.push_back({title, text_table::align::left, 50});
    }
    return text_table(std::move(headings));
}

} // namespace

void append_cell_json(std::string& line, cell const& value, cell_style style) {
    if (auto const* const number = std::get_if<std::int64_t>(&value)) {
        if (style == cell_style::time) return append_json_string(line, time_text(*number));
        if (style == cell_style::boolean) line += *number != 0 ? "true" : "false";
        if (style == cell_style::plain) line += std::to_string(*number);
    } else if (auto const* const real = std::get_if<double>(&value)) {
        line += real_text(*real);
    } else if (auto const* const text = std::get_if<std::string>(&value)) {
        if (style == cell_style::json) {
            line += *text;
        } else {
            append_json_string(line, *text);
        }
    } else {
        line += "null";
    }
}

std::string cell_text(cell const& value, cell_style style) {
    if (auto const* const number = std::get_if<std::int64_t>(&value)) {
        if (style == cell_style::boolean) return *number != 0 ? "yes" : "no";
        if (style != cell_style::time) return std::to_string(*number);
        std::string time = time_text(*number).substr(0, 23);
        std::replace(time.begin(), time.end(), 'T', ' ');
        return time;
    }
    if (auto const* const real = std::get_if<double>(&value)) return real_text(*real);
    auto const* const text = std::get_if<std::string>(&value);
    return text == nullptr ? std::string() : *text;
}

row_printer::row_printer(output& to, output_format format, std::vector<row_column> columns)
    : to_(to), format_(format), columns_(std::move(columns)), table_(table_of(columns_)) {}

bool row_printer::print(row_cells const& row) {
    if (format_ == output_format::table) {
        std::vector<std::string> cells;
        for (std::size_t at = 0; at != columns_.size(); ++at) {
            if (columns_[at].is_in_table) cells.push_back(cell_text(row[at], columns_[at].style));
        }
        table_.add(std::move(cells));
        return true;
    }
    line_ = "{";
    for (std::size_t at = 0; at != columns_.size(); ++at) {
        if (at != 0) line_ += ',';
        append_json_string(line_, columns_[at].name);
        line_ += ':';
        append_cell_json(line_, row[at], columns_[at].style);
    }
    line_ += "}\n";
    return to_.write(line_);
}

bool row_printer::finish() {
    if (format_ == output_format::table) to_.write(table_.text(table_columns()));
    return to_.flush();
}

} // namespace swarmlog::cli
