#include "record/record_frame.hpp"

#include "record/record_format.hpp"

#include <lz4.h>
#include <openssl/sha.h>
#include <xxhash.h>

#include <limits>

namespace swarmlog::detail {

void frame_content(std::string_view content, record_codec codec, std::string& body) {
    body.clear();
    std::size_t const prefix_max = 1 + varint_bytes_max + sizeof(std::uint64_t);
    if (codec == record_codec::lz4 && content.size() <= LZ4_MAX_INPUT_SIZE) {
        int const size = static_cast<int>(content.size());
        body.resize(prefix_max + static_cast<std::size_t>(LZ4_compressBound(size)));
        int const packed = LZ4_compress_default(content.data(), body.data() + prefix_max, size,
                                                LZ4_compressBound(size));
        if (packed > 0 && static_cast<std::size_t>(packed) < content.size()) {
            body.resize(prefix_max + static_cast<std::size_t>(packed));
        } else {
            codec = record_codec::none;
        }
    }
    if (codec == record_codec::none) {
        body.resize(prefix_max);
        body += content;
    }
    // The prefix is written once the payload is there, right before it.
    std::string_view const payload = std::string_view{body}.substr(prefix_max);
    std::string prefix;
    prefix += static_cast<char>(codec);
    append_varint(prefix, content.size());
    append_fixed(prefix, static_cast<std::uint64_t>(XXH3_64bits(payload.data(), payload.size())));
    body.replace(0, prefix_max, prefix);
}

result<std::string> unframe_content(std::string_view body) {
    byte_reader reader{body};
    auto const codec_byte = reader.bytes(1);
    std::uint64_t const content_size = reader.varint();
    auto const checksum = read_fixed<std::uint64_t>(reader.bytes(sizeof(std::uint64_t)));
    std::string_view const payload = reader.rest();
    if (reader.failed()) { return error{errc::corrupt, "a record's frame is cut short"}; }
    if (XXH3_64bits(payload.data(), payload.size()) != checksum) {
        return error{errc::corrupt, "a record's checksum does not fit its bytes"};
    }
    switch (static_cast<record_codec>(static_cast<std::uint8_t>(codec_byte[0]))) {
    case record_codec::none:
        if (payload.size() != content_size) { break; }
        return std::string{payload};
    case record_codec::lz4: {
        // An LZ4 byte stands for at most 255, so a larger size is a lie, not a need for memory.
        if (content_size > content_bytes_max || content_size / 255 > payload.size()) { break; }
        std::string content(static_cast<std::size_t>(content_size), '\0');
        int const size =
            LZ4_decompress_safe(payload.data(), content.data(), static_cast<int>(payload.size()),
                                static_cast<int>(content.size()));
        if (size < 0 || static_cast<std::uint64_t>(size) != content_size) { break; }
        return content;
    }
    default: return error{errc::corrupt, "a record has an unknown codec"};
    }
    return error{errc::corrupt, "a record's payload does not have the size its frame says"};
}

record_hash hash_content(std::string_view content) noexcept {
    record_hash hash{};
    SHA256(reinterpret_cast<unsigned char const*>(content.data()), content.size(), hash.data());
    return hash;
}

} // namespace swarmlog::detail
