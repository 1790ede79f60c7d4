#pragma once

#include "index/block_source.hpp"
#include "index/run.hpp"

#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace swarmlog::detail {

/// All entries of one run in order, a block in memory at a time. The source is handed in anew
/// with each step, because a scan may outlive a transaction.
class run_scanner {
public:
    explicit run_scanner(std::shared_ptr<run const> scanned) noexcept;

    /// False at the end. The entry's views live until the next call.
    [[nodiscard]] result<bool> next(block_source source) {
        if (entries_.next(entry_)) [[likely]] {
            entry_.hash = hash_key(entry_.kind, entry_.name);
            return true;
        }
        return next_block(source);
    }
    [[nodiscard]] run_entry const& entry() const noexcept { return entry_; }
    [[nodiscard]] std::uint64_t run_id() const noexcept { return run_->meta().id; }

private:
    [[nodiscard]] result<bool> next_block(block_source source);

    std::shared_ptr<run const> run_;
    std::uint32_t next_data_block_ = 0;
    std::string block_;
    entry_reader entries_;
    run_entry entry_;
};

/// All entries of several runs in one order: by (hash, kind, name), then by run. The runs are
/// given ascending, so that the entries of a key come by rising position.
class merged_scanner {
public:
    explicit merged_scanner(std::vector<std::shared_ptr<run const>> const& runs);

    /// False at the end; `corrupt` when a run is not sorted. Views live until the next call.
    [[nodiscard]] result<bool> next(block_source source);
    [[nodiscard]] run_entry const& entry() const noexcept { return scanners_[current_].entry(); }

private:
    /// Moves a scanner on; takes it out of `heads_` at its end.
    [[nodiscard]] result<void> advance(block_source source, std::size_t place);
    [[nodiscard]] bool comes_before(std::size_t left, std::size_t right) const noexcept;

    struct head {
        std::uint64_t hash; ///< of the scanner's entry: most comparisons need no more
        std::size_t scanner;
    };
    std::vector<run_scanner> scanners_;
    std::vector<head> heads_; ///< the scanners that are not at their end, in the runs' order
    std::size_t current_head_ = 0;
    std::size_t current_ = 0;
    bool started_ = false;
};

} // namespace swarmlog::detail
