#pragma once

#include <swarmlog/projections/detail/row_key.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

namespace swarmlog::detail {

/// Rows of one table as they are committed, shared and not copied; at most so many.
///
/// The writer publishes what a group changed; a reader adds what it had to load. It says which
/// generation it saw before it opened its view, and is turned away when something was published
/// since: so what is found here is never older than what was published last. Any thread.
template <class Row>
class committed_cache {
public:
    using shared = std::shared_ptr<Row const>;

    explicit committed_cache(std::size_t rows_max)
        : rows_max_(std::max<std::size_t>(1, rows_max / shard_count)) {}

    [[nodiscard]] shared find(row_key_view const& key) const {
        shard const& place = shard_of(key);
        std::shared_lock const lock{place.mutex};
        auto const found = place.rows.find(key);
        return found == place.rows.end() ? nullptr : found->second;
    }

    [[nodiscard]] std::uint64_t generation(row_key_view const& key) const {
        shard const& place = shard_of(key);
        std::shared_lock const lock{place.mutex};
        return place.generation;
    }
    void add_loaded(row_key_view const& key, shared row, std::uint64_t generation) {
        shard& place = shard_of(key);
        std::unique_lock const lock{place.mutex};
        if (place.generation == generation) { put(place, key, std::move(row)); }
    }

    /// How often something was published, of any key: while it stays the same, so does the table.
    [[nodiscard]] std::uint64_t changes() const noexcept { return changes_.load(); }

    /// The writer's: a committed row, or null for one that was erased.
    void publish(row_key_view const& key, shared row) {
        shard& place = shard_of(key);
        std::unique_lock const lock{place.mutex};
        ++place.generation;
        ++changes_;
        if (row != nullptr) {
            put(place, key, std::move(row));
        } else if (auto const found = place.rows.find(key); found != place.rows.end()) {
            place.rows.erase(found);
        }
    }
    /// The writer's, after a table was swapped.
    void clear() {
        for (shard& place : shards_) {
            std::unique_lock const lock{place.mutex};
            ++place.generation;
            ++changes_;
            place.rows.clear();
        }
    }

private:
    using row_map = std::unordered_map<row_key, shared, row_key_hash, row_key_equal>;
    struct shard {
        mutable std::shared_mutex mutex;
        row_map rows;
        std::uint64_t generation = 0;
        std::size_t hand = 0; ///< the bucket to evict from next
    };

    void put(shard& place, row_key_view const& key, shared row) {
        if (auto const known = place.rows.find(key); known != place.rows.end()) {
            known->second = std::move(row);
            return;
        }
        if (place.rows.size() >= rows_max_) { evict_one(place); }
        place.rows.emplace(key, std::move(row));
    }
    /// Any row will do: hot ones come back at once, and no reader has to note its use.
    void evict_one(shard& place) {
        std::size_t const buckets = place.rows.bucket_count();
        for (std::size_t tried = 0; tried != buckets; ++tried) {
            place.hand = (place.hand + 1) % buckets;
            auto const first = place.rows.begin(place.hand);
            if (first != place.rows.end(place.hand)) {
                place.rows.erase(place.rows.find(first->first.view()));
                return;
            }
        }
    }
    [[nodiscard]] std::size_t number_of(row_key_view const& key) const noexcept {
        // The map's buckets use the low bits; the shard uses others.
        return (row_key_hash{}(key) >> 40) % shard_count;
    }
    [[nodiscard]] shard& shard_of(row_key_view const& key) { return shards_[number_of(key)]; }
    [[nodiscard]] shard const& shard_of(row_key_view const& key) const {
        return shards_[number_of(key)];
    }

    static constexpr std::size_t shard_count = 16;
    std::size_t rows_max_;
    std::atomic<std::uint64_t> changes_{0};
    std::array<shard, shard_count> shards_;
};

} // namespace swarmlog::detail
