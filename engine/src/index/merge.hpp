#pragma once

#include "index/run.hpp"
#include "index/run_scanner.hpp"
#include "index/run_writer.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace swarmlog::detail {

/// Merges neighbouring runs into one of the next level, a bounded number of entries at a time,
/// over as many transactions as that takes. What it has put is invisible before the last step.
///
/// If a transaction that it stepped in fails, the job is of no more use: drop it, erase the
/// blocks of `output_id()` some time, and start anew with another id.
class run_merge {
public:
    /// `inputs` ascending, without a gap, at least two.
    run_merge(std::vector<std::shared_ptr<run const>> inputs, std::uint64_t output_id);

    /// True when it is finished: the output is put and the inputs are dropped, in this
    /// transaction. Not to be called again then.
    [[nodiscard]] result<bool> step(write_transaction& transaction, std::uint64_t entries_max);

    [[nodiscard]] std::vector<std::shared_ptr<run const>> const& inputs() const noexcept {
        return inputs_;
    }
    [[nodiscard]] std::uint64_t output_id() const noexcept { return writer_.id(); }
    [[nodiscard]] std::uint64_t input_entries() const noexcept;
    [[nodiscard]] std::uint32_t level() const noexcept { return inputs_.front()->meta().level; }
    /// Set once it is finished.
    [[nodiscard]] std::shared_ptr<run const> const& output() const noexcept { return output_; }

private:
    [[nodiscard]] result<void> finish(write_transaction& transaction);

    std::vector<std::shared_ptr<run const>> inputs_;
    merged_scanner scanner_;
    run_writer writer_;
    std::shared_ptr<run const> output_;
};

} // namespace swarmlog::detail
