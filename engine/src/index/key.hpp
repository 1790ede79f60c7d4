#pragma once

#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace swarmlog::detail {

/// What an index key names. The numbers are stored: never reuse one.
enum class key_kind : std::uint8_t {
    stream = 0,
    type = 1,
    tag = 2,
    event_id = 3,        ///< only ids that a caller brought; sixteen raw bytes
    idempotency_key = 4, ///< posted at the first position of its append
};

inline constexpr std::uint8_t key_kind_count = 5;

/// XXH3 of the name, seeded by the kind. Stored in index runs: never change it.
[[nodiscard]] inline std::uint64_t hash_key(key_kind kind, std::string_view name) noexcept {
    return XXH3_64bits_withSeed(name.data(), name.size(), static_cast<XXH64_hash_t>(kind));
}

/// A key of the index with its hash, so that a name is hashed once, on the producer's thread.
/// Two keys are the same when kind and name are; the hash only finds them quickly.
struct key_ref {
    key_kind kind = key_kind::stream;
    std::string_view name;
    std::uint64_t hash = 0;

    [[nodiscard]] static key_ref of(key_kind kind, std::string_view name) noexcept {
        return {kind, name, hash_key(kind, name)};
    }
    friend bool operator==(key_ref const& left, key_ref const& right) noexcept {
        return left.hash == right.hash && left.kind == right.kind && left.name == right.name;
    }
};

} // namespace swarmlog::detail
