#pragma once

#include "index/block_source.hpp"
#include "index/index_snapshot.hpp"
#include "index/key.hpp"
#include "index/run_lookup.hpp"

#include <swarmlog/engine/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace swarmlog::detail {

enum class direction : std::uint8_t { forwards, backwards };

/// No position: the events start at 1.
inline constexpr std::uint64_t no_position = 0;

/// What a cursor searches, and within which bounds.
struct posting_range {
    index_snapshot const* index;
    block_source source;
    direction towards;
    std::uint64_t lowest;  ///< inclusive
    std::uint64_t highest; ///< inclusive
};

/// Walks over one key's postings in one direction, through runs and tail, a page at a time.
/// Borrows what the range names, and the key's name.
class posting_cursor {
public:
    posting_cursor(posting_range const& range, key_ref const& key);

    /// Forwards: the first posting at or after `at`; backwards: the last at or before it;
    /// `no_position` when there is none in the range. `at` never turns back.
    [[nodiscard]] result<std::uint64_t> seek(std::uint64_t at);

private:
    [[nodiscard]] bool forwards() const noexcept { return range_.towards == direction::forwards; }
    /// The answer from the page; `no_position` when the page is behind `at`.
    [[nodiscard]] std::uint64_t seek_in_page(std::uint64_t at) noexcept;
    /// Turns to the page that has the answer; false when there is none.
    [[nodiscard]] result<bool> turn_page(std::uint64_t at);
    [[nodiscard]] result<bool> turn_page_forwards(std::uint64_t at);
    [[nodiscard]] result<bool> turn_page_backwards(std::uint64_t at);
    [[nodiscard]] bool read_tail(std::uint64_t at);
    [[nodiscard]] run_lookup& lookup_in(std::size_t run);

    posting_range range_;
    key_ref key_;
    tail_key const* in_tail_;
    posting_page page_;
    std::size_t place_ = 0; ///< in the page: where the last seek ended
    std::size_t next_run_ = 0;
    std::optional<run_lookup> lookup_;
    std::size_t lookup_run_ = 0;
};

} // namespace swarmlog::detail
