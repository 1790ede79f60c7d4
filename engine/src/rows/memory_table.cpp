#include <swarmlog/engine/rows.hpp>

#include "rows/ordered_rows.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog {

using detail::ordered_rows;
using detail::shared_row;

struct memory_table::state {
    std::shared_ptr<table_spec const> table;
    /// By key first, then one for each index that the table declares.
    std::vector<ordered_rows> orders;
};

namespace {

/// The columns that a filter fixes to one value, as far as its top level says.
std::vector<std::pair<std::uint32_t, cell const*>> fixed_columns(row_filter const& filter) {
    std::vector<std::pair<std::uint32_t, cell const*>> fixed;
    auto const add = [&](row_filter const& part) {
        if (part.what == row_filter::kind::eq) {
            fixed.emplace_back(part.column, &part.values.front());
        }
    };
    add(filter);
    if (filter.what == row_filter::kind::all_of) {
        for (row_filter const& part : filter.parts) { add(part); }
    }
    return fixed;
}

/// How rows are got: which order, the prefix in it, and whether it is already the wanted one.
struct plan {
    std::size_t order = 0;
    std::vector<cell const*> prefix;
    bool is_sorted = false;
    bool backwards = false;
    std::size_t tie_columns = 0; ///< walking backwards: rows equal in so many come by rising key
};

class planner {
public:
    planner(std::vector<ordered_rows> const& orders, row_query const& asked)
        : orders_(&orders), asked_(&asked), fixed_(fixed_columns(asked.where)) {}

    [[nodiscard]] plan best() const {
        plan chosen = plan_for(0);
        for (std::size_t order = 1; order < orders_->size(); ++order) {
            plan const other = plan_for(order);
            bool const is_narrower = other.prefix.size() > chosen.prefix.size();
            bool const saves_sorting =
                other.prefix.size() == chosen.prefix.size() && other.is_sorted && !chosen.is_sorted;
            // The key's own prefix is one row at most.
            bool const is_one_row = chosen.order == 0 && !chosen.prefix.empty();
            if (!is_one_row && (is_narrower || saves_sorting)) { chosen = other; }
        }
        return chosen;
    }

private:
    [[nodiscard]] cell const* fixed_value(std::uint32_t column) const {
        auto const found = std::find_if(fixed_.begin(), fixed_.end(),
                                        [&](auto const& each) { return each.first == column; });
        return found == fixed_.end() ? nullptr : found->second;
    }

    [[nodiscard]] plan plan_for(std::size_t order) const {
        plan made;
        made.order = order;
        auto const& columns = (*orders_)[order].columns();
        for (std::uint32_t const column : columns) {
            cell const* const value = fixed_value(column);
            if (value == nullptr) { break; }
            made.prefix.push_back(value);
        }
        // Sorted when the rest of the order's columns begins with what is asked for, all one way.
        std::size_t next = made.prefix.size();
        made.is_sorted = true;
        for (row_order const& wanted : asked_->order) {
            if (fixed_value(wanted.column) != nullptr) { continue; }
            bool const is_first = next == made.prefix.size();
            if (next >= columns.size() || columns[next] != wanted.column ||
                (!is_first && wanted.descending != made.backwards)) {
                made.is_sorted = false;
                break;
            }
            made.backwards = wanted.descending;
            ++next;
        }
        made.tie_columns = next;
        // Behind what is asked for the key comes next, or another column's order would show.
        bool const key_follows = next >= columns.size() - 1;
        made.is_sorted = made.is_sorted && key_follows;
        if (!made.is_sorted) { made.backwards = false; }
        return made;
    }

    std::vector<ordered_rows> const* orders_;
    row_query const* asked_;
    std::vector<std::pair<std::uint32_t, cell const*>> fixed_;
};

/// Applies offset and limit to rows that come in the right order.
class row_window {
public:
    row_window(row_query const& asked, row_visitor const& visit)
        : skip_(asked.offset), left_(asked.limit), visit_(&visit) {}

    [[nodiscard]] bool is_done() const noexcept { return left_ == 0; }
    bool operator()(row_cells const& row) {
        if (skip_ != 0) {
            --skip_;
            return true;
        }
        if (left_ == 0) { return false; }
        --left_;
        if (!(*visit_)(row)) { left_ = 0; }
        return left_ != 0;
    }

private:
    std::uint64_t skip_;
    std::uint64_t left_;
    row_visitor const* visit_;
};

void sort_rows(std::vector<shared_row>& rows, row_query const& asked, std::uint32_t key) {
    auto const before = [&](shared_row const& left, shared_row const& right) {
        for (row_order const& each : asked.order) {
            auto const order = compare_cells((*left)[each.column], (*right)[each.column]);
            if (order != 0) { return each.descending ? order > 0 : order < 0; }
        }
        return compare_cells((*left)[key], (*right)[key]) < 0;
    };
    std::uint64_t const wanted =
        asked.limit > rows.size()
            ? rows.size()
            : std::min<std::uint64_t>(rows.size(), asked.offset > rows.size()
                                                       ? rows.size()
                                                       : asked.offset + asked.limit);
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(wanted), rows.end(),
                      before);
    rows.resize(wanted);
}

