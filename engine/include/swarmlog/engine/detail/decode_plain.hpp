#pragma once

#include <swarmlog/engine/detail/member_kinds.hpp>
#include <swarmlog/engine/detail/plain_reader.hpp>
#include <swarmlog/engine/position.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/list.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

/// The walk over a described struct that fills it from plain JSON text, several times as quick as
/// by a document (decode_value.hpp) and to the same result. False means "not plain", and leaves
/// the struct half filled.
namespace swarmlog::detail {

template <class T>
[[nodiscard]] bool decode_plain(plain_reader& from, T& to);

/// Fills the member of that name; `seen` has a bit for each member that came already.
template <class T, class Member>
[[nodiscard]] bool decode_plain_member(plain_reader& from, T& to, std::uint64_t& seen,
                                       std::uint64_t bit) {
    if ((seen & bit) != 0) { return false; } // by a document the last of a name counts
    seen |= bit;
    return decode_plain(from, to.*Member::pointer);
}

template <class T, class Member>
[[nodiscard]] bool may_lack_member(T& to) {
    auto& member = to.*Member::pointer;
    if constexpr (optional_like<std::remove_cvref_t<decltype(member)>>) {
        member.reset();
        return true;
    } else {
        return false;
    }
}

template <class T, template <class...> class List, class... Members>
[[nodiscard]] bool decode_plain_members(plain_reader& from, T& to, List<Members...>) {
    static_assert(sizeof...(Members) <= 64);
    std::uint64_t seen = 0;
    bool const is_read = from.items('{', [&] {
        std::string_view name;
        if (!from.name(name)) { return false; }
        bool is_member_read = false;
        std::uint64_t bit = 1;
        bool const is_known =
            ((name == std::string_view{Members::name}
                  ? (is_member_read = decode_plain_member<T, Members>(from, to, seen, bit), true)
                  : (bit <<= 1, false)) ||
             ...);
        return is_known ? is_member_read : from.skip();
    });
    std::uint64_t bit = 1;
    return is_read &&
           (((seen & std::exchange(bit, bit << 1)) != 0 || may_lack_member<T, Members>(to)) && ...);
}

template <class T>
[[nodiscard]] bool decode_plain_struct(plain_reader& from, T& to) {
    if constexpr (boost::mp11::mp_size<members_of<T>>::value > 64) {
        return false;
    } else {
        return decode_plain_members(from, to, members_of<T>{});
    }
}

template <class Map>
[[nodiscard]] bool decode_plain_map(plain_reader& from, Map& to) {
    to.clear();
    return from.items('{', [&] {
        std::string_view name;
        typename Map::mapped_type value{};
        if (!from.name(name) || !decode_plain(from, value)) { return false; }
        std::size_t const count = to.size();
        to.emplace(typename Map::key_type(name), std::move(value));
        return to.size() != count; // by a document the last of a name counts
    });
}

template <class Array>
[[nodiscard]] bool decode_plain_fixed_array(plain_reader& from, Array& to) {
    std::size_t at = 0;
    return from.items('[', [&] { return at != to.size() && decode_plain(from, to[at++]); }) &&
           at == to.size();
}

template <class Sequence>
[[nodiscard]] bool decode_plain_sequence(plain_reader& from, Sequence& to) {
    to.clear();
    return from.items('[', [&] {
        typename Sequence::value_type element{};
        if (!decode_plain(from, element)) { return false; }
        to.insert(to.end(), std::move(element));
        return true;
    });
}

template <class Enum, template <class...> class List, class... Enumerators>
[[nodiscard]] bool decode_plain_enum(plain_reader& from, Enum& to, List<Enumerators...>) {
    std::string_view name;
    if (!from.text(name)) { return false; }
    return ((name == Enumerators::name && (to = Enumerators::value, true)) || ...);
}

template <class Integer>
[[nodiscard]] bool decode_plain_integer(plain_reader& from, Integer& to) {
    std::int64_t number = 0;
    if (!from.integer(number) || !std::in_range<Integer>(number)) { return false; }
    to = static_cast<Integer>(number);
    return true;
}

template <class T>
bool decode_plain(plain_reader& from, T& to) {
    if constexpr (std::same_as<T, bool>) {
        return from.boolean(to);
    } else if constexpr (std::integral<T> && !character<T>) {
        return decode_plain_integer(from, to);
    } else if constexpr (std::same_as<T, double>) {
        return from.number(to);
    } else if constexpr (std::same_as<T, timestamp>) {
        return from.time(to);
    } else if constexpr (std::same_as<T, event_id>) {
        return from.id(to);
    } else if constexpr (std::same_as<T, position> || std::same_as<T, version>) {
        return decode_plain_integer(from, to.value);
    } else if constexpr (std::same_as<T, boost::json::value>) {
        return from.document(to);
    } else if constexpr (string_like<T>) {
        std::string_view text;
        if (!from.text(text)) { return false; }
        if constexpr (requires { to.assign(text.data(), text.size()); }) {
            to.assign(text.data(), text.size());
            return true;
        } else {
            return false; // what is wrong with the type is said by the way by a document
        }
    } else if constexpr (optional_like<T>) {
        to.reset();
        return from.null() || decode_plain(from, to.emplace());
    } else if constexpr (described_enum<T>) {
        return decode_plain_enum(from, to, boost::describe::describe_enumerators<T>{});
    } else if constexpr (described_struct<T>) {
        return decode_plain_struct(from, to);
    } else if constexpr (map_like<T>) {
        return decode_plain_map(from, to);
    } else if constexpr (fixed_array_like<T>) {
        return decode_plain_fixed_array(from, to);
    } else if constexpr (sequence_like<T>) {
        return decode_plain_sequence(from, to);
    } else {
        return false;
    }
}

/// A whole text: an event's data, or a column of JSON.
template <class T>
[[nodiscard]] bool decode_plain_text(std::string_view json, T& to) {
    plain_reader from{json};
    return decode_plain(from, to) && from.at_end();
}

} // namespace swarmlog::detail
