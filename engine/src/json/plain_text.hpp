#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

/// The byte scan that both writing and checking JSON strings spend their time in.
namespace swarmlog::detail {

/// True for the bytes that stand for themselves inside a JSON string and need no look at their
/// neighbours: printable ASCII without the quote and the backslash.
[[nodiscard]] constexpr bool is_plain(char byte) noexcept {
    auto const code = static_cast<unsigned char>(byte);
    return code >= 0x20 && code < 0x80 && code != '"' && code != '\\';
}

/// Marks, by its top bit, each byte of eight that is not plain. A byte above a marked one may
/// be marked wrongly (the subtractions borrow), so only the lowest mark counts.
[[nodiscard]] constexpr std::uint64_t marks_of_special_bytes(std::uint64_t eight_bytes) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t top_bits = ones * 0x80;
    std::uint64_t const quotes = eight_bytes ^ (ones * '"');
    std::uint64_t const backslashes = eight_bytes ^ (ones * '\\');
    std::uint64_t const is_quote = (quotes - ones) & ~quotes;
    std::uint64_t const is_backslash = (backslashes - ones) & ~backslashes;
    std::uint64_t const is_control = (eight_bytes - ones * 0x20) & ~eight_bytes;
    return (is_quote | is_backslash | is_control | eight_bytes) & top_bits;
}

/// The first byte in [at, end) that is not plain, or `end`.
[[nodiscard]] inline char const* skip_plain(char const* at, char const* end) noexcept {
    if constexpr (std::endian::native == std::endian::little) {
        while (end - at >= 8) {
            std::uint64_t eight_bytes;
            std::memcpy(&eight_bytes, at, sizeof eight_bytes);
            if (std::uint64_t const marks = marks_of_special_bytes(eight_bytes)) {
                return at + std::countr_zero(marks) / 8;
            }
            at += 8;
        }
    }
    while (at != end && is_plain(*at)) { ++at; }
    return at;
}

} // namespace swarmlog::detail
