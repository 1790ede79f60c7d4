#include "read/record_cache.hpp"

#include <algorithm>

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
    std::lock_guard const lock{mutex_};
    auto const [place, is_new] = read_.try_emplace(fetched->first());
    if (!is_new) { return; }
    place->second = {std::move(fetched), uses_.insert(uses_.end(), place->first)};
    read_bytes_ += bytes;
    while (read_bytes_ > half_max_) {
        auto const oldest = read_.find(uses_.front());
        read_bytes_ -= oldest->second.entry->memory_bytes();
        uses_.pop_front();
        read_.erase(oldest);
    }
}

std::deque<record_cache::shared_record>::const_iterator record_cache::recent_at(position at) const {
    auto const after =
        std::partition_point(recent_.begin(), recent_.end(),
                             [at](shared_record const& each) { return each->last() < at; });
    return after != recent_.end() && (*after)->contains(at) ? after : recent_.end();
}

record_cache::shared_record record_cache::find(position at) {
    std::lock_guard const lock{mutex_};
    if (auto const found = recent_at(at); found != recent_.end()) { return *found; }
    auto after = read_.upper_bound(at);
    if (after == read_.begin()) { return nullptr; }
    kept& candidate = (--after)->second;
    if (!candidate.entry->contains(at)) { return nullptr; }
    uses_.splice(uses_.end(), uses_, candidate.use);
    return candidate.entry;
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
    read_.clear();
    uses_.clear();
    read_bytes_ = 0;
}

} // namespace swarmlog::detail
