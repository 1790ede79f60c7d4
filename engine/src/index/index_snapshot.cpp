#include "index/index_snapshot.hpp"

#include <utility>

namespace swarmlog::detail {

index_snapshot::index_snapshot(std::vector<std::shared_ptr<run const>> runs,
                               std::shared_ptr<tail const> unflushed)
    : runs_(std::move(runs)), unflushed_(std::move(unflushed)) {}

position index_snapshot::indexed_through() const noexcept {
    return runs_.empty() ? position{0} : runs_.back()->meta().last;
}

} // namespace swarmlog::detail
