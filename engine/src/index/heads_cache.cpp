#include "index/heads_cache.hpp"

#include <bit>
#include <utility>

namespace swarmlog::detail {

heads_cache::heads_cache(std::size_t heads_max) : buckets_max_(std::bit_floor(heads_max / ways)) {}

std::size_t heads_cache::bucket_of(std::uint64_t hash) const noexcept {
    return bits_ == 0 ? 0 : static_cast<std::size_t>(hash >> (64 - bits_)) * ways;
}

void heads_cache::prefetch(std::uint64_t hash) const noexcept {
    if (!hashes_.empty()) { __builtin_prefetch(&hashes_[bucket_of(hash)]); }
}

std::size_t heads_cache::place_of(key_ref const& stream) const noexcept {
    std::size_t const bucket = bucket_of(stream.hash);
    for (std::size_t place = bucket; place != bucket + ways; ++place) {
        if (hashes_[place] == stream.hash && entries_[place].value.count != 0 &&
            entries_[place].name == stream.name) {
            return place;
        }
    }
    return nowhere;
}

std::size_t heads_cache::place_for(key_ref const& stream) const noexcept {
    if (std::size_t const known = place_of(stream); known != nowhere) { return known; }
    std::size_t const bucket = bucket_of(stream.hash);
    for (std::size_t place = bucket; place != bucket + ways; ++place) {
        if (entries_[place].value.count == 0) { return place; }
    }
    return nowhere;
}

std::optional<heads_cache::head> heads_cache::find(key_ref const& stream) const noexcept {
    if (hashes_.empty()) { return std::nullopt; }
    std::size_t const place = place_of(stream);
    if (place == nowhere) { return std::nullopt; }
    return entries_[place].value;
}

void heads_cache::put(key_ref const& stream, head value) {
    if (buckets_max_ == 0) { return; }
    if (hashes_.empty()) {
        hashes_.resize(ways);
        entries_.resize(ways);
    }
    std::size_t place = place_for(stream);
    while (place == nowhere && (std::size_t{1} << bits_) < buckets_max_) {
        grow();
        place = place_for(stream);
    }
    if (place == nowhere) { place = bucket_of(stream.hash) + random() % ways; }
    if (entries_[place].value.count == 0) { size_.store(size() + 1, std::memory_order_relaxed); }
    hashes_[place] = stream.hash;
    entries_[place].value = value;
    entries_[place].name.assign(stream.name);
}

std::uint64_t heads_cache::random() noexcept {
    random_ ^= random_ << 13; // xorshift64 (Marsaglia, 2003)
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_;
}

void heads_cache::grow() {
    auto const hashes_before = std::exchange(hashes_, {});
    auto entries_before = std::exchange(entries_, {});
    ++bits_;
    hashes_.resize(ways << bits_);
    entries_.resize(ways << bits_);
    for (std::size_t from = 0; from != entries_before.size(); ++from) {
        entry& each = entries_before[from];
        if (each.value.count == 0) { continue; }
        // A bucket's heads go to two: there is room for all.
        std::size_t const to = place_for({key_kind::stream, each.name, hashes_before[from]});
        hashes_[to] = hashes_before[from];
        entries_[to] = std::move(each);
    }
}

void heads_cache::clear() {
    hashes_ = {};
    entries_ = {};
    bits_ = 0;
    size_.store(0, std::memory_order_relaxed);
}

} // namespace swarmlog::detail
