#include "index/run_lookup.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace swarmlog::detail {

result<void> run_lookup::use_guide(std::uint32_t guide_index) {
    if (guide_index_ == guide_index) { return {}; }
    auto loaded = run_->load_guide(source_, guide_index);
    if (!loaded) { return std::move(loaded).error(); }
    guide_ = std::move(*loaded);
    guide_index_ = guide_index;
    return {};
}

result<void> run_lookup::use_block(std::uint32_t data_block) {
    if (data_block_ == data_block) { return {}; }
    data_block_.reset();
    std::uint32_t const number = block_of_data(data_block);
    block_cache* const cache = source_.cache();
    block_ = cache != nullptr ? cache->find(run_->meta().id, number) : nullptr;
    if (!block_) {
        auto sealed = source_.read(run_->meta().id, number);
        if (!sealed) { return std::move(sealed).error(); }
        auto const content = open_block(*sealed, run_->meta().id, number);
        if (!content) { return content.error(); }
        sealed->resize(content->size());
        block_ = std::make_shared<std::string const>(std::move(*sealed));
        if (cache != nullptr) { cache->keep(run_->meta().id, number, block_); }
    }
    data_block_ = data_block;
    return {};
}

result<std::optional<std::uint32_t>> run_lookup::start_of(key_ref const& key, std::uint64_t at) {
    if (run_->header().data_block_count == 0) { return std::nullopt; }
    // Positions of colliding keys are not in one order: then from the first block of the hash.
    fence const wanted{key.hash, run_->header().colliding ? 0 : at};
    auto const& guides = run_->header().guides;
    std::uint32_t index = run_->guide_for(wanted);
    for (;; ++index) {
        if (auto used = use_guide(index); !used) { return std::move(used).error(); }
        if (guide_->filter.may_contain(key.hash)) { break; }
        // Its first entry may be the first behind the next guide's fence.
        bool const goes_on = index + 1 < guides.size() && guides[index + 1].hash == key.hash;
        if (!goes_on) { return std::nullopt; }
    }
    auto const& fences = guide_->fences;
    auto const after = std::upper_bound(fences.begin(), fences.end(), wanted);
    auto const place = after == fences.begin() ? 0 : after - fences.begin() - 1;
    return index * data_blocks_per_guide + static_cast<std::uint32_t>(place);
}

result<bool> run_lookup::may_contain(key_ref const& key) {
    auto const start = start_of(key, 0);
    if (!start) { return start.error(); }
    return start->has_value();
}

result<std::optional<fence>> run_lookup::fence_of(std::uint32_t data_block) {
    if (data_block >= run_->header().data_block_count) { return std::nullopt; }
    std::uint32_t const index = data_block / data_blocks_per_guide;
    std::uint32_t const place = data_block % data_blocks_per_guide;
    if (place == 0) { return run_->header().guides[index]; }
    if (auto used = use_guide(index); !used) { return std::move(used).error(); }
    return guide_->fences[place];
}

result<bool> run_lookup::continues(std::uint32_t data_block, key_ref const& key, std::uint64_t at) {
    auto const next = fence_of(data_block + 1);
    if (!next) { return next.error(); }
    if (!*next || (*next)->hash != key.hash) { return false; }
    return run_->header().colliding || (*next)->first <= at;
}

result<bool> run_lookup::take(run_entry const& entry, posting_page& page) const {
    page.ordinal = entry.ordinal;
    page.ends_run = false;
    page.positions.clear();
    if (entry.last() > run_->meta().last.value || !entry.append_positions(page.positions)) {
        return corrupt("the deltas make no sense");
    }
    return true;
}

error run_lookup::corrupt(char const* what) const {
    return corrupt_block(run_->meta().id, block_of_data(data_block_.value_or(0)), what);
}

