#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/projections/detail/typed_source.hpp>
#include <swarmlog/projections/predicate.hpp>
#include <swarmlog/projections/row_type.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

/// \file
/// Typed queries, which mean the same on every backend:
///
///     log.query<task>().where(eq(&task::status, task_status::pending))
///                      .order_by(&task::priority, descending).then_by(&task::created_at)
///                      .limit(10).all()
namespace swarmlog {

/// Which value comes first; null is the least of all.
enum class sort_order : bool { ascending, descending };
/// The least first.
inline constexpr sort_order ascending = sort_order::ascending;
/// The greatest first.
inline constexpr sort_order descending = sort_order::descending;

namespace detail {

/// What one aggregate answers, and how it is read from its cell.
template <class Value>
struct aggregate_term {
    row_aggregate asked;
    using value_type = Value;
};

} // namespace detail

/// How many rows.
[[nodiscard]] inline detail::aggregate_term<std::int64_t> count_of_rows() {
    return {{aggregate_kind::count, 0}};
}
/// The sum of a numeric member, compensated for reals; empty when no row has a value.
template <row_type Row, class Value>
[[nodiscard]] auto sum(Value Row::*member) {
    constexpr bool is_real = detail::kind_of<Value>() == column_kind::real;
    static_assert(detail::kind_of<Value>() != column_kind::text, "swarmlog: sum takes numbers");
    using number = std::conditional_t<is_real, double, std::int64_t>;
    return detail::aggregate_term<std::optional<number>>{
        {aggregate_kind::sum, detail::column_of(member)}};
}
/// The arithmetic mean of a numeric member; empty when no row has a value.
template <row_type Row, class Value>
[[nodiscard]] detail::aggregate_term<std::optional<double>> mean(Value Row::*member) {
    static_assert(detail::kind_of<Value>() != column_kind::text, "swarmlog: mean takes numbers");
    return {{aggregate_kind::mean, detail::column_of(member)}};
}
/// The least value of a member; empty when no row has one.
template <row_type Row, class Value>
[[nodiscard]] detail::aggregate_term<std::optional<detail::plain_value<Value>>>
min(Value Row::*member) {
    return {{aggregate_kind::min, detail::column_of(member)}};
}
/// The greatest value of a member; empty when no row has one.
template <row_type Row, class Value>
[[nodiscard]] detail::aggregate_term<std::optional<detail::plain_value<Value>>>
max(Value Row::*member) {
    return {{aggregate_kind::max, detail::column_of(member)}};
}

/// Rows folded by some members: `by` and `values` are tuples in the order that was asked.
template <class By, class Values>
struct row_group {
    By by;         ///< values of the members
    Values values; ///< values of the aggregates
};

template <row_type Row, class... By>
class grouped_query;

/// A query over rows of one type: first narrowed, then asked. Each asking reads one consistent
/// state. Copyable; one thread at a time. May outlive the log: it then answers `closed`.
template <class Row>
class typed_query {
    static_assert(row_type<Row>,
                  "swarmlog: a row is a struct described with BOOST_DESCRIBE_STRUCT");

public:
    /// For tables, which make it.
    explicit typed_query(std::shared_ptr<detail::typed_source<Row> const> source)
        : source_(std::move(source)) {}

    /// Several add up.
    [[nodiscard]] typed_query where(predicate<Row> condition) && {
        where_ = has_where_ ? std::move(where_) && std::move(condition) : std::move(condition);
        has_where_ = true;
        return std::move(*this);
    }
    /// Rows that are equal in all that is named come by rising key.
    template <class Value>
    [[nodiscard]] typed_query order_by(Value Row::*member, sort_order order = ascending) && {
        order_.push_back({detail::column_of(member), order == descending});
        return std::move(*this);
    }
    /// Orders what is equal so far.
    template <class Value>
    [[nodiscard]] typed_query then_by(Value Row::*member, sort_order order = ascending) && {
        return std::move(*this).order_by(member, order);
    }
    /// At most so many rows.
    [[nodiscard]] typed_query limit(std::uint64_t rows_max) && {
        limit_ = rows_max;
        return std::move(*this);
    }
    /// Leaves out so many rows at the beginning.
    [[nodiscard]] typed_query offset(std::uint64_t rows) && {
        offset_ = rows;
        return std::move(*this);
    }
    /// Folds rows that are equal in these members into one group each.
    template <class... Values>
    [[nodiscard]] grouped_query<Row, Values...> group_by(Values Row::*... members) && {
        return {std::move(*this), {detail::column_of(members)...}};
    }

