#pragma once

#include "memory/memory_state.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>

#include <optional>

namespace swarmlog::detail {

/// Reading declared tables, for a view and for the transaction alike. A table that is there must
/// have the layout that the caller names: else `corrupt`.

[[nodiscard]] result<std::shared_ptr<memory_table const>> table_in(memory_tables const& tables,
                                                                   table_spec const& wanted);
[[nodiscard]] result<std::optional<row_cells>>
find_row_in(memory_tables const& tables, table_spec const& table, cell const& key);
[[nodiscard]] result<void> select_rows_in(memory_tables const& tables, table_spec const& table,
                                          row_query const& asked, row_visitor const& visit);
[[nodiscard]] result<std::uint64_t> count_rows_in(memory_tables const& tables,
                                                  table_spec const& table, row_filter const& where);

} // namespace swarmlog::detail
