#include "index/block_cache.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog::detail {

block_cache::block_cache(std::size_t bytes_max)
    : sets_(bytes_max / (slot_bytes * std::tuple_size_v<slot_set>)) {}

block_cache::slot_set& block_cache::set_of(std::uint64_t run, std::uint32_t block) noexcept {
    // Blocks of a run follow each other, so the multiplier spreads them and the runs.
    std::uint64_t const mixed = (run * 0x9e37'79b9'7f4a'7c15U + block) * 0xff51'afd7'ed55'8ccdU;
    return sets_[static_cast<std::size_t>((mixed >> 32U) % sets_.size())];
}

block_cache::shared_block block_cache::find(std::uint64_t run, std::uint32_t block) {
    if (sets_.empty()) { return nullptr; }
    std::lock_guard const lock{mutex_};
    for (slot& each : set_of(run, block)) {
        if (each.holds(run, block)) {
            each.used_at = ++now_;
            return each.content;
        }
    }
    return nullptr;
}

void block_cache::keep(std::uint64_t run, std::uint32_t block, shared_block content) {
    if (sets_.empty() || content->size() > slot_bytes) { return; }
    std::lock_guard const lock{mutex_};
    slot_set& set = set_of(run, block);
    // Another reader may have brought it meanwhile.
    if (std::any_of(set.begin(), set.end(),
                    [&](slot const& each) { return each.holds(run, block); })) {
        return;
    }
    // One that was never filled has been used at 0.
    slot& oldest = *std::min_element(
        set.begin(), set.end(),
        [](slot const& left, slot const& right) { return left.used_at < right.used_at; });
    if (oldest.content) { bytes_ -= oldest.content->size(); }
    bytes_ += content->size();
    oldest.run = run;
    oldest.block = block;
    oldest.used_at = ++now_;
    // What leaves is freed by the caller, after the lock, unless a lookup still holds it.
    oldest.content.swap(content);
}

std::size_t block_cache::bytes() const {
    std::lock_guard const lock{mutex_};
    return bytes_;
}

} // namespace swarmlog::detail