    /// All rows asked for, at once in memory.
    [[nodiscard]] result<std::vector<Row>> all() const {
        std::vector<Row> rows;
        auto const done = for_each([&](Row&& row) {
            rows.push_back(std::move(row));
            return true;
        });
        if (!done) { return done.error(); }
        return rows;
    }
    /// The first row asked for, if there is one.
    [[nodiscard]] result<std::optional<Row>> first() const {
        typed_query one = *this;
        one.limit_ = std::min<std::uint64_t>(limit_, 1);
        std::optional<Row> found;
        auto const done = one.for_each([&](Row&& row) {
            found = std::move(row);
            return false;
        });
        if (!done) { return done.error(); }
        return found;
    }
    /// Offset and limit do not count here.
    [[nodiscard]] result<std::uint64_t> count() const {
        if (where_.failure()) { return *where_.failure(); }
        std::uint64_t rows = 0;
        auto const done = source_->read([&](row_reader& reader) -> result<void> {
            auto const counted = reader.count_rows(source_->table(), where_.filter());
            if (!counted) { return counted.error(); }
            rows = *counted;
            return {};
        });
        if (!done) { return done.error(); }
        return rows;
    }
    /// Calls `visit(Row&&)` while it returns true, without holding all rows at once. It may return
    /// a `result<bool>`: an error ends the reading and is its answer.
    template <class Visitor>
    [[nodiscard]] result<void> for_each(Visitor&& visit) const {
        if (where_.failure()) { return *where_.failure(); }
        return source_->select(asked(), visit);
    }
    /// One group of all rows: a tuple of the aggregates' values.
    template <class... Values>
    [[nodiscard]] result<std::tuple<Values...>>
    aggregate(detail::aggregate_term<Values>... terms) const {
        auto groups = grouped_query<Row>{typed_query{*this}, {}}.aggregate(terms...);
        if (!groups) { return groups.error(); }
        return std::move(groups->front().values);
    }

private:
    template <row_type, class...>
    friend class grouped_query;

    [[nodiscard]] row_query asked() const { return {where_.filter(), order_, offset_, limit_}; }

    template <class Visitor>
    [[nodiscard]] result<void> for_each_cells(Visitor const& visit) const {
        if (where_.failure()) { return *where_.failure(); }
        return source_->select_cells(asked(), visit);
    }

    std::shared_ptr<detail::typed_source<Row> const> source_;
    predicate<Row> where_;
    bool has_where_ = false;
    std::vector<row_order> order_;
    std::uint64_t offset_ = 0;
    std::uint64_t limit_ = std::numeric_limits<std::uint64_t>::max();
};

/// A query whose rows are folded into groups, which come by rising values of the members.
template <row_type Row, class... By>
class grouped_query {
public:
    /// For `typed_query::group_by`, which makes it.
    grouped_query(typed_query<Row> source, std::vector<std::uint32_t> columns)
        : source_(std::move(source)), columns_(std::move(columns)) {}

    /// One group for each combination of values that there is, with its aggregates. Offset, limit
    /// and order of the query say which rows are folded. `invalid_argument` when a sum of integers
    /// leaves 64 bits.
    template <class... Values>
    [[nodiscard]] result<std::vector<row_group<std::tuple<By...>, std::tuple<Values...>>>>
    aggregate(detail::aggregate_term<Values>... terms) const {
        row_groups folded{columns_, {terms.asked...}};
        auto const read = source_.for_each_cells([&](row_cells const& cells) -> result<bool> {
            folded.add(cells);
            return true;
        });
        if (!read) { return read.error(); }
        auto groups = folded.take();
        if (!groups) { return groups.error(); }
        std::vector<row_group<std::tuple<By...>, std::tuple<Values...>>> typed;
        for (auto const& group : *groups) {
            auto& made = typed.emplace_back();
            if (auto const by = read_tuple(group.by, made.by); !by) { return by.error(); }
            if (auto const values = read_tuple(group.results, made.values); !values) {
                return values.error();
            }
        }
        return typed;
    }

private:
    template <class... Parts>
    [[nodiscard]] static result<void> read_tuple(row_cells const& cells,
                                                 std::tuple<Parts...>& parts) {
        result<void> outcome;
        std::size_t at = 0;
        std::apply(
            [&](auto&... part) {
                ((outcome = outcome ? detail::from_cell("group", cells[at++], part) : outcome),
                 ...);
            },
            parts);
        return outcome;
    }

    typed_query<Row> source_;
    std::vector<std::uint32_t> columns_;
};

} // namespace swarmlog
