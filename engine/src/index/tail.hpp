#pragma once

#include "index/arena.hpp"
#include "index/key.hpp"
#include "index/tail_key.hpp"

#include <swarmlog/engine/position.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace swarmlog::detail {

/// The part of the index that is not in a run yet: every key that occurs at a position above
/// `base`, with its positions.
///
/// Thread safety: one thread writes; any number of threads read at the same time, without
/// waiting. A reader that has learned of head H (by an acquire load of what the writer released
/// after its appends) sees every posting up to H; it may see later ones, so it names a bound.
class tail {
public:
    /// `events_expected` is a hint. Memory comes from `pool`, or from a pool of its own.
    tail(position base, std::uint32_t events_expected, std::shared_ptr<chunk_pool> pool = nullptr);
    tail(tail const&) = delete;
    tail& operator=(tail const&) = delete;
    ~tail();

    [[nodiscard]] position base() const noexcept { return base_; }

    /// Any thread. Null when no event was posted with this key; a key may have no posting yet.
    [[nodiscard]] tail_key* find(key_ref const& key) const noexcept;

    /// Writer. Copies the name on the first call.
    [[nodiscard]] tail_key& find_or_insert(key_ref const& key);

    // Any thread. A lookup among many keys is two cache misses, one after the other, unless both
    // are overlapped with other work: `prefetch` some keys ahead, and `prefetch_key` half as
    // many ahead, when the first has arrived.
    /// Fetches the slot where a lookup of `hash` starts.
    void prefetch(std::uint64_t hash) const noexcept;
    /// Fetches the key that the slot leads to.
    void prefetch_key(std::uint64_t hash) const noexcept;

    /// Writer. `at` is above the base and above the key's last posting.
    void append(tail_key& key, position at);

    /// Any thread. Adds to `out` the postings p with from <= p <= upto, ascending: the first
    /// `limit` of them.
    void collect(tail_key const& key, position from, position upto, std::vector<std::uint64_t>& out,
                 std::size_t limit = std::numeric_limits<std::size_t>::max()) const;

    /// Any thread. The same, ascending too, but the last `limit` of them.
    void collect_last(tail_key const& key, position from, position upto,
                      std::vector<std::uint64_t>& out, std::size_t limit) const;

    /// Any thread. The last posting at or before `upto`; `position{0}` when there is none.
    [[nodiscard]] position last_at_most(tail_key const& key, position upto) const noexcept;

    /// Any thread. How many postings are at or before `upto`.
    [[nodiscard]] std::uint32_t count_at_most(tail_key const& key, position upto) const noexcept;

    /// Any thread. Posting number `index`, below `count_at_most` of some bound.
    [[nodiscard]] position posting_at(tail_key const& key, std::uint32_t index) const noexcept;

    /// Any thread. Calls `visit(tail_key const&)` for every key with a posting, nearly in the
    /// order of their hashes. Keys that are new meanwhile may be left out.
    template <class Visitor>
    void for_each(Visitor&& visit) const {
        table const& now = *table_.load(std::memory_order_acquire); // pairs with grow
        for (std::size_t at = 0; at < now.slots.size(); ++at) {
            // Acquire pairs with the insertion's release: the key's fields are set.
            tail_key const* key = now.slots[at].key.load(std::memory_order_acquire);
            if (key != nullptr && key->posting_count.load(std::memory_order_acquire) != 0) {
                visit(*key);
            }
        }
    }

    struct sorted_key {
        std::uint64_t hash;
        tail_key* key;
    };
    /// Any thread. Every key, even one without a posting, by rising (hash, kind, name); in linear
    /// time, and without touching the keys themselves unless hashes are equal.
    [[nodiscard]] std::vector<sorted_key> sorted_keys() const;

    /// Writer. The last position posted for any key; the base when there is none.
    [[nodiscard]] position last() const noexcept { return position{base_.value + last_offset_}; }

    // Figures, any thread.
    /// What the arena and the tables hold.
    [[nodiscard]] std::size_t memory_bytes() const noexcept { return memory_bytes_.get(); }
    [[nodiscard]] std::uint64_t posting_count() const noexcept { return posting_count_.get(); }
    [[nodiscard]] std::size_t key_count() const noexcept { return key_count_.get(); }

private:
    /// Counted by the writer, read by anyone; relaxed, as nothing else hangs on it. A load and
    /// a store, because with one writer there is no need for an atomic increment.
    template <class Integer>
    class figure {
    public:
        [[nodiscard]] Integer get() const noexcept {
            return value_.load(std::memory_order_relaxed);
        }
        void set(Integer value) noexcept { value_.store(value, std::memory_order_relaxed); }

    private:
        std::atomic<Integer> value_{0};
    };

    struct slot {
        std::atomic<std::uint64_t> hash{0};
        std::atomic<tail_key*> key{nullptr};
    };
    /// Open addressing by the hash's *high* bits, so that walking it is almost walking the
    /// hashes in order: that is what makes growing and flushing linear.
    struct table {
        explicit table(unsigned bits) : shift(64 - bits), slots(std::size_t{1} << bits) {}
        unsigned shift;
        std::vector<slot> slots;
    };

    [[nodiscard]] tail_key& insert(key_ref const& key, std::size_t at);
    [[nodiscard]] posting_chunk& add_chunk(tail_key& key, std::uint32_t first_index);
    void grow();

    position base_;
    arena arena_;
    /// The table to look into. Older, smaller ones live on in `tables_` for readers inside them.
    std::atomic<table*> table_{nullptr};
    std::vector<std::unique_ptr<table>> tables_;
    std::uint32_t last_offset_ = 0;
    std::size_t table_bytes_ = 0;
    figure<std::size_t> memory_bytes_;
    figure<std::size_t> key_count_;
    figure<std::uint64_t> posting_count_;
};

} // namespace swarmlog::detail
