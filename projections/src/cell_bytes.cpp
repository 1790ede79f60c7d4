#include "cell_bytes.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace swarmlog::detail {

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 8> bytes;
    for (unsigned at = 0; at != bytes.size(); ++at) {
        bytes[at] = static_cast<char>(number >> at * 8 & 0xff);
    }
    out.append(bytes.data(), bytes.size());
}

void append_cell(std::string& out, cell const& value) {
    out += static_cast<char>(value.index());
    if (auto const* const integer = std::get_if<std::int64_t>(&value)) {
        append_number(out, static_cast<std::uint64_t>(*integer));
    } else if (auto const* const real = std::get_if<double>(&value)) {
        append_number(out, std::bit_cast<std::uint64_t>(*real));
    } else if (auto const* const text = std::get_if<std::string>(&value)) {
        append_number(out, text->size());
        out += *text;
    }
}

bool take_number(std::string_view& bytes, std::uint64_t& number) noexcept {
    if (bytes.size() < 8) { return false; }
    number = 0;
    for (unsigned at = 8; at-- != 0;) {
        number = number << 8 | static_cast<unsigned char>(bytes[at]);
    }
    bytes.remove_prefix(8);
    return true;
}

bool take_text(std::string_view& bytes, std::string_view& text) noexcept {
    std::uint64_t size = 0;
    if (!take_number(bytes, size) || size > bytes.size()) { return false; }
    text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return true;
}

bool take_cell(std::string_view& bytes, cell& value) {
    if (bytes.empty()) { return false; }
    char const kind = bytes.front();
    bytes.remove_prefix(1);
    std::uint64_t number = 0;
    std::string_view text;
    switch (kind) {
    case 0: value = std::monostate{}; return true;
    case 1:
        if (!take_number(bytes, number)) { return false; }
        value = static_cast<std::int64_t>(number);
        return true;
    case 2:
        if (!take_number(bytes, number)) { return false; }
        value = std::bit_cast<double>(number);
        return true;
    case 3:
        if (!take_text(bytes, text)) { return false; }
        value = std::string{text};
        return true;
    default: return false;
    }
}

} // namespace swarmlog::detail
