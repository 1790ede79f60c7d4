#include <swarmlog/engine/detail/printable_text.hpp>

#include "json/utf8.hpp"

#include <algorithm>
#include <array>

namespace swarmlog::detail {

namespace {

bool is_plain(char byte) noexcept {
    auto const code = static_cast<unsigned char>(byte);
    return code >= 0x20 && code < 0x7F;
}

/// Controls of two and three bytes, in the order of their bytes: the first and the last of each
/// range.
struct control_range {
    std::string_view first;
    std::string_view last;
};
constexpr std::array control_ranges{
    control_range{"\xc2\x80", "\xc2\x9f"},         // C1
    control_range{"\xd8\x9c", "\xd8\x9c"},         // Arabic letter mark
    control_range{"\xe2\x80\x8e", "\xe2\x80\x8f"}, // marks of direction
    control_range{"\xe2\x80\xa8", "\xe2\x80\xae"}, // separators of lines; embeddings, overrides
    control_range{"\xe2\x81\xa6", "\xe2\x81\xa9"}, // isolates
};

void append_escaped(std::string& out, std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (char const byte : bytes) {
        auto const code = static_cast<unsigned char>(byte);
        out += "\\x";
        out += digits[code >> 4];
        out += digits[code & 0xF];
    }
}

} // namespace

std::size_t unprintable_size(std::string_view text) noexcept {
    if (text.empty() || is_plain(text.front())) { return 0; }
    std::size_t const size = utf8_sequence_size(text.data(), text.data() + text.size());
    if (size <= 1) { return 1; } // a control character, or no UTF-8
    std::string_view const sequence = text.substr(0, size);
    bool const is_control =
        std::any_of(control_ranges.begin(), control_ranges.end(), [&](control_range const& each) {
            return each.first.size() == size && sequence >= each.first && sequence <= each.last;
        });
    return is_control ? size : 0;
}

std::size_t printable_size(std::string_view text) noexcept {
    if (text.empty() || unprintable_size(text) != 0) { return 0; }
    return utf8_sequence_size(text.data(), text.data() + text.size());
}

std::string printable(std::string text) {
    if (std::all_of(text.begin(), text.end(), is_plain)) { return text; }
    std::string out;
    for (std::string_view rest = text; !rest.empty();) {
        std::size_t const shown = printable_size(rest);
        std::size_t const escaped = shown != 0 ? 0 : unprintable_size(rest);
        out += rest.substr(0, shown);
        append_escaped(out, rest.substr(0, escaped));
        rest.remove_prefix(shown + escaped);
    }
    return out;
}

std::string quoted(std::string_view text) {
    constexpr std::size_t quoted_bytes_max = 64;

    std::string out = "\"";
    for (char const byte : text.substr(0, quoted_bytes_max)) {
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += byte;
        } else if (is_plain(byte)) {
            out += byte;
        } else {
            append_escaped(out, {&byte, 1});
        }
    }
    out += text.size() > quoted_bytes_max ? "\"..." : "\"";
    return out;
}

} // namespace swarmlog::detail
