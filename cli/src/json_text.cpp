#include "json_text.hpp"

namespace swarmlog::cli {

void append_json_string(std::string& line, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    line += '"';
    for (char const byte : text) {
        auto const code = static_cast<unsigned char>(byte);
        switch (byte) {
        case '"': line += "\\\""; break;
        case '\\': line += "\\\\"; break;
        case '\n': line += "\\n"; break;
        case '\r': line += "\\r"; break;
        case '\t': line += "\\t"; break;
        default:
            if (code < 0x20) {
                line.append("\\u00").append(1, hex[code >> 4U]).append(1, hex[code & 0xfU]);
            } else {
                line += byte;
            }
        }
    }
    line += '"';
}

void append_json_member(std::string& line, std::string_view name, std::string_view text) {
    if (!line.ends_with('{')) line += ',';
    append_json_string(line, name);
    line += ':';
    append_json_string(line, text);
}

} // namespace swarmlog::cli
