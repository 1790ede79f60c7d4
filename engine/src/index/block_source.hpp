#pragma once

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

/// A borrowed store to read blocks from; as cheap to copy as two pointers.
class block_source {
public:
    template <has_run_blocks Store>
    explicit block_source(Store& store) noexcept
        : store_(&store), read_([](void* from, std::uint64_t run, std::uint32_t block) {
              return static_cast<Store*>(from)->run_block(run, block);
          }) {}

    [[nodiscard]] result<std::string> read(std::uint64_t run, std::uint32_t block) const {
        return read_(store_, run, block);
    }

private:
    void* store_;
    result<std::string> (*read_)(void*, std::uint64_t, std::uint32_t);
};

} // namespace swarmlog::detail
