#pragma once

#include "index/block_cache.hpp"
#include "index/run.hpp"
#include "index/tail.hpp"

#include <memory>
#include <vector>

namespace swarmlog::detail {

/// What a reader needs of the index at one moment: runs that cover 1 to `indexed_through()`
/// without gap or overlap, ascending, and the tail that takes over from there.
///
/// Immutable but for the tail, which goes on growing: a reader names the last position it
/// wants. The order in which a reader takes things matters: first the head (its bound), then
/// the snapshot (so that it covers the head), then the read view (so that it has the
/// snapshot's runs). Blocks of a run live in the store while a snapshot holds the run.
class index_snapshot {
public:
    index_snapshot(std::vector<std::shared_ptr<run const>> runs,
                   std::shared_ptr<tail const> unflushed, std::shared_ptr<block_cache> blocks);

    [[nodiscard]] std::vector<std::shared_ptr<run const>> const& runs() const noexcept {
        return runs_;
    }
    [[nodiscard]] tail const& unflushed() const noexcept { return *unflushed_; }
    /// Shared by all snapshots of an index.
    [[nodiscard]] block_cache* blocks() const noexcept { return blocks_.get(); }
    /// The last position that the runs cover.
    [[nodiscard]] position indexed_through() const noexcept;

private:
    std::vector<std::shared_ptr<run const>> runs_;
    std::shared_ptr<tail const> unflushed_;
    std::shared_ptr<block_cache> blocks_;
};

} // namespace swarmlog::detail
