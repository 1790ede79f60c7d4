#pragma once

#include "record/record.hpp"

#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace swarmlog::detail {

/// Unpacked records that readers share: the newest ones, as the writer published them, and those
/// lately read by position. Each half holds at most half of the bytes allowed.
///
/// Any thread; the lock is held for a look-up only, never while something is read or unpacked.
class record_cache {
public:
    using shared_record = std::shared_ptr<record const>;

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
    struct kept {
        shared_record entry;
        std::list<position>::iterator use;
    };

    [[nodiscard]] std::deque<shared_record>::const_iterator recent_at(position at) const;

    std::size_t const half_max_;
    mutable std::mutex mutex_;
    std::deque<shared_record> recent_;
    std::size_t recent_bytes_ = 0;
    std::map<position, kept> read_; ///< by first position
    std::list<position> uses_;      ///< least lately used first
    std::size_t read_bytes_ = 0;
};

} // namespace swarmlog::detail