result<bool> run_lookup::find_forwards(key_ref const& key, std::uint64_t at, posting_page& page) {
    auto const start = start_of(key, at);
    if (!start) { return start.error(); }
    if (!*start) { return false; }
    for (std::uint32_t block = **start;; ++block) {
        if (auto used = use_block(block); !used) { return std::move(used).error(); }
        entry_reader entries{*block_, run_->meta().first};
        run_entry entry;
        for (bool more = entries.find(key, entry); more && entry.is_of(key);
             more = entries.next(entry)) {
            if (entry.last() >= at) {
                auto const taken = take(entry, page);
                // The block's last entry does not tell what the next block begins with.
                page.ends_run = entries.next(entry) && !entry.is_of(key);
                return taken;
            }
        }
        if (entries.failed()) { return corrupt("an entry makes no sense"); }
        auto const more = continues(block, key, position::max_value);
        if (!more) { return more.error(); }
        if (!*more) { return false; }
    }
}

/// From `data_block` on, the last entry of the key that is accepted; acceptance ends at a
/// rising border.
template <class Accept>
result<bool> run_lookup::last_entry(std::uint32_t data_block, key_ref const& key, std::uint64_t at,
                                    Accept&& accept, posting_page& page) {
    bool found = false;
    for (;; ++data_block) {
        if (auto used = use_block(data_block); !used) { return std::move(used).error(); }
        entry_reader entries{*block_, run_->meta().first};
        run_entry entry;
        run_entry last;
        for (bool more = entries.find(key, entry); more && entry.is_of(key) && accept(entry);
             more = entries.next(entry)) {
            last = entry;
        }
        if (entries.failed()) { return corrupt("an entry makes no sense"); }
        if (last.count != 0) {
            if (auto taken = take(last, page); !taken) { return taken; }
            found = true;
        }
        auto const more = continues(data_block, key, at);
        if (!more) { return more.error(); }
        if (!*more) { return found; }
    }
}

result<bool> run_lookup::find_backwards(key_ref const& key, std::uint64_t at, posting_page& page) {
    auto const start = start_of(key, at);
    if (!start) { return start.error(); }
    if (!*start) { return false; }
    auto const found = last_entry(
        **start, key, at, [at](run_entry const& entry) { return entry.first <= at; }, page);
    if (!found || !*found) { return found; }
    page.ends_run = page.ordinal == 0;
    auto& positions = page.positions;
    positions.erase(std::upper_bound(positions.begin(), positions.end(), at), positions.end());
    return true;
}

result<bool> run_lookup::find_ordinal(key_ref const& key, std::uint64_t ordinal,
                                      posting_page& page) {
    auto const start = start_of(key, 0);
    if (!start) { return start.error(); }
    if (!*start) { return false; }
    std::uint32_t low = **start;
    if (!run_->header().colliding) {
        // The key's last block, found by its fence; then blocks are bisected by what their
        // first entry says, which is one of the key in all blocks but the first.
        std::uint32_t high = low;
        std::uint32_t const last_guide = run_->guide_for({key.hash, position::max_value});
        if (auto used = use_guide(last_guide); !used) { return std::move(used).error(); }
        auto const& fences = guide_->fences;
        auto const after =
            std::upper_bound(fences.begin(), fences.end(), fence{key.hash, position::max_value});
        high = std::max(high, last_guide * data_blocks_per_guide +
                                  static_cast<std::uint32_t>(after - fences.begin()) -
                                  (after == fences.begin() ? 0 : 1));
        while (low < high) {
            std::uint32_t const middle = high - (high - low) / 2;
            if (auto used = use_block(middle); !used) { return std::move(used).error(); }
            entry_reader entries{*block_, run_->meta().first};
            run_entry entry;
            if (!entries.next(entry) || !entry.is_of(key)) {
                return corrupt("an entry is out of order");
            }
            if (entry.ordinal <= ordinal) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
    }
    return last_entry(
        low, key, 0, [ordinal](run_entry const& entry) { return entry.ordinal <= ordinal; }, page);
}

} // namespace swarmlog::detail
