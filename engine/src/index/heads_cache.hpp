#pragma once

#include "index/key.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace swarmlog::detail {

/// The version and the last position of streams that were flushed lately, so that a known
/// stream's next event costs no read. Bounded: when it may not grow any more, a stream that
/// finds its bucket full replaces another at random. For fewer than eight it keeps none.
///
/// Names are compared in full. Buckets are chosen by the hash's high bits, so that filling it
/// in the order of hashes, as a flush does, walks through memory. The writer's thread only,
/// but for `size`.
class heads_cache {
public:
    struct head {
        std::uint64_t count = 0;
        std::uint64_t last_position = 0;
    };

    explicit heads_cache(std::size_t heads_max);

    /// Fetches what `find` looks at first. Any key, some steps ahead.
    void prefetch(std::uint64_t hash) const noexcept;

    [[nodiscard]] std::optional<head> find(key_ref const& stream) const noexcept;
    void put(key_ref const& stream, head value);
    void clear();
    [[nodiscard]] std::size_t size() const noexcept {
        return size_.load(std::memory_order_relaxed); // a figure for people
    }

private:
    static constexpr std::size_t ways = 8;
    static constexpr std::size_t nowhere = ~std::size_t{0};

    struct entry {
        head value; ///< a count of 0 marks a free place
        std::string name;
    };

    [[nodiscard]] std::size_t bucket_of(std::uint64_t hash) const noexcept;
    /// Where the stream is, or `nowhere`.
    [[nodiscard]] std::size_t place_of(key_ref const& stream) const noexcept;
    /// Where the stream is, or a free place for it; `nowhere` when its bucket is full of others.
    [[nodiscard]] std::size_t place_for(key_ref const& stream) const noexcept;
    [[nodiscard]] std::uint64_t random() noexcept;
    void grow();

    std::size_t buckets_max_;
    unsigned bits_ = 0;
    /// 2^bits buckets of `ways` places; none before the first put. The hashes lie apart, so that
    /// a bucket's are one cache line.
    std::vector<std::uint64_t> hashes_;
    std::vector<entry> entries_;
    std::atomic<std::size_t> size_{0};
    std::uint64_t random_ = 0x9e3779b97f4a7c15U;
};

} // namespace swarmlog::detail
