#include <swarmlog/projections/detail/overlaid_rows.hpp>

#include <algorithm>
#include <limits>

namespace swarmlog::detail {

std::optional<row_cells> const* overlaid_rows::change_of(cell const& key) const {
    auto const at = std::lower_bound(changes_.begin(), changes_.end(), key,
                                     [](auto const& change, cell const& wanted) {
                                         return compare_cells(change.first, wanted) < 0;
                                     });
    return at != changes_.end() && compare_cells(at->first, key) == 0 ? &at->second : nullptr;
}

result<std::optional<row_cells>> overlaid_rows::find_row(table_spec const& table, cell const& key) {
    if (auto const* const changed = change_of(key)) { return *changed; }
    return below_->find_row(table, key);
}

result<void> overlaid_rows::select_rows(table_spec const& table, row_query const& asked,
                                        row_visitor const& visit) {
    if (changes_.empty()) { return below_->select_rows(table, asked, visit); }
    // Of the rows below, as many more are needed as changes may hide; what is left of both is
    // then asked once more, by the same rules.
    table_spec plain = table;
    plain.indexes.clear();
    memory_table candidates{std::move(plain)};
    row_query more = asked;
    more.offset = 0;
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    for (std::uint64_t const part : {asked.offset, std::uint64_t{changes_.size()}}) {
        more.limit = more.limit > most - part ? most : more.limit + part;
    }
    auto const below = below_->select_rows(table, more, [&](row_cells const& row) {
        if (change_of(row[table.key]) == nullptr) { candidates.put(row); }
        return true;
    });
    if (!below) { return below; }
    for (auto const& [key, row] : changes_) {
        if (row && matches(asked.where, *row)) { candidates.put(*row); }
    }
    candidates.select(asked, visit);
    return {};
}

result<std::uint64_t> overlaid_rows::count_rows(table_spec const& table, row_filter const& where) {
    auto counted = below_->count_rows(table, where);
    if (!counted) { return counted; }
    for (auto const& [key, row] : changes_) {
        auto const before = below_->find_row(table, key);
        if (!before) { return before.error(); }
        if (*before && matches(where, **before)) { --*counted; }
        if (row && matches(where, *row)) { ++*counted; }
    }
    return counted;
}

} // namespace swarmlog::detail
