#pragma once

#include "index/block_cache.hpp"

#include <swarmlog/engine/error.hpp>

#include <concepts>
#include <cstdint>
#include <string>

namespace swarmlog::detail {

/// What has blocks of runs: a read view, or the transaction in hand.
template <class Store>
concept has_run_blocks = requires(Store& store, std::uint64_t run, std::uint32_t block) {
    { store.run_block(run, block) } -> std::same_as<result<std::string>>;
};

/// A borrowed store to read blocks from, and the cache of those that lookups read; as cheap to
/// copy as three pointers.
class block_source {
public:
    /// Without a cache for what reads blocks once: writing and merging runs, and `verify`.
    template <has_run_blocks Store>
    explicit block_source(Store& store, block_cache* cache = nullptr) noexcept
        : store_(&store),
          cache_(cache),
          read_([](void* from, std::uint64_t run, std::uint32_t block) {
              return static_cast<Store*>(from)->run_block(run, block);
          }) {}

    [[nodiscard]] result<std::string> read(std::uint64_t run, std::uint32_t block) const {
        return read_(store_, run, block);
    }
    /// Null when there is none.
    [[nodiscard]] block_cache* cache() const noexcept { return cache_; }

private:
    void* store_;
    block_cache* cache_;
    result<std::string> (*read_)(void*, std::uint64_t, std::uint32_t);
};

} // namespace swarmlog::detail
