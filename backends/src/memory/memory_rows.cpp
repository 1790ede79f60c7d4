#include "memory/memory_rows.hpp"

namespace swarmlog::detail {

result<std::shared_ptr<memory_table const>> table_in(memory_tables const& tables,
                                                     table_spec const& wanted) {
    auto const found = tables.find(wanted.name);
    if (found == tables.end()) {
        return error{errc::not_found, "there is no table " + wanted.name};
    }
    table_spec const& stored = found->second->table();
    if (stored.columns != wanted.columns || stored.key != wanted.key) {
        return error{errc::corrupt, "table " + wanted.name + " is not as declared: it is " +
                                        layout_of(stored) + " instead of " + layout_of(wanted)};
    }
    return found->second;
}

result<std::optional<row_cells>> find_row_in(memory_tables const& tables, table_spec const& table,
                                             cell const& key) {
    auto const source = table_in(tables, table);
    if (!source) return source.error();
    row_cells const* const row = (*source)->find(key);
    if (row == nullptr) return std::optional<row_cells>{};
    return std::optional<row_cells>{*row};
}

result<void> select_rows_in(memory_tables const& tables, table_spec const& table,
                            row_query const& asked, row_visitor const& visit) {
    auto const source = table_in(tables, table);
    if (!source) return source.error();
    if (auto valid = check_filter(table, asked.where); !valid) return valid;
    (*source)->select(asked, visit);
    return {};
}

result<std::uint64_t> count_rows_in(memory_tables const& tables, table_spec const& table,
                                    row_filter const& where) {
    auto const source = table_in(tables, table);
    if (!source) return source.error();
    if (auto valid = check_filter(table, where); !valid) return valid.error();
    return (*source)->count(where);
}

} // namespace swarmlog::detail
