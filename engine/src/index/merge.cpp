#include "index/merge.hpp"

#include <cassert>
#include <utility>

namespace swarmlog::detail {

namespace {

/// Merging needs no guides: handles of its own let those in memory go.
std::vector<std::shared_ptr<run const>>
without_guides(std::vector<std::shared_ptr<run const>> runs) {
    for (auto& each : runs) { each = each->reopened(false); }
    return runs;
}

} // namespace

run_merge::run_merge(std::vector<std::shared_ptr<run const>> inputs, std::uint64_t output_id)
    : inputs_(without_guides(std::move(inputs))),
      scanner_(inputs_),
      writer_(output_id, inputs_.front()->meta().level + 1, inputs_.front()->meta().first,
              inputs_.back()->meta().last) {
    assert(inputs_.size() >= 2);
}

std::uint64_t run_merge::input_entries() const noexcept {
    std::uint64_t entries = 0;
    for (auto const& each : inputs_) { entries += each->header().entry_count; }
    return entries;
}

result<bool> run_merge::step(write_transaction& transaction, std::uint64_t entries_max) {
    assert(!output_);
    block_source const source{transaction};
    for (std::uint64_t taken = 0; taken < entries_max; ++taken) {
        auto const found = scanner_.next(source);
        if (!found) { return found.error(); }
        if (!*found) {
            if (auto finished = finish(transaction); !finished) {
                return std::move(finished).error();
            }
            return true;
        }
        if (auto added = writer_.add(transaction, scanner_.entry()); !added) {
            return std::move(added).error();
        }
    }
    return false;
}

result<void> run_merge::finish(write_transaction& transaction) {
    auto meta = writer_.finish(transaction);
    if (!meta) { return std::move(meta).error(); }
    for (auto const& each : inputs_) {
        if (auto dropped = transaction.drop_run(each->meta().id); !dropped) { return dropped; }
    }
    auto opened = run::open(std::move(*meta), true);
    if (!opened) { return std::move(opened).error(); }
    output_ = std::move(*opened);
    return {};
}

} // namespace swarmlog::detail
