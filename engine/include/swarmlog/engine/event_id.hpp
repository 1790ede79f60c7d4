#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace swarmlog {

/// A 128-bit identifier, UUID version 7 (RFC 9562) when the log made it.
struct SWARMLOG_EXPORT event_id {
    std::array<std::uint8_t, 16> bytes{}; ///< in the order they are written

    friend constexpr auto operator<=>(event_id const&, event_id const&) = default;

    /// The nil id, which no event carries.
    [[nodiscard]] constexpr bool is_nil() const noexcept { return *this == event_id{}; }

    /// Milliseconds since the Unix epoch that a version 7 id carries in its first 48 bits.
    [[nodiscard]] std::uint64_t unix_milliseconds() const noexcept;

    /// The id `count` steps further: the last 62 bits count up as one number and wrap.
    [[nodiscard]] event_id advanced_by(std::uint64_t count) const noexcept;

    /// True when `other` is `count` steps after `*this` for some `count < limit`; then
    /// `count` is set.
    [[nodiscard]] bool reaches(event_id const& other, std::uint64_t limit,
                               std::uint64_t& count) const noexcept;
};

/// A version 7 id from a time and 74 random bits; the top bit of the last 62 is cleared, so
/// that the id can be advanced 2^61 times without a carry into the variant bits.
[[nodiscard]] SWARMLOG_EXPORT event_id make_event_id(timestamp time, std::uint64_t random_a,
                                                     std::uint64_t random_b) noexcept;

/// The usual 36 characters, lower case.
[[nodiscard]] SWARMLOG_EXPORT std::string to_string(event_id const& id);

/// Reads the usual 36 characters, either case. Fails with `invalid_id`, which quotes the text.
[[nodiscard]] SWARMLOG_EXPORT result<event_id> parse_event_id(std::string_view text);

} // namespace swarmlog
