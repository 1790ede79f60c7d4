#include "index/tail_key.hpp"

#include <algorithm>
#include <cassert>

namespace swarmlog::detail {

namespace {

/// The postings of a key from `first_index` up to the next part: the inline ones or a chunk's.
struct part {
    std::uint32_t const* offsets;
    std::uint32_t first_index;
    std::uint32_t count;
};

/// A key's parts, newest first, without those that are behind `visible` postings.
class parts_newest_first {
public:
    /// `visible` comes from an acquire load of the key's count.
    parts_newest_first(tail_key const& key, std::uint32_t visible) noexcept
        // Acquire pairs with add_chunk: the chunk's fields are set. It may be newer than
        // `visible` says; `next` then skips it.
        : key_(key), chunk_(key.newest_chunk.load(std::memory_order_acquire)), end_(visible) {}

    [[nodiscard]] bool next(part& found) noexcept {
        while (chunk_ != nullptr && chunk_->first_index >= end_) { chunk_ = chunk_->previous; }
        if (end_ == 0) { return false; }
        if (chunk_ == nullptr) {
            found = {key_.inline_offsets, 0, end_};
            end_ = 0;
            return true;
        }
        found = {chunk_->offsets(), chunk_->first_index, end_ - chunk_->first_index};
        end_ = chunk_->first_index;
        chunk_ = chunk_->previous;
        return true;
    }

private:
    tail_key const& key_;
    posting_chunk const* chunk_;
    std::uint32_t end_;
};

} // namespace

std::uint32_t lower_bound(tail_key const& key, std::uint32_t visible,
                          std::uint64_t offset) noexcept {
    std::uint32_t bound = visible;
    parts_newest_first parts{key, visible};
    for (part each; parts.next(each);) {
        auto const* const end = each.offsets + each.count;
        auto const* const found = std::lower_bound(each.offsets, end, offset);
        if (found != end) {
            bound = each.first_index + static_cast<std::uint32_t>(found - each.offsets);
        }
        if (found != each.offsets) { break; }
    }
    return bound;
}

std::uint32_t offset_at(tail_key const& key, std::uint32_t place) noexcept {
    parts_newest_first parts{key, place + 1};
    part holds{};
    [[maybe_unused]] bool const found = parts.next(holds);
    assert(found);
    return holds.offsets[holds.count - 1];
}

void append_positions(tail_key const& key, std::uint32_t begin, std::uint32_t end,
                      std::uint64_t base, std::vector<std::uint64_t>& out) {
    if (begin == end) { return; }
    // Filled from its end, because the parts come newest first.
    out.resize(out.size() + (end - begin));
    std::uint64_t* next = out.data() + out.size();
    parts_newest_first parts{key, end};
    for (part each; parts.next(each);) {
        for (std::uint32_t i = each.count; i > 0 && each.first_index + i > begin; --i) {
            *--next = base + each.offsets[i - 1];
        }
        if (each.first_index <= begin) { break; }
    }
}

} // namespace swarmlog::detail
