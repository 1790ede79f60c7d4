#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// LEB128 variable-length integers, seven bits a byte, low bits first; signed numbers zigzag.
namespace swarmlog::detail {

inline constexpr std::size_t varint_bytes_max = 10;

/// Writes `value` at `out`, which has room for `varint_bytes_max`; returns the end.
[[nodiscard]] inline char* put_varint(char* out, std::uint64_t value) noexcept {
    while (value >= 0x80) {
        *out++ = static_cast<char>((value & 0x7f) | 0x80);
        value >>= 7;
    }
    *out++ = static_cast<char>(value);
    return out;
}

inline void append_varint(std::string& out, std::uint64_t value) {
    char bytes[varint_bytes_max];
    out.append(bytes, static_cast<std::size_t>(put_varint(bytes, value) - bytes));
}

[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/// Reads from untrusted bytes. Once a read went past the end, `failed()` stays true and every
/// further read answers zero or empty, so a caller checks once after a group of reads.
class byte_reader {
public:
    byte_reader() = default;
    explicit byte_reader(std::string_view bytes) noexcept
        : cursor_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    [[nodiscard]] std::uint64_t varint() noexcept {
        if (cursor_ != end_ && (static_cast<unsigned char>(*cursor_) & 0x80) == 0) {
            return static_cast<unsigned char>(*cursor_++);
        }
        return long_varint();
    }

    [[nodiscard]] std::string_view bytes(std::uint64_t count) noexcept {
        if (count > static_cast<std::uint64_t>(end_ - cursor_)) {
            fail();
            return {};
        }
        std::string_view const taken{cursor_, static_cast<std::size_t>(count)};
        cursor_ += count;
        return taken;
    }

    [[nodiscard]] std::string_view sized_bytes() noexcept { return bytes(varint()); }

    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] bool at_end() const noexcept { return cursor_ == end_; }
    [[nodiscard]] std::string_view rest() const noexcept {
        return {cursor_, static_cast<std::size_t>(end_ - cursor_)};
    }

private:
    std::uint64_t long_varint() noexcept {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && cursor_ != end_; shift += 7) {
            auto const byte = static_cast<unsigned char>(*cursor_++);
            if (shift == 63 && byte > 1) { break; }
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0) { return value; }
        }
        fail();
        return 0;
    }

    void fail() noexcept {
        failed_ = true;
        cursor_ = end_;
    }

    char const* cursor_ = nullptr;
    char const* end_ = nullptr;
    bool failed_ = false;
};

} // namespace swarmlog::detail
