#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace swarmlog {

/// An event's place in the whole log: from 1, without gaps. 0 means "before the first event".
struct position {
    std::uint64_t value = 0;

    /// The largest position that a log can hold: SQLite's row ids are signed.
    static constexpr std::uint64_t max_value =
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

    constexpr position() = default;
    constexpr explicit position(std::uint64_t number) noexcept : value(number) {}

    [[nodiscard]] static constexpr position max() noexcept { return position{max_value}; }

    friend constexpr auto operator<=>(position, position) = default;
    [[nodiscard]] constexpr position next() const noexcept { return position{value + 1}; }
    [[nodiscard]] constexpr position previous() const noexcept { return position{value - 1}; }
};

/// An event's place in its stream: from 1, without gaps. 0 means "the stream has no event".
struct version {
    std::uint64_t value = 0;

    constexpr version() = default;
    constexpr explicit version(std::uint64_t number) noexcept : value(number) {}

    friend constexpr auto operator<=>(version, version) = default;
    [[nodiscard]] constexpr version next() const noexcept { return version{value + 1}; }
};

} // namespace swarmlog
