#pragma once

#include "record/varint.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/event_id.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// The commit record: its content, which the hash chain covers, and the frame it is stored in.
///
///     content  = format:u8 store:16 previous:32 first:u64 recorded_at:i64 events:u32
///                streams strings ids keys event*
///     streams  = count:varint (name:text base:varint)*     base: version before this record
///     strings  = count:varint (name:text)*                 types and tags
///     ids      = count:varint (id:16 run:varint)*          `run` events count up from `id`
///     keys     = count:varint (key:text first:varint events:varint hash:32)*
///     event    = size:varint                               bytes that follow
///                stream:varint version:varint              version: after `base`, from 1
///                type:varint flags:u8 recorded:varint      recorded: ns after `recorded_at`
///                [schema:varint] [occurred:zigzag]         occurred: ns after `recorded_at`
///                [tags: count:varint (string:varint)*]
///                [correlation:text] [causation:text] [metadata:text] data:text
///     text     = size:varint byte*
///
///     body     = codec:u8 content_size:varint checksum:u64 payload
///
/// Fixed-width numbers are little-endian. `previous` is the SHA-256 of the content before this
/// one, so the chain does not depend on how records are compressed. The checksum is XXH3-64 of
/// the payload as stored: reads check it, because SHA-256 of every page read would cost more than
/// unpacking it (docs/decisions/0002-record-size-and-checksums.md).
namespace swarmlog::detail {

inline constexpr std::uint8_t record_format_1 = 1;

/// Which optional parts an event has.
enum event_flag : std::uint8_t {
    has_schema = 1,
    has_occurred = 2,
    has_tags = 4,
    has_correlation = 8,
    has_causation = 16,
    has_metadata = 32,
};

inline constexpr std::size_t record_header_bytes = 1 + 16 + 32 + 8 + 8 + 4;

/// The fixed first part of a content.
struct record_header {
    store_id store{};
    record_hash previous{};
    position first;
    timestamp recorded_at;
    std::uint32_t event_count = 0;
};

/// One idempotency key that a record carries, with the append it stands for.
struct record_key {
    std::string_view key;
    std::uint32_t first_ordinal = 0;
    std::uint32_t event_count = 0;
    std::array<std::uint8_t, 32> content_hash{};
};

template <class Integer>
void append_fixed(std::string& out, Integer value) {
    static_assert(std::endian::native == std::endian::little);
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
}

template <class Integer>
[[nodiscard]] Integer read_fixed(std::string_view bytes) noexcept {
    Integer value{};
    if (bytes.size() == sizeof value) { std::memcpy(&value, bytes.data(), sizeof value); }
    return value;
}

inline void append_text(std::string& out, std::string_view text) {
    append_varint(out, text.size());
    out += text;
}

template <std::size_t Size>
void append_array(std::string& out, std::array<std::uint8_t, Size> const& bytes) {
    out.append(reinterpret_cast<char const*>(bytes.data()), Size);
}

template <std::size_t Size>
[[nodiscard]] std::array<std::uint8_t, Size> read_array(std::string_view bytes) noexcept {
    std::array<std::uint8_t, Size> out{};
    if (bytes.size() == Size) { std::memcpy(out.data(), bytes.data(), Size); }
    return out;
}

} // namespace swarmlog::detail
