#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/projections/detail/column_value.hpp>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

/// \file
/// Rows are described structs; their members are columns, bases first:
///
/// | C++ | column |
/// |---|---|
/// | bool | INTEGER, 0 or 1 |
/// | integers | INTEGER; above 2^63 - 1 is refused |
/// | float, double | REAL; not a number is refused |
/// | std::string | TEXT |
/// | described enum | TEXT, the enumerator's name |
/// | timestamp | INTEGER, nanoseconds since the Unix epoch |
/// | event_id | TEXT, its 36 characters |
/// | a struct with one `value` (position, version, ids of a program's own) | that value's |
/// | std::optional | the same, or NULL |
/// | anything else that event_codec.hpp knows: vectors, maps, structs, JSON | TEXT of JSON |
namespace swarmlog {

/// A struct described by Boost.Describe that can be made without arguments and copied.
template <class T>
concept row_type = detail::described_struct<T> && std::default_initializable<T> && std::copyable<T>;

namespace detail {

template <class Row>
inline constexpr std::size_t column_count = boost::mp11::mp_size<members_of<Row>>::value;

/// Calls `visit(index, Member{})` for each member of a row.
template <class Row, class Visitor>
constexpr void for_each_column(Visitor&& visit) {
    std::uint32_t index = 0;
    boost::mp11::mp_for_each<members_of<Row>>([&](auto member) { visit(index++, member); });
}

/// The column of a member.
template <row_type Row, class Value>
[[nodiscard]] std::uint32_t column_of(Value Row::*wanted) {
    std::uint32_t found = column_count<Row>;
    for_each_column<Row>([&](std::uint32_t index, auto member) {
        if constexpr (std::is_convertible_v<decltype(member.pointer), Value Row::*>) {
            Value Row::*const pointer = member.pointer;
            if (pointer == wanted) { found = index; }
        }
    });
    return found;
}

template <row_type Row>
[[nodiscard]] std::vector<column_spec> columns_of() {
    std::vector<column_spec> columns;
    for_each_column<Row>([&](std::uint32_t, auto member) {
        using value_type = std::remove_cvref_t<decltype(std::declval<Row>().*member.pointer)>;
        columns.push_back({member.name, kind_of<value_type>(), optional_like<value_type>});
    });
    return columns;
}

/// Whether a row's texts and numbers are such as its table takes; see `check_storable` of a value.
template <row_type Row>
[[nodiscard]] result<void> check_storable(Row const& row) {
    result<void> outcome;
    for_each_column<Row>([&](std::uint32_t, auto member) {
        if (outcome) { outcome = check_storable(member.name, row.*member.pointer); }
    });
    return outcome;
}

/// Writes a row's cells, reusing their memory.
template <row_type Row>
[[nodiscard]] result<void> to_cells(Row const& row, row_cells& cells) {
    cells.resize(column_count<Row>);
    result<void> outcome;
    for_each_column<Row>([&](std::uint32_t index, auto member) {
        if (outcome) { outcome = to_cell(member.name, row.*member.pointer, cells[index]); }
    });
    return outcome;
}

/// Reads a row from cells that fit its columns.
template <row_type Row>
[[nodiscard]] result<Row> from_cells(row_cells const& cells) {
    Row row{};
    result<void> outcome;
    for_each_column<Row>([&](std::uint32_t index, auto member) {
        if (outcome) { outcome = from_cell(member.name, cells[index], row.*member.pointer); }
    });
    if (!outcome) { return outcome.error(); }
    return row;
}

} // namespace detail

/// A secondary index over members, in this order.
template <row_type Row, class... Values>
[[nodiscard]] index_spec index_on(Values Row::*... members) {
    return {{detail::column_of(members)...}};
}

} // namespace swarmlog
