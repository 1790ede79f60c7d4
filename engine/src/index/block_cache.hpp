#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace swarmlog::detail {

/// Data blocks of runs that lookups read lately, opened and checked, for all readers together.
///
/// A lookup of a key in ten runs is a handful of blocks at random places, and each read from the
/// store costs more than searching it. A run's number is never used again once the run is part of
/// the index, and only lookups in such runs come here, so a block never goes stale.
///
/// Thread safety: everything from any thread; the lock is held for a look only.
class block_cache {
public:
    using shared_block = std::shared_ptr<std::string const>;

    /// What a block counts for; a larger one, which only long names make, is not kept.
    static constexpr std::size_t slot_bytes = 4'096;

    explicit block_cache(std::size_t bytes_max);

    /// Null when it is not here.
    [[nodiscard]] shared_block find(std::uint64_t run, std::uint32_t block);
    void keep(std::uint64_t run, std::uint32_t block, shared_block content);

    /// Of the blocks that are here.
    [[nodiscard]] std::size_t bytes() const;

private:
    struct slot {
        std::uint64_t run = 0;
        std::uint32_t block = 0;
        std::uint32_t used_at = 0;
        shared_block content;
        [[nodiscard]] bool holds(std::uint64_t of_run, std::uint32_t number) const noexcept {
            return content && run == of_run && block == number;
        }
    };
    /// A block may stand in any slot of one set: finding it and choosing what makes room for it
    /// look at no more than these.
    using slot_set = std::array<slot, 4>;

    [[nodiscard]] slot_set& set_of(std::uint64_t run, std::uint32_t block) noexcept;

    mutable std::mutex mutex_;
    std::vector<slot_set> sets_;
    std::uint32_t now_ = 0; ///< counts uses; when it wraps, some blocks leave too early
    std::size_t bytes_ = 0;
};

} // namespace swarmlog::detail
