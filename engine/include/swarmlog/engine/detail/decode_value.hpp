#pragma once

#include <swarmlog/engine/detail/json_reader.hpp>
#include <swarmlog/engine/detail/member_kinds.hpp>
#include <swarmlog/engine/position.hpp>

#include <boost/describe/enumerators.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

/// The walk over a described struct that fills it from a parsed JSON document.
namespace swarmlog::detail {

template <class T>
[[nodiscard]] bool decode_value(boost::json::value const& from, T& to, codec_failure& failure);

template <class T, class Member>
[[nodiscard]] bool decode_member(boost::json::value const& from, T& to, codec_failure& failure) {
    auto& member = to.*Member::pointer;
    boost::json::value const* const value = find_member(from, Member::name);
    if (value == nullptr) {
        if constexpr (optional_like<std::remove_cvref_t<decltype(member)>>) {
            member.reset();
            return true;
        } else {
            return fail_missing_member(Member::name, failure);
        }
    }
    return decode_value(*value, member, failure) || failure.inside_member(Member::name);
}

template <class T, template <class...> class List, class... Members>
[[nodiscard]] bool decode_members(boost::json::value const& from, T& to, codec_failure& failure,
                                  List<Members...>) {
    return (decode_member<T, Members>(from, to, failure) && ...);
}

template <class T>
[[nodiscard]] bool decode_struct(boost::json::value const& from, T& to, codec_failure& failure) {
    static_assert(
        !has_ambiguous_member<T>,
        "swarmlog: two members of this struct and its bases have the same name; rename one");
    return expect_object(from, failure) && decode_members(from, to, failure, members_of<T>{});
}

template <class Map>
[[nodiscard]] bool decode_map(boost::json::value const& from, Map& to, codec_failure& failure) {
    if (!expect_object(from, failure)) { return false; }
    to.clear();
    for (std::size_t i = 0; i != child_count(from); ++i) {
        std::string_view const key = key_at(from, i);
        typename Map::mapped_type value{};
        if (!decode_value(child_at(from, i), value, failure)) { return failure.inside_element(i); }
        to.emplace(typename Map::key_type(key), std::move(value));
    }
    return true;
}

template <class Array>
[[nodiscard]] bool decode_fixed_array(boost::json::value const& from, Array& to,
                                      codec_failure& failure) {
    if (!expect_array(from, failure)) { return false; }
    if (child_count(from) != to.size()) {
        return fail_element_count(child_count(from), to.size(), failure);
    }
    for (std::size_t i = 0; i != to.size(); ++i) {
        if (!decode_value(child_at(from, i), to[i], failure)) { return failure.inside_element(i); }
    }
    return true;
}

template <class Sequence>
[[nodiscard]] bool decode_sequence(boost::json::value const& from, Sequence& to,
                                   codec_failure& failure) {
    if (!expect_array(from, failure)) { return false; }
    to.clear();
    for (std::size_t i = 0; i != child_count(from); ++i) {
        typename Sequence::value_type element{};
        if (!decode_value(child_at(from, i), element, failure)) {
            return failure.inside_element(i);
        }
        to.insert(to.end(), std::move(element));
    }
    return true;
}

template <class Enum, template <class...> class List, class... Enumerators>
[[nodiscard]] bool decode_enum(boost::json::value const& from, Enum& to, codec_failure& failure,
                               List<Enumerators...>) {
    std::string_view name;
    if (!read_string(from, name, failure)) { return false; }
    bool const is_known = ((name == Enumerators::name && (to = Enumerators::value, true)) || ...);
    return is_known || fail_unknown_enumerator(name, failure);
}

template <class Integer>
[[nodiscard]] bool decode_integer(boost::json::value const& from, Integer& to,
                                  codec_failure& failure) {
    using limits = std::numeric_limits<Integer>;
    if constexpr (std::signed_integral<Integer>) {
        std::int64_t number = 0;
        if (!read_signed(from, limits::min(), limits::max(), number, failure)) { return false; }
        to = static_cast<Integer>(number);
    } else {
        std::uint64_t number = 0;
        if (!read_unsigned(from, limits::max(), number, failure)) { return false; }
        to = static_cast<Integer>(number);
    }
    return true;
}

template <class T>
bool decode_value(boost::json::value const& from, T& to, codec_failure& failure) {
    if constexpr (std::same_as<T, bool>) {
        return read_bool(from, to, failure);
    } else if constexpr (character<T>) {
        static_assert(always_false<T>,
                      "swarmlog: a character is neither number nor text in JSON; "
                      "use std::string, std::int8_t or std::uint8_t");
    } else if constexpr (std::integral<T>) {
        return decode_integer(from, to, failure);
    } else if constexpr (std::same_as<T, float>) {
        return read_float(from, to, failure);
    } else if constexpr (std::same_as<T, double>) {
        return read_double(from, to, failure);
    } else if constexpr (std::same_as<T, timestamp>) {
        return read_timestamp(from, to, failure);
    } else if constexpr (std::same_as<T, event_id>) {
        return read_event_id(from, to, failure);
    } else if constexpr (std::same_as<T, position> || std::same_as<T, version>) {
        return decode_integer(from, to.value, failure);
    } else if constexpr (std::same_as<T, boost::json::value>) {
        read_document(from, to);
        return true;
    } else if constexpr (string_like<T>) {
        static_assert(
            requires(T & text) { text.assign("", std::size_t{0}); },
            "swarmlog: a view cannot own what is decoded into it; use std::string");
        std::string_view text;
        if (!read_string(from, text, failure)) { return false; }
        to.assign(text.data(), text.size());
        return true;
    } else if constexpr (optional_like<T>) {
        static_assert(!optional_like<typename T::value_type>,
                      "swarmlog: JSON's null cannot tell the levels of a nested optional apart");
        to.reset();
        return is_null(from) || decode_value(from, to.emplace(), failure);
    } else if constexpr (described_enum<T>) {
        return decode_enum(from, to, failure, boost::describe::describe_enumerators<T>{});
    } else if constexpr (std::is_enum_v<T>) {
        static_assert(always_false<T>,
                      "swarmlog: this enum has no names; describe it with BOOST_DESCRIBE_ENUM");
    } else if constexpr (described_struct<T>) {
        return decode_struct(from, to, failure);
    } else if constexpr (map_like<T>) {
        return decode_map(from, to, failure);
    } else if constexpr (fixed_array_like<T>) {
        return decode_fixed_array(from, to, failure);
    } else if constexpr (sequence_like<T>) {
        return decode_sequence(from, to, failure);
    } else {
        static_assert(always_false<T>,
                      "swarmlog: a member has a type that events cannot hold; the table in "
                      "<swarmlog/engine/event_codec.hpp> lists those they can, and "
                      "BOOST_DESCRIBE_STRUCT adds a struct");
    }
}

} // namespace swarmlog::detail
