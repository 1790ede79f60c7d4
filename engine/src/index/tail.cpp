#include "index/tail.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace swarmlog::detail {

namespace {

constexpr std::size_t cache_line_bytes = 64;
constexpr unsigned smallest_table_bits = 8;
constexpr unsigned largest_first_table_bits = 12;
constexpr std::uint32_t first_chunk_capacity = 12;
constexpr std::uint32_t largest_chunk_capacity = 16'384;

// The arena runs no destructors.
static_assert(std::is_trivially_destructible_v<tail_key>);
static_assert(std::is_trivially_destructible_v<posting_chunk>);
// What finding a key reads ends with its first line, and the rest fills the second.
static_assert(sizeof(void*) != 8 ||
              (tail_key::line_offset + offsetof(tail_key, inline_offsets) == cache_line_bytes &&
               tail_key::line_offset + sizeof(tail_key) == 2 * cache_line_bytes));

/// Room for a name such that the key behind it starts `line_offset` bytes into a line.
constexpr std::size_t bytes_before_key(std::size_t name_size) noexcept {
    if (name_size <= tail_key::line_offset) { return tail_key::line_offset; }
    std::size_t const lines =
        (name_size - tail_key::line_offset + cache_line_bytes - 1) / cache_line_bytes;
    return tail_key::line_offset + lines * cache_line_bytes;
}

unsigned first_table_bits(std::uint32_t events_expected) noexcept {
    auto const bits = static_cast<unsigned>(std::bit_width(events_expected));
    return std::clamp(bits, smallest_table_bits, largest_first_table_bits);
}

bool is_sorted_before(tail::sorted_key const& left, tail::sorted_key const& right) noexcept {
    if (left.hash != right.hash) { return left.hash < right.hash; }
    if (left.key->kind != right.key->kind) { return left.key->kind < right.key->kind; }
    return left.key->name < right.key->name;
}

} // namespace

tail::tail(position base, std::uint32_t events_expected, std::shared_ptr<chunk_pool> pool)
    : base_(base), arena_(pool ? std::move(pool) : std::make_shared<chunk_pool>(0)) {
    tables_.push_back(std::make_unique<table>(first_table_bits(events_expected)));
    table_bytes_ = tables_.back()->slots.size() * sizeof(slot);
    memory_bytes_.set(table_bytes_);
    // Relaxed: whoever hands the tail to another thread publishes it.
    table_.store(tables_.back().get(), std::memory_order_relaxed);
}

tail::~tail() = default;

tail_key* tail::find(key_ref const& key) const noexcept {
    // Acquire pairs with grow: the slots are filled.
    table const& now = *table_.load(std::memory_order_acquire);
    std::size_t const mask = now.slots.size() - 1;
    for (std::size_t at = key.hash >> now.shift;; at = (at + 1) & mask) {
        slot const& place = now.slots[at];
        // Acquire pairs with insert: the slot's hash and the key's fields are set.
        tail_key* const found = place.key.load(std::memory_order_acquire);
        if (found == nullptr) { return nullptr; }
        // Relaxed: ordered by the load above.
        if (place.hash.load(std::memory_order_relaxed) == key.hash && found->name == key.name &&
            found->kind == key.kind) {
            return found;
        }
    }
}

tail_key& tail::find_or_insert(key_ref const& key) {
    // All relaxed: this thread wrote what it reads.
    table const& now = *table_.load(std::memory_order_relaxed);
    std::size_t const mask = now.slots.size() - 1;
    std::size_t at = key.hash >> now.shift;
    for (;; at = (at + 1) & mask) {
        slot const& place = now.slots[at];
        tail_key* const found = place.key.load(std::memory_order_relaxed);
        if (found == nullptr) { break; }
        if (place.hash.load(std::memory_order_relaxed) == key.hash && found->name == key.name &&
            found->kind == key.kind) {
            return *found;
        }
    }
    return insert(key, at);
}

