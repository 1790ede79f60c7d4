#pragma once

#include "index/key.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// A further part of one key's postings, each at least as large as all parts before it.
/// `previous` and `first_index` never change; offsets below the key's count never change.
struct posting_chunk {
    posting_chunk const* previous = nullptr;
    std::uint32_t first_index = 0; ///< place of its first posting in the key's whole list
    std::uint32_t capacity = 0;

    [[nodiscard]] std::uint32_t* offsets() noexcept {
        return reinterpret_cast<std::uint32_t*>(this + 1);
    }
    [[nodiscard]] std::uint32_t const* offsets() const noexcept {
        return reinterpret_cast<std::uint32_t const*>(this + 1);
    }
};

/// One key's place in a tail. Its address is stable for the tail's life.
///
/// Hash, kind and name are written once, before readers can see the key. Postings are kept as
/// offsets from the tail's base: the first few inside, the rest in a chain of chunks, newest
/// first.
///
/// The name's bytes lie before the key, so that the key starts `line_offset` bytes into a cache
/// line: then what finding a key reads (up to 24 bytes of name included) is one line, and what
/// the writer changes is the next.
struct tail_key {
    static constexpr std::uint32_t inline_capacity = 4;
    static constexpr std::size_t line_offset = 24;

    std::uint64_t hash = 0;
    std::string_view name;
    key_kind kind = key_kind::stream;
    /// How many postings readers may look at. Stored with release after the posting itself.
    std::atomic<std::uint32_t> posting_count{0};
    /// The newest chunk; stored with release once its fields are set.
    std::atomic<posting_chunk*> newest_chunk{nullptr};
    std::uint32_t inline_offsets[inline_capacity] = {};

    /// The writer's own notes, never read by another thread. The tail does not look at them.
    struct writer_part {
        std::uint64_t count = 0;         ///< a stream's version as of the last commit
        std::uint64_t last_position = 0; ///< of the last committed event, in runs or tail
        bool resolved = false;           ///< count and last_position were looked up
        std::uint32_t staged_count = 0;  ///< events of the group in hand
        std::uint64_t staged_last = 0;
        std::uint64_t record_epoch = 0; ///< the record whose string table has `record_slot`
        std::uint32_t record_slot = 0;
    } writer;

    [[nodiscard]] key_ref ref() const noexcept { return {kind, name, hash}; }
};

// Reading a key's postings: any thread, while the writer adds more. A place is a posting's
// number in the key's list; places below `visible_count` never change.

/// How many postings there are to read.
[[nodiscard]] inline std::uint32_t visible_count(tail_key const& key) noexcept {
    // Acquire pairs with tail::append: whoever sees the count sees the postings below it.
    return key.posting_count.load(std::memory_order_acquire);
}

/// The place of the first posting with an offset of at least `offset`; `visible` if none has.
[[nodiscard]] std::uint32_t lower_bound(tail_key const& key, std::uint32_t visible,
                                        std::uint64_t offset) noexcept;

[[nodiscard]] std::uint32_t offset_at(tail_key const& key, std::uint32_t place) noexcept;

/// Adds the postings at places `begin` to `end` to `out`, as positions.
void append_positions(tail_key const& key, std::uint32_t begin, std::uint32_t end,
                      std::uint64_t base, std::vector<std::uint64_t>& out);

} // namespace swarmlog::detail
