#include "read/record_cache.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog::detail {

void record_cache::publish(std::vector<shared_record> const& sealed) {
    std::vector<shared_record> dropped; // freed after the lock is given back
    std::lock_guard const lock{mutex_};
    for (shared_record const& each : sealed) {
        recent_bytes_ += each->memory_bytes();
        recent_.push_back(each);
    }
    while (recent_bytes_ > half_max_ && !recent_.empty()) {
        recent_bytes_ -= recent_.front()->memory_bytes();
        dropped.push_back(std::move(recent_.front()));
        recent_.pop_front();
    }
}

void record_cache::remember(shared_record fetched) {
    std::size_t const bytes = fetched->memory_bytes();
    if (bytes > half_max_) { return; }
    std::vector<shared_record> dropped; // freed after the lock is given back
    std::lock_guard const lock{mutex_};
    place fresh{fetched->first(), fetched->last(), 0};
    auto const known = place_of(fresh.first);
    if (known != places_.end() && known->first <= fresh.last) { return; }
    // What can run out of memory comes first: a record without a place would never go again.
    auto const at = known - places_.begin();
    if (places_.size() == places_.capacity()) {
        places_.reserve(std::max<std::size_t>(64, 2 * places_.size()));
    }
    fresh.slot = take_slot();
    // Not marked: what is read once only, as by a scan, is the first to go.
    read_[fresh.slot] = {std::move(fetched), false};
    places_.insert(places_.begin() + at, fresh);
    read_bytes_ += bytes;
    while (read_bytes_ > half_max_ || places_.size() > read_records_max) {
        dropped.push_back(take_unused());
    }
}

std::vector<record_cache::place>::iterator record_cache::place_of(position at) {
    return std::partition_point(places_.begin(), places_.end(),
                                [at](place const& each) { return each.last < at; });
}

std::uint32_t record_cache::take_slot() {
    if (free_slots_.empty()) {
        read_.emplace_back();
        free_slots_.reserve(read_.capacity());
        return static_cast<std::uint32_t>(read_.size() - 1);
    }
    std::uint32_t const slot = free_slots_.back();
    free_slots_.pop_back();
    return slot;
}

/// Each step takes a mark that one use made or passes a free slot, so on the whole a use pays
/// for few steps.
record_cache::shared_record record_cache::take_unused() {
    for (;; ++hand_) {
        if (hand_ >= read_.size()) { hand_ = 0; }
        if (read_[hand_].entry && !std::exchange(read_[hand_].used, false)) { break; }
    }
    shared_record taken = std::move(read_[hand_].entry);
    // The next record takes this slot, and the hand reaches it last.
    free_slots_.push_back(static_cast<std::uint32_t>(hand_++));
    places_.erase(place_of(taken->first()));
    read_bytes_ -= taken->memory_bytes();
    return taken;
}

std::deque<record_cache::shared_record>::const_iterator record_cache::recent_at(position at) const {
    // Most of what is looked for is older: that takes no search among records that lie apart.
    if (recent_.empty() || at < recent_.front()->first()) { return recent_.end(); }
    auto const after =
        std::partition_point(recent_.begin(), recent_.end(),
                             [at](shared_record const& each) { return each->last() < at; });
    return after != recent_.end() && (*after)->contains(at) ? after : recent_.end();
}

record_cache::shared_record record_cache::find(position at) {
    std::lock_guard const lock{mutex_};
    if (auto const found = recent_at(at); found != recent_.end()) { return *found; }
    auto const found = place_of(at);
    if (found == places_.end() || found->first > at) { return nullptr; }
    read_[found->slot].used = true;
    return read_[found->slot].entry;
}

std::vector<record_cache::shared_record> record_cache::recent_from(position from,
                                                                   std::size_t count_max) {
    std::lock_guard const lock{mutex_};
    auto const first = recent_at(from);
    auto const count = std::min<std::size_t>(
        count_max, static_cast<std::size_t>(std::distance(first, recent_.cend())));
    return {first, first + static_cast<std::ptrdiff_t>(count)};
}

std::size_t record_cache::bytes() const {
    std::lock_guard const lock{mutex_};
    return recent_bytes_ + read_bytes_;
}

void record_cache::clear() {
    std::lock_guard const lock{mutex_};
    recent_.clear();
    recent_bytes_ = 0;
    places_.clear();
    read_.clear();
    free_slots_.clear();
    hand_ = 0;
    read_bytes_ = 0;
}

} // namespace swarmlog::detail