void tail::prefetch(std::uint64_t hash) const noexcept {
    table const& now = *table_.load(std::memory_order_acquire); // pairs with grow
    __builtin_prefetch(&now.slots[hash >> now.shift]);
}

void tail::prefetch_key(std::uint64_t hash) const noexcept {
    table const& now = *table_.load(std::memory_order_acquire); // pairs with grow
    // Acquire is not needed to fetch what is not looked at yet.
    tail_key const* const key = now.slots[hash >> now.shift].key.load(std::memory_order_relaxed);
    if (key == nullptr) { return; }
    __builtin_prefetch(key);
    __builtin_prefetch(&key->writer);
}

tail_key& tail::insert(key_ref const& key, std::size_t at) {
    std::size_t const before = bytes_before_key(key.name.size());
    auto* const memory =
        static_cast<char*>(arena_.allocate(before + sizeof(tail_key), cache_line_bytes));
    char* const name = memory + before - key.name.size();
    if (!key.name.empty()) { std::memcpy(name, key.name.data(), key.name.size()); }
    auto* const fresh = new (memory + before) tail_key;
    fresh->hash = key.hash;
    fresh->kind = key.kind;
    fresh->name = {name, key.name.size()};

    table& now = *table_.load(std::memory_order_relaxed); // the writer's own
    slot& place = now.slots[at];
    place.hash.store(key.hash, std::memory_order_relaxed); // published by the next store
    place.key.store(fresh, std::memory_order_release);     // publishes hash, key and name

    key_count_.set(key_count_.get() + 1);
    if (key_count_.get() * 2 > now.slots.size()) { grow(); }
    memory_bytes_.set(table_bytes_ + arena_.bytes());
    return *fresh;
}

void tail::grow() {
    table const& old = *tables_.back();
    auto grown = std::make_unique<table>(64 - old.shift + 1);
    std::size_t const mask = grown->slots.size() - 1;
    for (slot const& place : old.slots) {
        // All relaxed: this thread wrote the old slots, and publishes the new ones as a whole.
        tail_key* const key = place.key.load(std::memory_order_relaxed);
        if (key == nullptr) { continue; }
        std::uint64_t const hash = place.hash.load(std::memory_order_relaxed);
        std::size_t at = hash >> grown->shift;
        while (grown->slots[at].key.load(std::memory_order_relaxed) != nullptr) {
            at = (at + 1) & mask;
        }
        grown->slots[at].hash.store(hash, std::memory_order_relaxed);
        grown->slots[at].key.store(key, std::memory_order_relaxed);
    }
    tables_.push_back(std::move(grown));
    table_bytes_ += tables_.back()->slots.size() * sizeof(slot);
    table_.store(tables_.back().get(), std::memory_order_release); // publishes the slots
}

void tail::append(tail_key& key, position at) {
    assert(at > base_);
    std::uint64_t const distance = at.value - base_.value;
    assert(distance <= std::numeric_limits<std::uint32_t>::max());
    auto const offset = static_cast<std::uint32_t>(distance);

    // Relaxed: only this thread writes the count and the newest chunk.
    std::uint32_t const count = key.posting_count.load(std::memory_order_relaxed);
    if (count < tail_key::inline_capacity) {
        assert(count == 0 || key.inline_offsets[count - 1] < offset);
        key.inline_offsets[count] = offset;
    } else {
        posting_chunk* chunk = key.newest_chunk.load(std::memory_order_relaxed);
        if (chunk == nullptr || count - chunk->first_index == chunk->capacity) {
            chunk = &add_chunk(key, count);
        }
        std::uint32_t const place = count - chunk->first_index;
        assert(place == 0 || chunk->offsets()[place - 1] < offset);
        chunk->offsets()[place] = offset;
    }
    key.posting_count.store(count + 1, std::memory_order_release); // publishes the posting
    posting_count_.set(posting_count_.get() + 1);
    last_offset_ = std::max(last_offset_, offset);
}

