#include "json/unique_keys.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace swarmlog::detail {

namespace {

template <class Word>
std::uint64_t load(char const* from) noexcept {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

/// A cheap hash of a key's size, head and tail. Keys that differ only in the middle collide,
/// which costs a comparison of bytes and nothing else.
std::uint64_t fingerprint_of(std::string_view key) noexcept {
    char const* const data = key.data();
    std::size_t const size = key.size();
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    if (size >= 8) {
        head = load<std::uint64_t>(data);
        tail = load<std::uint64_t>(data + size - 8);
    } else if (size >= 4) {
        head = load<std::uint32_t>(data);
        tail = load<std::uint32_t>(data + size - 4);
    } else if (size > 0) {
        head = load<std::uint8_t>(data);
        tail = load<std::uint8_t>(data + size / 2) << 8 | load<std::uint8_t>(data + size - 1);
    }
    std::uint64_t hash = (head ^ size) * 0x9E3779B97F4A7C15;
    hash = (hash ^ (hash >> 32) ^ tail) * 0xD6E8FEB86659FD93;
    return hash ^ (hash >> 32);
}

} // namespace

void unique_keys::open_object() { objects_.push_back({entries_.size(), 0}); }

bool unique_keys::add(std::string_view key) {
    open_object_state& object = objects_.back();
    std::uint64_t const fingerprint = fingerprint_of(key);
    std::uint64_t const hash_bit = std::uint64_t{1} << (fingerprint % 64);
    bool const may_be_known = (object.seen_hashes & hash_bit) != 0;
    if (may_be_known && entries_.size() - object.first_entry < compared_keys_max) {
        for (std::size_t i = object.first_entry; i != entries_.size(); ++i) {
            if (entries_[i].fingerprint == fingerprint && entries_[i].key == key) { return false; }
        }
    }
    object.seen_hashes |= hash_bit;
    entries_.push_back({fingerprint, key});
    return true;
}

std::optional<std::string_view> unique_keys::close_object() {
    std::size_t const first = objects_.back().first_entry;
    std::optional<std::string_view> duplicate;
    if (entries_.size() - first > compared_keys_max) {
        duplicate = find_duplicate_by_sorting(first);
    }
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(first), entries_.end());
    objects_.pop_back();
    return duplicate;
}

std::optional<std::string_view> unique_keys::find_duplicate_by_sorting(std::size_t first) {
    auto const begin = entries_.begin() + static_cast<std::ptrdiff_t>(first);
    std::sort(begin, entries_.end(), [](entry const& left, entry const& right) {
        return std::tie(left.fingerprint, left.key) < std::tie(right.fingerprint, right.key);
    });
    auto const twin =
        std::adjacent_find(begin, entries_.end(), [](entry const& left, entry const& right) {
            return left.fingerprint == right.fingerprint && left.key == right.key;
        });
    if (twin == entries_.end()) { return std::nullopt; }
    return twin->key;
}

} // namespace swarmlog::detail
