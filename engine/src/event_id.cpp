#include <swarmlog/engine/event_id.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace swarmlog {

namespace {

// The layout of version 7: 48 bits of milliseconds, 4 of version, 12 random; then 2 of
// variant and 62 random. Both halves are big-endian.
constexpr std::uint64_t counter_mask = (std::uint64_t{1} << 62) - 1;
constexpr std::uint64_t milliseconds_mask = (std::uint64_t{1} << 48) - 1;

std::uint64_t read_half(event_id const& id, std::size_t first) noexcept {
    std::uint64_t half = 0;
    for (std::size_t i = 0; i != 8; ++i) { half = half << 8 | id.bytes[first + i]; }
    return half;
}

void write_half(event_id& id, std::size_t first, std::uint64_t half) noexcept {
    for (std::size_t i = 8; i != 0; --i) {
        id.bytes[first + i - 1] = static_cast<std::uint8_t>(half & 0xFF);
        half >>= 8;
    }
}

constexpr bool has_dash_before(std::size_t byte_index) noexcept {
    return byte_index == 4 || byte_index == 6 || byte_index == 8 || byte_index == 10;
}

/// The value of a hexadecimal digit; 16 for any other character.
constexpr unsigned hex_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') { return static_cast<unsigned>(digit - '0'); }
    if (digit >= 'a' && digit <= 'f') { return static_cast<unsigned>(digit - 'a') + 10; }
    if (digit >= 'A' && digit <= 'F') { return static_cast<unsigned>(digit - 'A') + 10; }
    return 16;
}

} // namespace

std::uint64_t event_id::unix_milliseconds() const noexcept { return read_half(*this, 0) >> 16; }

event_id event_id::advanced_by(std::uint64_t count) const noexcept {
    std::uint64_t const half = read_half(*this, 8);
    event_id advanced = *this;
    write_half(advanced, 8, (half & ~counter_mask) | ((half + count) & counter_mask));
    return advanced;
}

bool event_id::reaches(event_id const& other, std::uint64_t limit,
                       std::uint64_t& count) const noexcept {
    std::uint64_t const from = read_half(*this, 8);
    std::uint64_t const to = read_half(other, 8);
    bool const is_same_sequence =
        std::equal(bytes.begin(), bytes.begin() + 8, other.bytes.begin()) &&
        (from & ~counter_mask) == (to & ~counter_mask);
    std::uint64_t const steps = (to - from) & counter_mask;
    if (!is_same_sequence || steps >= limit) { return false; }
    count = steps;
    return true;
}

event_id make_event_id(timestamp time, std::uint64_t random_a, std::uint64_t random_b) noexcept {
    // The format has no sign; a clock before 1970 counts as 1970.
    auto const since_epoch = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
    auto const milliseconds =
        static_cast<std::uint64_t>(std::max<std::int64_t>(since_epoch.count(), 0));

    constexpr std::uint64_t version_7 = 0x7000;
    constexpr std::uint64_t variant_rfc = std::uint64_t{1} << 63;
    event_id id;
    write_half(id, 0, (milliseconds & milliseconds_mask) << 16 | version_7 | (random_a & 0xFFF));
    write_half(id, 8, variant_rfc | (random_b & (counter_mask >> 1)));
    return id;
}

std::string to_string(event_id const& id) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(36, '-');
    std::size_t at = 0;
    for (std::size_t i = 0; i != id.bytes.size(); ++i) {
        if (has_dash_before(i)) { ++at; }
        text[at++] = digits[id.bytes[i] >> 4];
        text[at++] = digits[id.bytes[i] & 0xF];
    }
    return text;
}

result<event_id> parse_event_id(std::string_view text) {
    auto const malformed = [text] {
        return error(errc::invalid_id, "A text of " + std::to_string(text.size()) +
                                           " bytes is not a UUID of 36 characters.");
    };
    if (text.size() != 36) { return malformed(); }
    event_id id;
    std::size_t at = 0;
    for (std::size_t i = 0; i != id.bytes.size(); ++i) {
        if (has_dash_before(i) && text[at++] != '-') { return malformed(); }
        unsigned const high = hex_value(text[at++]);
        unsigned const low = hex_value(text[at++]);
        if (high > 15 || low > 15) { return malformed(); }
        id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return id;
}

} // namespace swarmlog
