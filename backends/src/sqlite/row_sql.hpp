#pragma once

#include <swarmlog/engine/rows.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// SQL's text for what is asked of a declared table, and the values to bind, in order. Names
/// were checked (`check_table`), filters too (`check_filter`).
struct row_sql {
    std::string text;
    std::vector<cell const*> values;
};

[[nodiscard]] std::string quoted_name(std::string_view name);
[[nodiscard]] std::string create_table_sql(table_spec const& table);
[[nodiscard]] std::string create_index_sql(table_spec const& table, index_spec const& index,
                                           std::string_view name);
[[nodiscard]] std::string put_row_sql(table_spec const& table);
[[nodiscard]] std::string find_row_sql(table_spec const& table);
[[nodiscard]] std::string erase_row_sql(table_spec const& table);

/// Values point into `asked`. Offset and limit are two more parameters behind them.
[[nodiscard]] row_sql select_rows_sql(table_spec const& table, row_query const& asked);
[[nodiscard]] row_sql count_rows_sql(table_spec const& table, row_filter const& where);

} // namespace swarmlog::detail