posting_chunk& tail::add_chunk(tail_key& key, std::uint32_t first_index) {
    posting_chunk* const previous = key.newest_chunk.load(std::memory_order_relaxed); // our own
    std::uint32_t const capacity =
        previous == nullptr ? first_chunk_capacity
                            : std::min(previous->capacity * 2 + 4, largest_chunk_capacity);
    void* const memory = arena_.allocate(sizeof(posting_chunk) + capacity * sizeof(std::uint32_t),
                                         alignof(posting_chunk));
    auto* const chunk = new (memory) posting_chunk{previous, first_index, capacity};
    key.newest_chunk.store(chunk, std::memory_order_release); // publishes the chunk's fields
    memory_bytes_.set(table_bytes_ + arena_.bytes());
    return *chunk;
}

void tail::collect(tail_key const& key, position from, position upto,
                   std::vector<std::uint64_t>& out, std::size_t limit) const {
    if (upto <= base_ || upto < from) { return; }
    std::uint32_t const visible = visible_count(key);
    std::uint64_t const low = from > base_ ? from.value - base_.value : 0;
    std::uint32_t const begin = lower_bound(key, visible, low);
    std::uint32_t end = lower_bound(key, visible, upto.value - base_.value + 1);
    end = begin + static_cast<std::uint32_t>(std::min<std::size_t>(limit, end - begin));
    append_positions(key, begin, end, base_.value, out);
}

void tail::collect_last(tail_key const& key, position from, position upto,
                        std::vector<std::uint64_t>& out, std::size_t limit) const {
    if (upto <= base_ || upto < from) { return; }
    std::uint32_t const visible = visible_count(key);
    std::uint64_t const low = from > base_ ? from.value - base_.value : 0;
    std::uint32_t const end = lower_bound(key, visible, upto.value - base_.value + 1);
    std::uint32_t begin = lower_bound(key, visible, low);
    begin = end - static_cast<std::uint32_t>(std::min<std::size_t>(limit, end - begin));
    append_positions(key, begin, end, base_.value, out);
}

position tail::last_at_most(tail_key const& key, position upto) const noexcept {
    std::uint32_t const count = count_at_most(key, upto);
    return count == 0 ? position{0} : posting_at(key, count - 1);
}

std::uint32_t tail::count_at_most(tail_key const& key, position upto) const noexcept {
    if (upto <= base_) { return 0; }
    return lower_bound(key, visible_count(key), upto.value - base_.value + 1);
}

position tail::posting_at(tail_key const& key, std::uint32_t index) const noexcept {
    return position{base_.value + offset_at(key, index)};
}

std::vector<tail::sorted_key> tail::sorted_keys() const {
    table const& now = *table_.load(std::memory_order_acquire); // pairs with grow
    std::vector<sorted_key> keys;
    keys.reserve(key_count());
    for (slot const& place : now.slots) {
        // Acquire pairs with insert: the slot's hash and the key's fields are set.
        tail_key* const key = place.key.load(std::memory_order_acquire);
        if (key != nullptr) { keys.push_back({place.hash.load(std::memory_order_relaxed), key}); }
    }
    // A slot's neighbours by hash are near it, so each key sinks past few others; only those
    // that wrapped around at the table's end travel far. Hashes made to collide would make
    // this quadratic: then a real sort takes over.
    std::size_t const moves_max = 16 * keys.size() + 1024;
    std::size_t moves = 0;
    for (std::size_t i = 1; i < keys.size() && moves <= moves_max; ++i) {
        sorted_key const key = keys[i];
        std::size_t place = i;
        for (; place > 0 && is_sorted_before(key, keys[place - 1]); --place) {
            keys[place] = keys[place - 1];
        }
        moves += i - place;
        keys[place] = key;
    }
    if (moves > moves_max) { std::sort(keys.begin(), keys.end(), is_sorted_before); }
    return keys;
}

} // namespace swarmlog::detail
