#include <swarmlog/projections/row_diff.hpp>

#include <utility>

namespace swarmlog {

namespace {

std::vector<field_change> fields_of(table_spec const& table, row_cells const* before,
                                    row_cells const* after) {
    std::vector<field_change> fields;
    for (std::size_t at = 0; at != table.columns.size(); ++at) {
        cell const from = before != nullptr ? (*before)[at] : cell{};
        cell const to = after != nullptr ? (*after)[at] : cell{};
        bool const counts = before == nullptr || after == nullptr || compare_cells(from, to) != 0;
        if (counts) { fields.push_back({table.columns[at].name, from, to}); }
    }
    return fields;
}

std::vector<row_cells> rows_of(memory_table const& table) {
    std::vector<row_cells> rows;
    rows.reserve(table.size());
    table.select({}, [&](row_cells const& row) {
        rows.push_back(row);
        return true;
    });
    return rows;
}

} // namespace

std::vector<row_change> diff_tables(memory_table const& before, memory_table const& after) {
    table_spec const& table = after.table();
    auto const old_rows = rows_of(before);
    std::vector<row_change> changes;
    auto old = old_rows.begin();
    auto const add_removed = [&] {
        changes.push_back(
            {row_change::kind::removed, (*old)[table.key], fields_of(table, &*old, nullptr)});
        ++old;
    };
    after.select({}, [&](row_cells const& row) {
        while (old != old_rows.end() && compare_cells((*old)[table.key], row[table.key]) < 0) {
            add_removed();
        }
        bool const is_known =
            old != old_rows.end() && compare_cells((*old)[table.key], row[table.key]) == 0;
        if (!is_known) {
            changes.push_back(
                {row_change::kind::added, row[table.key], fields_of(table, nullptr, &row)});
            return true;
        }
        auto fields = fields_of(table, &*old, &row);
        if (!fields.empty()) {
            changes.push_back({row_change::kind::changed, row[table.key], std::move(fields)});
        }
        ++old;
        return true;
    });
    while (old != old_rows.end()) { add_removed(); }
    return changes;
}

} // namespace swarmlog
