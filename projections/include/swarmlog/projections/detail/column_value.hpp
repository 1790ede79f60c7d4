#pragma once

#include <swarmlog/engine/detail/decode_plain.hpp>
#include <swarmlog/engine/detail/decode_value.hpp>
#include <swarmlog/engine/detail/encode_value.hpp>
#include <swarmlog/engine/detail/member_kinds.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event_id.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// How the members of a row become cells: the table that stands in
/// <swarmlog/projections/row_type.hpp>.
namespace swarmlog::detail {

/// A type of its own around one value, such as `position`, or a program's `task_id`.
template <class T>
concept strong_type = std::is_class_v<T> && requires(T const& strong) {
    strong.value;
    requires std::same_as<std::remove_cvref_t<decltype(strong.value)>, std::string> ||
        std::integral<std::remove_cvref_t<decltype(strong.value)>>;
    requires std::constructible_from<T, std::remove_cvref_t<decltype(strong.value)>>;
};

template <class T>
struct optional_value {
    using type = T;
};
template <class T>
struct optional_value<std::optional<T>> {
    using type = T;
};

/// What a member is compared with: itself, or what its optional holds.
template <class T>
using plain_value = typename optional_value<T>::type;

template <class T>
[[nodiscard]] consteval column_kind kind_of() {
    if constexpr (optional_like<T>) {
        return kind_of<typename T::value_type>();
    } else if constexpr (strong_type<T>) {
        return kind_of<std::remove_cvref_t<decltype(std::declval<T const&>().value)>>();
    } else if constexpr (std::same_as<T, bool> || std::same_as<T, timestamp>) {
        return column_kind::integer;
    } else if constexpr (std::integral<T>) {
        static_assert(!character<T>, "swarmlog: a character is no column; use a string");
        return column_kind::integer;
    } else if constexpr (std::floating_point<T>) {
        return column_kind::real;
    } else {
        return column_kind::text;
    }
}

[[nodiscard]] SWARMLOG_EXPORT error column_error(std::string_view column, std::string const& what);
[[nodiscard]] SWARMLOG_EXPORT result<void>
parse_column(std::string_view column, std::string_view json, document_walk walk, void* target);

/// The depth of JSON in a column.
inline constexpr std::uint32_t column_depth_max = 64;

/// What `to_cell` and the table would refuse of a value that comes from events, found out without
/// writing it. JSON is left out: it is costly to write, and mostly holds what was JSON before.
template <class T>
[[nodiscard]] result<void> check_storable(std::string_view column, T const& value) {
    if constexpr (optional_like<T>) {
        return value ? check_storable(column, *value) : result<void>{};
    } else if constexpr (strong_type<T>) {
        return check_storable(column, value.value);
    } else if constexpr (std::same_as<T, bool> || std::same_as<T, timestamp>) {
        return {};
    } else if constexpr (std::integral<T>) {
        if (std::in_range<std::int64_t>(value)) { return {}; }
        return column_error(column, "is beyond the largest integer that a column holds, 2^63 - 1");
    } else if constexpr (std::floating_point<T>) {
        if (!std::isnan(value)) { return {}; }
        return column_error(column, "is not a number");
    } else if constexpr (described_enum<T>) {
        if (boost::describe::enum_to_string(value, nullptr) != nullptr) { return {}; }
        return column_error(column, "holds a value that has no name");
    } else if constexpr (string_like<T>) {
        if (is_row_text(value)) { return {}; }
        return column_error(column, "is not UTF-8, or has a zero byte");
    }
    return {};
}

/// Writes a member into a cell; keeps a text cell's memory.
template <class T>
[[nodiscard]] result<void> to_cell(std::string_view column, T const& from, cell& to) {
    auto const text_in = [](cell& target) -> std::string& {
        auto* const held = std::get_if<std::string>(&target);
        return held != nullptr ? *held : target.emplace<std::string>();
    };
    if constexpr (optional_like<T>) {
        if (!from) {
            to = std::monostate{};
            return {};
        }
        return to_cell(column, *from, to);
    } else if constexpr (strong_type<T>) {
        return to_cell(column, from.value, to);
    } else if constexpr (std::same_as<T, bool>) {
        to = std::int64_t{from ? 1 : 0};
    } else if constexpr (std::same_as<T, timestamp>) {
        to = std::int64_t{from.time_since_epoch().count()};
    } else if constexpr (std::integral<T>) {
        if (auto const fits = check_storable(column, from); !fits) { return fits; }
        to = static_cast<std::int64_t>(from);
    } else if constexpr (std::floating_point<T>) {
        to = static_cast<double>(from);
    } else if constexpr (std::same_as<T, event_id>) {
        text_in(to) = to_string(from);
    } else if constexpr (described_enum<T>) {
        char const* const name = boost::describe::enum_to_string(from, nullptr);
        if (name == nullptr) { return column_error(column, "holds a value that has no name"); }
        text_in(to).assign(name);
    } else if constexpr (string_like<T>) {
        text_in(to).assign(std::string_view{from});
    } else {
        std::string& text = text_in(to);
        text.clear();
        json_writer writer(text, column_depth_max);
        if (!encode_value(writer, from)) { return writer.failure().to_error(column); }
    }
    return {};
}

/// Reads a cell, which has the column's kind, into a member.
template <class T>
[[nodiscard]] result<void> from_cell(std::string_view column, cell const& from, T& to) {
    if constexpr (optional_like<T>) {
        if (from.index() == 0) {
            to.reset();
            return {};
        }
        return from_cell(column, from, to.emplace());
    } else if constexpr (strong_type<T>) {
        std::remove_cvref_t<decltype(to.value)> value{};
        auto const read = from_cell(column, from, value);
        if (read) { to = T{std::move(value)}; }
        return read;
    } else if constexpr (std::same_as<T, bool>) {
        to = *std::get_if<std::int64_t>(&from) != 0;
    } else if constexpr (std::same_as<T, timestamp>) {
        to = timestamp{std::chrono::nanoseconds{*std::get_if<std::int64_t>(&from)}};
    } else if constexpr (std::integral<T>) {
        std::int64_t const number = *std::get_if<std::int64_t>(&from);
        if (!std::in_range<T>(number)) {
            return column_error(column, "holds a number that does not fit its member");
        }
        to = static_cast<T>(number);
    } else if constexpr (std::floating_point<T>) {
        to = static_cast<T>(*std::get_if<double>(&from));
    } else {
        std::string const& text = *std::get_if<std::string>(&from);
        if constexpr (std::same_as<T, event_id>) {
            auto const id = parse_event_id(text);
            if (!id) { return column_error(column, id.error().message()); }
            to = *id;
        } else if constexpr (described_enum<T>) {
            if (!boost::describe::enum_from_string(text.c_str(), to)) {
                return column_error(column, "holds a text that is no enumerator");
            }
        } else if constexpr (string_like<T>) {
            to = text;
        } else {
            if (decode_plain_text(text, to)) { return {}; }
            return parse_column(
                column, text,
                [](boost::json::value const& document, void* target, codec_failure& failure) {
                    return decode_value(document, *static_cast<T*>(target), failure);
                },
                &to);
        }
    }
    return {};
}

} // namespace swarmlog::detail
