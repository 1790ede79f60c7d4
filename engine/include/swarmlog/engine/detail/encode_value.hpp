#pragma once

#include <swarmlog/engine/detail/json_writer.hpp>
#include <swarmlog/engine/detail/member_kinds.hpp>
#include <swarmlog/engine/position.hpp>

#include <boost/describe/enumerators.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

/// The walk over a described struct that writes it as JSON.
namespace swarmlog::detail {

/// `,"name":`, made at compile time. A name of C++ needs no escape.
template <class Member>
inline constexpr auto key_text = [] {
    constexpr std::string_view name = Member::name;
    std::array<char, name.size() + 4> text{',', '"'};
    std::copy(name.begin(), name.end(), text.begin() + 2);
    text[name.size() + 2] = '"';
    text[name.size() + 3] = ':';
    return text;
}();

template <class T>
[[nodiscard]] bool encode_value(json_writer& writer, T const& value);

template <class T, class Member>
[[nodiscard]] bool encode_member(json_writer& writer, T const& object) {
    auto const& value = object.*Member::pointer;
    if constexpr (optional_like<std::remove_cvref_t<decltype(value)>>) {
        if (!value) { return true; }
    }
    writer.put_raw({key_text<Member>.data(), key_text<Member>.size()});
    return encode_value(writer, value) || writer.failure().inside_member(Member::name);
}

template <class T, template <class...> class List, class... Members>
[[nodiscard]] bool encode_members(json_writer& writer, T const& object, List<Members...>) {
    return (encode_member<T, Members>(writer, object) && ...);
}

template <class T>
[[nodiscard]] bool encode_struct(json_writer& writer, T const& object) {
    static_assert(
        !has_ambiguous_member<T>,
        "swarmlog: two members of this struct and its bases have the same name; rename one");
    std::size_t begin = 0;
    if (!writer.open(begin) || !encode_members(writer, object, members_of<T>{})) { return false; }
    writer.close(begin, '{', '}');
    return true;
}

template <class Key, class Value>
[[nodiscard]] bool encode_entry(json_writer& writer, Key const& key, Value const& value,
                                std::size_t index) {
    // A key is data, so an error says which entry it is.
    return (writer.put_key(key) && encode_value(writer, value)) ||
           writer.failure().inside_element(index);
}

template <class Map>
[[nodiscard]] bool encode_map(json_writer& writer, Map const& map) {
    std::size_t begin = 0;
    if (!writer.open(begin)) { return false; }
    std::size_t index = 0;
    if constexpr (ordered_map_like<Map>) {
        for (auto const& [key, value] : map) {
            if (!encode_entry(writer, key, value, index++)) { return false; }
        }
    } else {
        // An unordered map may walk equal content in any order.
        std::vector<typename Map::value_type const*> entries;
        entries.reserve(map.size());
        for (auto const& entry : map) { entries.push_back(&entry); }
        std::sort(entries.begin(), entries.end(), [](auto const* left, auto const* right) {
            return std::string_view(left->first) < std::string_view(right->first);
        });
        for (auto const* entry : entries) {
            if (!encode_entry(writer, entry->first, entry->second, index++)) { return false; }
        }
    }
    writer.close(begin, '{', '}');
    return true;
}

template <class Sequence>
[[nodiscard]] bool encode_sequence(json_writer& writer, Sequence const& sequence) {
    std::size_t begin = 0;
    if (!writer.open(begin)) { return false; }
    std::size_t index = 0;
    // The element type is spelled out, because vector<bool> hands out proxies.
    for (typename Sequence::value_type const& element : sequence) {
        writer.put_comma();
        if (!encode_value(writer, element)) { return writer.failure().inside_element(index); }
        ++index;
    }
    writer.close(begin, '[', ']');
    return true;
}

template <class Enum, template <class...> class List, class... Enumerators>
[[nodiscard]] bool encode_enum(json_writer& writer, Enum value, List<Enumerators...>) {
    bool const is_named =
        ((value == Enumerators::value && writer.put_string(Enumerators::name)) || ...);
    return is_named || writer.fail_unnamed_enumerator(static_cast<std::int64_t>(value));
}

template <class T>
bool encode_value(json_writer& writer, T const& value) {
    if constexpr (std::same_as<T, bool>) {
        writer.put_bool(value);
        return true;
    } else if constexpr (character<T>) {
        static_assert(always_false<T>,
                      "swarmlog: a character is neither number nor text in JSON; "
                      "use std::string, std::int8_t or std::uint8_t");
    } else if constexpr (std::signed_integral<T>) {
        writer.put_signed(value);
        return true;
    } else if constexpr (std::unsigned_integral<T>) {
        writer.put_unsigned(value);
        return true;
    } else if constexpr (std::same_as<T, float>) {
        return writer.put_float(value);
    } else if constexpr (std::same_as<T, double>) {
        return writer.put_double(value);
    } else if constexpr (std::same_as<T, timestamp>) {
        writer.put_timestamp(value);
        return true;
    } else if constexpr (std::same_as<T, event_id>) {
        writer.put_event_id(value);
        return true;
    } else if constexpr (std::same_as<T, position> || std::same_as<T, version>) {
        writer.put_unsigned(value.value);
        return true;
    } else if constexpr (std::same_as<T, boost::json::value>) {
        return writer.put_document(value);
    } else if constexpr (string_like<T>) {
        return writer.put_string(value);
    } else if constexpr (optional_like<T>) {
        static_assert(!optional_like<typename T::value_type>,
                      "swarmlog: JSON's null cannot tell the levels of a nested optional apart");
        if (value) { return encode_value(writer, *value); }
        writer.put_null();
        return true;
    } else if constexpr (described_enum<T>) {
        return encode_enum(writer, value, boost::describe::describe_enumerators<T>{});
    } else if constexpr (std::is_enum_v<T>) {
        static_assert(always_false<T>,
                      "swarmlog: this enum has no names; describe it with BOOST_DESCRIBE_ENUM");
    } else if constexpr (described_struct<T>) {
        return encode_struct(writer, value);
    } else if constexpr (map_like<T>) {
        return encode_map(writer, value);
    } else if constexpr (fixed_array_like<T> || sequence_like<T>) {
        return encode_sequence(writer, value);
    } else {
        static_assert(always_false<T>,
                      "swarmlog: a member has a type that events cannot hold; the table in "
                      "<swarmlog/engine/event_codec.hpp> lists those they can, and "
                      "BOOST_DESCRIBE_STRUCT adds a struct");
    }
}

} // namespace swarmlog::detail
