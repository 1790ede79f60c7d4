#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace swarmlog {

/// An event's place in the whole log: from 1, without gaps. 0 means "before the first event".
struct position {
    std::uint64_t value = 0; ///< the number itself

    /// The largest position that a log can hold: SQLite's row ids are signed.
    static constexpr std::uint64_t max_value =
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

    constexpr position() = default;
    /// From a number; explicit, so that it is never taken for a version.
    constexpr explicit position(std::uint64_t number) noexcept : value(number) {}

    /// The position of `max_value`.
    [[nodiscard]] static constexpr position max() noexcept { return position{max_value}; }

    friend constexpr auto operator<=>(position, position) = default;
    /// The one after it.
    [[nodiscard]] constexpr position next() const noexcept { return position{value + 1}; }
    /// The one before it; not of 0.
    [[nodiscard]] constexpr position previous() const noexcept { return position{value - 1}; }
};

/// An event's place in its stream: from 1, without gaps. 0 means "the stream has no event".
struct version {
    std::uint64_t value = 0; ///< the number itself

    constexpr version() = default;
    /// From a number; explicit, so that it is never taken for a position.
    constexpr explicit version(std::uint64_t number) noexcept : value(number) {}

    friend constexpr auto operator<=>(version, version) = default;
    /// The one after it.
    [[nodiscard]] constexpr version next() const noexcept { return version{value + 1}; }
};

} // namespace swarmlog
