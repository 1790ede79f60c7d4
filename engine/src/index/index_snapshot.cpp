#include "index/index_snapshot.hpp"

#include <utility>

namespace swarmlog::detail {

index_snapshot::index_snapshot(std::vector<std::shared_ptr<run const>> runs,
                               std::shared_ptr<tail const> unflushed,
                               std::shared_ptr<block_cache> blocks)
    : runs_(std::move(runs)), unflushed_(std::move(unflushed)), blocks_(std::move(blocks)) {}

position index_snapshot::indexed_through() const noexcept {
    return runs_.empty() ? position{0} : runs_.back()->meta().last;
}

} // namespace swarmlog::detail
