#pragma once

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

/// What kind of JSON a C++ type becomes: as concepts, the table that stands in
/// <swarmlog/engine/event_codec.hpp>.
namespace swarmlog::detail {

template <class T>
concept described_struct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <class T>
concept character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class T>
concept string_like =
    std::convertible_to<T const&, std::string_view> && !std::is_pointer_v<T> && !std::is_array_v<T>;

template <class T>
concept optional_like = std::same_as<T, std::optional<typename T::value_type>>;

/// A multimap has no `at`, and would give an object duplicate keys.
template <class T>
concept map_like = string_like<typename T::key_type> &&
    requires(T const& map, typename T::key_type const& key) {
    typename T::mapped_type;
    map.at(key);
};

template <class T>
concept ordered_map_like = map_like<T> && requires {
    typename T::key_compare;
};

template <class T>
concept fixed_array_like =
    std::same_as<T, std::array<typename T::value_type, std::tuple_size<T>::value>>;

template <class T>
concept sequence_like = requires(T const& sequence) {
    typename T::value_type;
    sequence.begin() != sequence.end();
};

template <class T>
concept described_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <class>
inline constexpr bool always_false = false;

// Members with any access: describing a class is its author's consent.
inline constexpr unsigned member_filter =
    boost::describe::mod_any_access | boost::describe::mod_inherited;

template <class T>
using members_of = boost::describe::describe_members<T, member_filter>;

template <template <class...> class List, class... Members>
[[nodiscard]] consteval bool has_name_twice(List<Members...>) {
    std::array<std::string_view, sizeof...(Members)> names{Members::name...};
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
}

/// True when JSON would get two members of one name: a member hides one of a base class, or two
/// bases have the same one.
template <class T>
inline constexpr bool has_ambiguous_member = has_name_twice(
    boost::describe::describe_members<T, member_filter | boost::describe::mod_hidden>{});

} // namespace swarmlog::detail
