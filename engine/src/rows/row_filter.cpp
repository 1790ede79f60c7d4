#include <swarmlog/engine/rows.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace swarmlog {

namespace {

/// SQL's third value stands between the two: `not` mirrors, `and` is the least, `or` the most.
enum class truth : signed char { no = -1, unknown = 0, yes = 1 };

truth truth_of(bool holds) noexcept { return holds ? truth::yes : truth::no; }

truth compared(row_filter::kind what, std::strong_ordering order) noexcept {
    switch (what) {
    case row_filter::kind::eq: return truth_of(order == 0);
    case row_filter::kind::ne: return truth_of(order != 0);
    case row_filter::kind::lt: return truth_of(order < 0);
    case row_filter::kind::le: return truth_of(order <= 0);
    case row_filter::kind::gt: return truth_of(order > 0);
    default: return truth_of(order >= 0);
    }
}

truth judge(row_filter const& filter, row_cells const& row) {
    using kind = row_filter::kind;
    switch (filter.what) {
    case kind::every: return truth::yes;
    case kind::all_of: {
        truth all = truth::yes;
        for (row_filter const& part : filter.parts) {
            all = std::min(all, judge(part, row));
            if (all == truth::no) { break; }
        }
        return all;
    }
    case kind::any_of: {
        truth any = truth::no;
        for (row_filter const& part : filter.parts) {
            any = std::max(any, judge(part, row));
            if (any == truth::yes) { break; }
        }
        return any;
    }
    case kind::none_of:
        return static_cast<truth>(-static_cast<signed char>(judge(filter.parts.front(), row)));
    default: break;
    }
    cell const& value = row[filter.column];
    if (filter.what == kind::is_null) { return truth_of(value.index() == 0); }
    if (filter.what == kind::in && filter.values.empty()) { return truth::no; }
    if (value.index() == 0) { return truth::unknown; }
    if (filter.what == kind::like) {
        return truth_of(is_like(*std::get_if<std::string>(&value),
                                *std::get_if<std::string>(&filter.values[0])));
    }
    if (filter.what == kind::in) {
        return truth_of(
            std::any_of(filter.values.begin(), filter.values.end(),
                        [&](cell const& each) { return compare_cells(value, each) == 0; }));
    }
    return compared(filter.what, compare_cells(value, filter.values.front()));
}

error bad_filter(std::string const& what) {
    return {errc::invalid_argument, "a query's condition " + what};
}

bool is_value_of(column_spec const& column, cell const& value) noexcept {
    if (value.index() != static_cast<std::size_t>(column.kind) + 1) { return false; }
    auto const* const real = std::get_if<double>(&value);
    return real == nullptr || !std::isnan(*real);
}

class filter_check {
public:
    explicit filter_check(table_spec const& table) : table_(&table) {}

    result<void> check(row_filter const& filter, std::size_t depth) {
        if (depth > filter_depth_max) {
            return bad_filter("is nested deeper than " + std::to_string(filter_depth_max));
        }
        size_ += 1 + filter.values.size();
        if (size_ > filter_size_max) {
            return bad_filter("has more than " + std::to_string(filter_size_max) + " parts");
        }
        using kind = row_filter::kind;
        switch (filter.what) {
        case kind::every: return {};
        case kind::none_of:
            if (filter.parts.size() != 1) { return bad_filter("negates not exactly one part"); }
            [[fallthrough]];
        case kind::all_of:
        case kind::any_of:
            for (row_filter const& part : filter.parts) {
                if (auto const valid = check(part, depth + 1); !valid) { return valid; }
            }
            return {};
        default: return check_comparison(filter);
        }
    }

private:
    result<void> check_comparison(row_filter const& filter) const {
        using kind = row_filter::kind;
        if (filter.column >= table_->columns.size()) {
            return bad_filter("names a column that table " + table_->name + " does not have");
        }
        column_spec const& column = table_->columns[filter.column];
        if (filter.what == kind::is_null) { return {}; }
        if (filter.what != kind::in && filter.values.size() != 1) {
            return bad_filter("compares column " + column.name + " with not exactly one value");
        }
        if (filter.what == kind::like && column.kind != column_kind::text) {
            return bad_filter("asks what column " + column.name + " is like; it is not text");
        }
        for (cell const& value : filter.values) {
            if (!is_value_of(column, value)) {
                return bad_filter("compares column " + column.name +
                                  " with a value of another "
                                  "kind");
            }
        }
        return {};
    }

    table_spec const* table_;
    std::size_t size_ = 0;
};

} // namespace

result<void> check_filter(table_spec const& table, row_filter const& filter) {
    return filter_check{table}.check(filter, 1);
}

bool matches(row_filter const& filter, row_cells const& row) {
    return judge(filter, row) == truth::yes;
}

} // namespace swarmlog
