#pragma once

#include "record/record.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace swarmlog::detail {

/// Unpacked records that readers share: the newest ones, as the writer published them, and those
/// lately read by position. Each half holds at most half of the bytes allowed, and what was read
/// at most `read_records_max` records.
///
/// Any thread; the lock is held for a look-up only, never while something is read or unpacked.
class record_cache {
public:
    using shared_record = std::shared_ptr<record const>;

    /// Bounds what keeping one more moves about.
    static constexpr std::size_t read_records_max = 4'096;

    explicit record_cache(std::size_t bytes_max) : half_max_(bytes_max / 2) {}

    /// Writer: the next records of the log, in order.
    void publish(std::vector<shared_record> const& sealed);
    /// Reader: a record it fetched from the store.
    void remember(shared_record fetched);

    /// The record that contains `at`; null when it is not here.
    [[nodiscard]] shared_record find(position at);

    /// Consecutive new records from the one that contains `from` on, at most `count_max`;
    /// empty when `from` is not among the new ones.
    [[nodiscard]] std::vector<shared_record> recent_from(position from, std::size_t count_max);

    [[nodiscard]] std::size_t bytes() const;
    /// Forgets everything: the stored records may have changed.
    void clear();

private:
    /// Where a record stands. Looking for a position reads these alone, which lie together, and
    /// no record but the one that is found.
    struct place {
        position first;
        position last;
        std::uint32_t slot = 0;
    };
    struct kept {
        shared_record entry; ///< null: a free slot
        bool used = false;   ///< since the hand was here
    };

    /// The first place that ends at `at` or later.
    [[nodiscard]] std::vector<place>::iterator place_of(position at);
    [[nodiscard]] std::uint32_t take_slot();
    /// Takes out one that was not used for a whole round of the hand.
    [[nodiscard]] shared_record take_unused();

    [[nodiscard]] std::deque<shared_record>::const_iterator recent_at(position at) const;

    std::size_t const half_max_;
    mutable std::mutex mutex_;
    std::deque<shared_record> recent_;
    std::size_t recent_bytes_ = 0;
    std::vector<place> places_; ///< of what was read, by position
    std::vector<kept> read_;
    std::vector<std::uint32_t> free_slots_;
    std::size_t hand_ = 0; ///< the slot that is looked at next when room is needed
    std::size_t read_bytes_ = 0;
};

} // namespace swarmlog::detail
