#include "quoted.hpp"

#include <cstddef>

namespace swarmlog::detail {

std::string quoted(std::string_view text) {
    constexpr std::size_t quoted_bytes_max = 64;
    constexpr std::string_view digits = "0123456789abcdef";

    std::string out = "\"";
    for (char const byte : text.substr(0, quoted_bytes_max)) {
        auto const code = static_cast<unsigned char>(byte);
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += byte;
        } else if (code >= 0x20 && code < 0x7F) {
            out += byte;
        } else {
            out += "\\x";
            out += digits[code >> 4];
            out += digits[code & 0xF];
        }
    }
    out += text.size() > quoted_bytes_max ? "\"..." : "\"";
    return out;
}

} // namespace swarmlog::detail
