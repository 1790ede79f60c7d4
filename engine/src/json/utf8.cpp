#include "json/utf8.hpp"

#include "json/plain_text.hpp"

namespace swarmlog::detail {

namespace {

constexpr bool is_between(unsigned char byte, unsigned low, unsigned high) noexcept {
    return byte >= low && byte <= high;
}

} // namespace

std::size_t utf8_sequence_size(char const* at, char const* end) noexcept {
    auto const left = static_cast<std::size_t>(end - at);
    auto const byte = [at](std::size_t index) { return static_cast<unsigned char>(at[index]); };
    auto const continues = [&](std::size_t index) { return is_between(byte(index), 0x80, 0xBF); };

    unsigned char const lead = byte(0);
    if (lead < 0x80) { return 1; }
    if (is_between(lead, 0xC2, 0xDF)) { return left >= 2 && continues(1) ? 2 : 0; }
    if (is_between(lead, 0xE0, 0xEF)) {
        // The second byte's range shuts out overlong forms (E0) and surrogates (ED).
        unsigned const low = lead == 0xE0 ? 0xA0 : 0x80;
        unsigned const high = lead == 0xED ? 0x9F : 0xBF;
        return left >= 3 && is_between(byte(1), low, high) && continues(2) ? 3 : 0;
    }
    if (is_between(lead, 0xF0, 0xF4)) {
        // The same for overlong forms (F0) and for what lies above U+10FFFF (F4).
        unsigned const low = lead == 0xF0 ? 0x90 : 0x80;
        unsigned const high = lead == 0xF4 ? 0x8F : 0xBF;
        bool const whole =
            left >= 4 && is_between(byte(1), low, high) && continues(2) && continues(3);
        return whole ? 4 : 0;
    }
    return 0;
}

std::size_t find_invalid_utf8(std::string_view text) noexcept {
    char const* const end = text.data() + text.size();
    char const* at = text.data();
    while ((at = skip_plain(at, end)) != end) {
        std::size_t const size = utf8_sequence_size(at, end);
        if (size == 0) { return static_cast<std::size_t>(at - text.data()); }
        at += size;
    }
    return std::string_view::npos;
}

} // namespace swarmlog::detail
