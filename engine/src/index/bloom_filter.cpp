#include "index/bloom_filter.hpp"

#include <algorithm>

namespace swarmlog::detail {

namespace {

/// The multipliers of the Parquet specification; the top five bits of each product pick the
/// bit of a word.
constexpr std::array<std::uint32_t, 8> multipliers{0x47b6137bU, 0x44974d91U, 0x8824ad5bU,
                                                   0xa2b7289dU, 0x705495c7U, 0x2df1424bU,
                                                   0x9efc4947U, 0x5c6bfb31U};

std::uint32_t bit_of_word(std::uint64_t hash, std::size_t word) noexcept {
    return std::uint32_t{1} << ((static_cast<std::uint32_t>(hash) * multipliers[word]) >> 27);
}

} // namespace

bloom_filter::bloom_filter(std::vector<std::uint64_t> const& hashes) {
    std::size_t const bits = hashes.size() * bits_per_key;
    buckets_.resize(std::max<std::size_t>(1, (bits + 255) / 256));
    for (std::uint64_t const hash : hashes) { insert(hash); }
}

void bloom_filter::insert(std::uint64_t hash) noexcept {
    bucket& home = buckets_[bucket_of(hash)];
    for (std::size_t i = 0; i < words; ++i) { home.word[i] |= bit_of_word(hash, i); }
}

bool bloom_filter::may_contain(std::uint64_t hash) const noexcept {
    bucket const& home = buckets_[bucket_of(hash)];
    std::uint32_t missing = 0;
    for (std::size_t i = 0; i < words; ++i) { missing |= ~home.word[i] & bit_of_word(hash, i); }
    return missing == 0;
}

void bloom_filter::append_to(std::string& out) const {
    for (bucket const& each : buckets_) {
        for (std::uint32_t const word : each.word) {
            for (unsigned shift = 0; shift < 32; shift += 8) {
                out.push_back(static_cast<char>((word >> shift) & 0xff));
            }
        }
    }
}

std::optional<bloom_filter> bloom_filter::from_bytes(std::string_view bytes) {
    if (bytes.empty() || bytes.size() % bucket_bytes != 0) { return std::nullopt; }
    bloom_filter filter;
    filter.buckets_.resize(bytes.size() / bucket_bytes);
    auto const* next = reinterpret_cast<unsigned char const*>(bytes.data());
    for (bucket& each : filter.buckets_) {
        for (std::uint32_t& word : each.word) {
            for (unsigned shift = 0; shift < 32; shift += 8) {
                word |= static_cast<std::uint32_t>(*next++) << shift;
            }
        }
    }
    return filter;
}

} // namespace swarmlog::detail
