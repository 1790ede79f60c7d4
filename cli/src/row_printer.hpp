#pragma once

#include "output.hpp"
#include "terminal/text_table.hpp"

#include <swarmlog/engine/rows.hpp>

#include <string>
#include <vector>

namespace swarmlog::cli {

/// What a cell stands for; see the table in <swarmlog/projections/row_type.hpp>.
enum class cell_style {
    plain,
    boolean, ///< 0 or 1
    time,    ///< nanoseconds since the Unix epoch
    json     ///< text of JSON
};

struct row_column {
    std::string name;
    cell_style style = cell_style::plain;
    bool is_in_table = true; ///< else only in JSON, where every column is
};

/// Adds a cell as JSON: null, a number, true, a string, or what it holds as JSON.
void append_cell_json(std::string& line, cell const& value, cell_style style);

/// A cell for a person; null is empty, and a time ends with the millisecond.
[[nodiscard]] std::string cell_text(cell const& value, cell_style style);

/// Writes rows in the chosen format: a JSON object a line as they come, or a table in the end.
class row_printer {
public:
    row_printer(output& to, output_format format, std::vector<row_column> columns);
    /// False once nothing more can be written.
    bool print(row_cells const& row);
    bool finish();

private:
    output& to_;
    output_format format_;
    std::vector<row_column> columns_;
    text_table table_;
    std::string line_;
};

} // namespace swarmlog::cli