/// Walks backwards, but gives rows that are equal in the first `tie_columns` by rising key.
void walk_backwards(ordered_rows const& order, plan const& way, row_filter const& where,
                    row_window& window) {
    std::vector<shared_row> ties;
    auto const give_ties = [&] {
        while (!ties.empty()) {
            bool const goes_on = window(*ties.back());
            ties.pop_back();
            if (!goes_on) { return false; }
        }
        return true;
    };
    order.walk(way.prefix, true, [&](shared_row const& row) {
        auto const is_tie = [&](row_cells const& other) {
            for (std::size_t at = 0; at != way.tie_columns; ++at) {
                std::uint32_t const column = order.columns()[at];
                if (compare_cells((*row)[column], other[column]) != 0) { return false; }
            }
            return true;
        };
        if (!ties.empty() && !is_tie(*ties.back()) && !give_ties()) { return false; }
        if (matches(where, *row)) { ties.push_back(row); }
        return true;
    });
    if (!window.is_done()) { give_ties(); }
}

} // namespace

memory_table::memory_table(table_spec table) : state_(std::make_unique<state>()) {
    state_->orders.emplace_back(std::vector<std::uint32_t>{}, table.key);
    for (index_spec const& index : table.indexes) {
        state_->orders.emplace_back(index.columns, table.key);
    }
    state_->table = std::make_shared<table_spec const>(std::move(table));
}

memory_table::memory_table(memory_table&&) noexcept = default;
memory_table& memory_table::operator=(memory_table&&) noexcept = default;
memory_table::memory_table(memory_table const& other)
    : state_(std::make_unique<state>(*other.state_)) {}
memory_table& memory_table::operator=(memory_table const& other) {
    if (this != &other) { *state_ = *other.state_; }
    return *this;
}
memory_table::~memory_table() = default;

table_spec const& memory_table::table() const noexcept { return *state_->table; }

std::size_t memory_table::size() const noexcept { return state_->orders.front().size(); }

void memory_table::put(row_cells row) {
    auto fresh = std::make_shared<row_cells const>(std::move(row));
    cell const& key = (*fresh)[state_->table->key];
    shared_row before;
    state_->orders.front().walk({&key}, false, [&](shared_row const& found) {
        before = found;
        return false;
    });
    for (ordered_rows& order : state_->orders) {
        // An index holds the old row elsewhere, unless its columns are the same.
        if (before != nullptr) { order.erase(*before); }
        order.put(fresh);
    }
}

bool memory_table::erase(cell const& key) {
    shared_row before;
    state_->orders.front().walk({&key}, false, [&](shared_row const& found) {
        before = found;
        return false;
    });
    if (before == nullptr) { return false; }
    for (ordered_rows& order : state_->orders) { order.erase(*before); }
    return true;
}

row_cells const* memory_table::find(cell const& key) const {
    row_cells const* found = nullptr;
    state_->orders.front().walk({&key}, false, [&](shared_row const& row) {
        found = row.get();
        return false;
    });
    return found;
}

void memory_table::select(row_query const& asked, row_visitor const& visit) const {
    if (asked.limit == 0) { return; }
    plan const way = planner{state_->orders, asked}.best();
    ordered_rows const& order = state_->orders[way.order];
    row_window window{asked, visit};
    if (way.is_sorted && way.backwards) {
        walk_backwards(order, way, asked.where, window);
        return;
    }
    if (way.is_sorted) {
        order.walk(way.prefix, false, [&](shared_row const& row) {
            return !matches(asked.where, *row) || window(*row);
        });
        return;
    }
    std::vector<shared_row> found;
    order.walk(way.prefix, false, [&](shared_row const& row) {
        if (matches(asked.where, *row)) { found.push_back(row); }
        return true;
    });
    sort_rows(found, asked, state_->table->key);
    for (shared_row const& row : found) {
        if (!window(*row)) { return; }
    }
}

std::uint64_t memory_table::count(row_filter const& where) const {
    if (where.what == row_filter::kind::every) { return size(); }
    row_query all;
    all.where = where;
    std::uint64_t found = 0;
    select(all, [&](row_cells const&) {
        ++found;
        return true;
    });
    return found;
}

void memory_table::rename(std::string name) {
    table_spec changed = *state_->table;
    changed.name = std::move(name);
    state_->table = std::make_shared<table_spec const>(std::move(changed));
}

} // namespace swarmlog
