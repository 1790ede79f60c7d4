#pragma once

#include "index/run_format.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace swarmlog::detail {

/// Writes one run, entry by entry, into the transactions that it is handed. Keeps one block,
/// and the hashes for one guide. The run is invisible until `finish`.
///
/// Neighbouring entries of one key are joined up to `entry_postings_max` by copying their
/// deltas; nothing is decoded.
class run_writer {
public:
    run_writer(std::uint64_t id, std::uint32_t level, position first, position last);

    /// Entries come sorted as in a run; `corrupt` when a key's positions do not rise. Of kinds
    /// other than streams the ordinal is not read.
    [[nodiscard]] result<void> add(write_transaction& transaction, run_entry const& entry);

    /// Puts what is left and the run itself. With its header.
    [[nodiscard]] result<stored_run> finish(write_transaction& transaction);

    [[nodiscard]] std::uint64_t id() const noexcept { return meta_.id; }

private:
    void start_entry(run_entry const& entry);
    void join_entry(run_entry const& entry);
    [[nodiscard]] result<void> write_pending(write_transaction& transaction);
    [[nodiscard]] result<void> write_data_block(write_transaction& transaction);
    [[nodiscard]] result<void> write_guide(write_transaction& transaction);

    stored_run meta_;
    run_header header_;

    run_entry pending_; ///< its views are of the two strings; count is 0 when there is none
    std::string pending_name_;
    std::string pending_deltas_;
    std::uint64_t key_postings_ = 0; ///< of the pending key, before the pending entry
    bool key_is_new_ = false;        ///< no entry of the pending key was written yet

    std::string block_; ///< filled up to `block_used_`; its size is that of the memory
    std::size_t block_used_ = 0;
    guide guide_;
    std::vector<std::uint64_t> guide_hashes_;
};

} // namespace swarmlog::detail
