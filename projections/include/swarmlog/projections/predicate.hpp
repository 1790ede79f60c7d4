#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/projections/row_type.hpp>

#include <initializer_list>
#include <optional>
#include <ranges>
#include <string_view>
#include <type_traits>
#include <utility>

/// \file
/// Conditions on rows, from member pointers and values:
///
///     eq(&task::status, task_status::pending) && !is_null(&task::assigned_to)
///
/// No text of the program's data ever names anything: columns come from the row type, values
/// are bound. An optional member is compared with what it may hold; a comparison with an empty
/// one is unknown, and leaves the row out, as in SQL.
namespace swarmlog {

/// A condition on rows of one type. A value that has no column form (an enum without a name)
/// makes the query that uses it fail.
template <row_type Row>
class predicate {
public:
    predicate() = default;
    /// From a condition on cells, whose columns are those of `Row`.
    explicit predicate(row_filter filter) : filter_(std::move(filter)) {}
    /// One that makes the query that uses it fail with this.
    explicit predicate(error failure) : failure_(std::move(failure)) {}

    /// The condition on cells.
    [[nodiscard]] row_filter const& filter() const noexcept { return filter_; }
    /// Why it cannot be asked, if so.
    [[nodiscard]] std::optional<error> const& failure() const noexcept { return failure_; }

    /// Both hold.
    friend predicate operator&&(predicate left, predicate right) {
        return joined(row_filter::kind::all_of, std::move(left), std::move(right));
    }
    /// One of them holds, or both.
    friend predicate operator||(predicate left, predicate right) {
        return joined(row_filter::kind::any_of, std::move(left), std::move(right));
    }
    /// It does not hold. Of an unknown condition: unknown, which leaves the row out.
    friend predicate operator!(predicate negated) {
        if (negated.failure_) { return negated; }
        row_filter filter;
        filter.what = row_filter::kind::none_of;
        filter.parts.push_back(std::move(negated.filter_));
        return predicate{std::move(filter)};
    }

private:
    static predicate joined(row_filter::kind what, predicate left, predicate right) {
        if (left.failure_) { return left; }
        if (right.failure_) { return right; }
        row_filter filter;
        filter.what = what;
        // A chain of the same kind is one list, so that a long one is not nested deeply.
        if (left.filter_.what == what) {
            filter = std::move(left.filter_);
        } else {
            filter.parts.push_back(std::move(left.filter_));
        }
        filter.parts.push_back(std::move(right.filter_));
        return predicate{std::move(filter)};
    }

    row_filter filter_;
    std::optional<error> failure_;
};

namespace detail {

template <class T>
using compared_with = std::type_identity_t<plain_value<T>>;

template <row_type Row, class Value>
[[nodiscard]] predicate<Row> comparison(row_filter::kind what, Value Row::*member,
                                        compared_with<Value> const& value) {
    row_filter filter;
    filter.what = what;
    filter.column = column_of(member);
    if (auto const written = to_cell("a condition's value", value, filter.values.emplace_back());
        !written) {
        return predicate<Row>{written.error()};
    }
    return predicate<Row>{std::move(filter)};
}

} // namespace detail

/// The member equals the value.
template <row_type Row, class Value>
[[nodiscard]] predicate<Row> eq(Value Row::*member, detail::compared_with<Value> const& value) {
    return detail::comparison(row_filter::kind::eq, member, value);
}
/// The member has another value. As in SQL, an empty member does not.
template <row_type Row, class Value>
[[nodiscard]] predicate<Row> ne(Value Row::*member, detail::compared_with<Value> const& value) {
    return detail::comparison(row_filter::kind::ne, member, value);
}
/// The member is less than the value: numbers by size, text byte by byte, an enum by its
/// name.
template <row_type Row, class Value>
[[nodiscard]] predicate<Row> lt(Value Row::*member, detail::compared_with<Value> const& value) {
    return detail::comparison(row_filter::kind::lt, member, value);
}
/// The member is less than the value or equals it.
template <row_type Row, class Value>
[[nodiscard]] predicate<Row> le(Value Row::*member, detail::compared_with<Value> const& value) {
    return detail::comparison(row_filter::kind::le, member, value);
}
/// The member is greater than the value.
template <row_type Row, class Value>
[[nodiscard]] predicate<Row> gt(Value Row::*member, detail::compared_with<Value> const& value) {
    return detail::comparison(row_filter::kind::gt, member, value);
}
/// The member is greater than the value or equals it.
template <row_type Row, class Value>
[[nodiscard]] predicate<Row> ge(Value Row::*member, detail::compared_with<Value> const& value) {
    return detail::comparison(row_filter::kind::ge, member, value);
}

/// Equal to one of the values; to none of none.
template <row_type Row, class Value, std::ranges::input_range Values>
[[nodiscard]] predicate<Row> in(Value Row::*member, Values const& values) {
    row_filter filter;
    filter.what = row_filter::kind::in;
    filter.column = detail::column_of(member);
    for (detail::compared_with<Value> const& value : values) {
        auto const written =
            detail::to_cell("a condition's value", value, filter.values.emplace_back());
        if (!written) { return predicate<Row>{written.error()}; }
    }
    return predicate<Row>{std::move(filter)};
}
/// The same, with the values written out.
template <row_type Row, class Value>
[[nodiscard]] predicate<Row> in(Value Row::*member,
                                std::initializer_list<detail::compared_with<Value>> values) {
    return in<Row, Value, std::initializer_list<detail::compared_with<Value>>>(member, values);
}

/// SQL's LIKE on a text column: % for any text, _ for one character, ASCII letters of either
/// case alike.
template <row_type Row, class Value>
[[nodiscard]] predicate<Row> like(Value Row::*member, std::string_view pattern) {
    static_assert(detail::kind_of<Value>() == column_kind::text,
                  "swarmlog: like takes a member whose column is text");
    row_filter filter;
    filter.what = row_filter::kind::like;
    filter.column = detail::column_of(member);
    filter.values.emplace_back(std::string{pattern});
    return predicate<Row>{std::move(filter)};
}

/// The member is empty. Of a member that is no std::optional: never.
template <row_type Row, class Value>
[[nodiscard]] predicate<Row> is_null(Value Row::*member) {
    row_filter filter;
    filter.what = row_filter::kind::is_null;
    filter.column = detail::column_of(member);
    return predicate<Row>{std::move(filter)};
}

} // namespace swarmlog
