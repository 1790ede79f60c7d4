#pragma once

#include "index/block_source.hpp"
#include "index/key.hpp"
#include "index/run.hpp"

#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace swarmlog::detail {

/// Some consecutive postings of a key: those of one entry.
struct posting_page {
    std::uint64_t ordinal = 0; ///< of the first; see run_format.hpp
    std::vector<std::uint64_t> positions;
    /// On the way that was searched, the run certainly has nothing beyond this page.
    bool ends_run = false;
};

/// Finds the postings of keys in one run. Remembers the block and the guide it read last, so
/// that stepping through a long list reads each block once.
///
/// Thread safety: one thread at a time. Borrows run and source.
class run_lookup {
public:
    run_lookup(run const& searched, block_source source) noexcept
        : run_(&searched), source_(source) {}

    /// False only when the key is certainly absent: filter only, mostly without reading.
    [[nodiscard]] result<bool> may_contain(key_ref const& key);

    // Each fills `page` and answers true, or leaves it alone and answers false.

    /// The entry with the key's first posting at or after `at`.
    [[nodiscard]] result<bool> find_forwards(key_ref const& key, std::uint64_t at,
                                             posting_page& page);
    /// The entry with the key's last posting at or before `at`.
    [[nodiscard]] result<bool> find_backwards(key_ref const& key, std::uint64_t at,
                                              posting_page& page);
    /// The last entry with an ordinal of at most `ordinal`; the posting may be beyond its end.
    [[nodiscard]] result<bool> find_ordinal(key_ref const& key, std::uint64_t ordinal,
                                            posting_page& page);

private:
    [[nodiscard]] result<void> use_guide(std::uint32_t guide_index);
    [[nodiscard]] result<void> use_block(std::uint32_t data_block);
    /// The data block to start from when searching `wanted`; none when the key is absent.
    [[nodiscard]] result<std::optional<std::uint32_t>> start_of(key_ref const& key,
                                                                std::uint64_t at);
    [[nodiscard]] result<std::optional<fence>> fence_of(std::uint32_t data_block);
    /// Whether the search for `key` up to `at` goes on into the block after `data_block`.
    [[nodiscard]] result<bool> continues(std::uint32_t data_block, key_ref const& key,
                                         std::uint64_t at);
    [[nodiscard]] result<bool> take(run_entry const& entry, posting_page& page) const;
    template <class Accept>
    [[nodiscard]] result<bool> last_entry(std::uint32_t data_block, key_ref const& key,
                                          std::uint64_t at, Accept&& accept, posting_page& page);
    [[nodiscard]] error corrupt(char const* what) const;

    run const* run_;
    block_source source_;
    guide_handle guide_;
    std::optional<std::uint32_t> guide_index_;
    block_cache::shared_block block_; ///< the content of `data_block_`
    std::optional<std::uint32_t> data_block_;
};

} // namespace swarmlog::detail
