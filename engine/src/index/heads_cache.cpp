#include "index/heads_cache.hpp"

#include <bit>
#include <utility>

namespace swarmlog::detail {

heads_cache::heads_cache(std::size_t heads_max) : buckets_max_(std::bit_floor(heads_max / ways)) {}

std::size_t heads_cache::bucket_of(std::uint64_t hash) const noexcept {
    return bits_ == 0 ? 0 : static_cast<std::size_t>(hash >> (64 - bits_)) * ways;
}

std::optional<heads_cache::head> heads_cache::find(key_ref const& stream) const noexcept {
    if (entries_.empty()) { return std::nullopt; }
    entry const* const bucket = &entries_[bucket_of(stream.hash)];
    for (std::size_t i = 0; i < ways; ++i) {
        if (bucket[i].hash == stream.hash && bucket[i].value.count != 0 &&
            bucket[i].name == stream.name) {
            return bucket[i].value;
        }
    }
    return std::nullopt;
}

void heads_cache::put(key_ref const& stream, head value) {
    if (buckets_max_ == 0) { return; }
    if (entries_.empty()) { entries_.resize(ways); }
    entry* place = place_for(stream);
    while (place == nullptr && (std::size_t{1} << bits_) < buckets_max_) {
        grow();
        place = place_for(stream);
    }
    if (place == nullptr) { place = &entries_[bucket_of(stream.hash) + random() % ways]; }
    if (place->value.count == 0) { size_.store(size() + 1, std::memory_order_relaxed); }
    place->hash = stream.hash;
    place->value = value;
    place->name.assign(stream.name);
}

heads_cache::entry* heads_cache::place_for(key_ref const& stream) noexcept {
    entry* const bucket = &entries_[bucket_of(stream.hash)];
    entry* free = nullptr;
    for (std::size_t i = 0; i < ways; ++i) {
        if (bucket[i].value.count == 0) {
            free = &bucket[i];
        } else if (bucket[i].hash == stream.hash && bucket[i].name == stream.name) {
            return &bucket[i];
        }
    }
    return free;
}

std::uint64_t heads_cache::random() noexcept {
    random_ ^= random_ << 13; // xorshift64 (Marsaglia, 2003)
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_;
}

void heads_cache::grow() {
    std::vector<entry> before = std::exchange(entries_, {});
    ++bits_;
    entries_.resize(ways << bits_);
    for (entry& each : before) {
        if (each.value.count == 0) { continue; }
        // A bucket's heads go to two: there is room for all.
        *place_for({key_kind::stream, each.name, each.hash}) = std::move(each);
    }
}

void heads_cache::clear() {
    entries_ = {};
    bits_ = 0;
    size_.store(0, std::memory_order_relaxed);
}

} // namespace swarmlog::detail
