#pragma once

#include <swarmlog/engine/rows.hpp>
#include <swarmlog/projections/detail/column_value.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace swarmlog::detail {

/// What names a row, borrowed: an integer or a text.
struct row_key_view {
    bool is_text = false;
    std::int64_t number = 0;
    std::string_view text;

    [[nodiscard]] cell to_cell() const { return is_text ? cell{std::string{text}} : cell{number}; }
    friend bool operator==(row_key_view const&, row_key_view const&) = default;
    friend auto operator<=>(row_key_view const&, row_key_view const&) = default;
};

/// The same, kept.
struct row_key {
    bool is_text = false;
    std::int64_t number = 0;
    std::string text;

    explicit row_key(row_key_view const& from)
        : is_text(from.is_text), number(from.number), text(from.text) {}
    [[nodiscard]] row_key_view view() const noexcept { return {is_text, number, text}; }
};

struct row_key_hash {
    using is_transparent = void;
    std::size_t operator()(row_key_view const& key) const noexcept {
        // An integer key is often counted up: spread it (Fibonacci hashing, Knuth).
        constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;
        return key.is_text
                   ? std::hash<std::string_view>{}(key.text)
                   : static_cast<std::size_t>(static_cast<std::uint64_t>(key.number) * golden);
    }
    std::size_t operator()(row_key const& key) const noexcept { return (*this)(key.view()); }
};

struct row_key_equal {
    using is_transparent = void;
    static row_key_view view_of(row_key const& key) noexcept { return key.view(); }
    static row_key_view view_of(row_key_view const& key) noexcept { return key; }
    template <class Left, class Right>
    bool operator()(Left const& left, Right const& right) const noexcept {
        return view_of(left) == view_of(right);
    }
};

/// A key as callers give it, and as a row's key member holds it.
template <class Key>
[[nodiscard]] row_key_view key_of_argument(Key const& key) {
    if constexpr (strong_type<Key>) {
        return key_of_argument(key.value);
    } else if constexpr (std::integral<Key>) {
        return {false, static_cast<std::int64_t>(key), {}};
    } else {
        static_assert(string_like<Key> || std::convertible_to<Key const&, std::string_view>,
                      "swarmlog: a row's key is an integer, a text, or a strong type around one");
        return {true, 0, std::string_view{key}};
    }
}

} // namespace swarmlog::detail
