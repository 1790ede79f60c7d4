#pragma once

#include "index/merge.hpp"
#include "index/run.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace swarmlog::detail {

/// Keeps the number of runs small: eight of one level become one of the next.
///
/// The runs of a level lie beside each other, the higher level before the lower, because a
/// merge always takes a level's oldest. Each level has a job of its own, so that a long merge
/// does not let short ones wait; the number of runs a level stays below 13.
///
/// Used by the writer's thread, once in each flush: `advance`, then `committed` or `failed`.
class merge_schedule {
public:
    /// With fan-in f an entry is rewritten log_f(flushes) times and a lookup meets up to
    /// 1.5 f runs a level: for a thousand flushes 4 -> 5 rewrites, up to 30 runs; 8 -> 3.3 and
    /// 40; 16 -> 2.5 and 60. Writing costs more than a filter's 20 ns: 8.
    static constexpr std::size_t fan_in = 8;

    /// Ids are taken from above all that are in use.
    void start(std::vector<std::shared_ptr<run const>> const& runs);

    [[nodiscard]] std::uint64_t take_run_id() noexcept { return next_run_id_++; }

    /// One share of work on every level that is due; replaces merged runs in `runs`. A run that
    /// turns out corrupt does not stop the flush: its level is merged no more, see `failure`.
    [[nodiscard]] result<void> advance(write_transaction& transaction,
                                       std::vector<std::shared_ptr<run const>>& runs);
    void committed();
    /// Every job that took part is given up; its blocks are erased by and by.
    void failed();

    /// Why a level is merged no more; empty while all is well.
    [[nodiscard]] std::optional<error> const& failure() const noexcept { return failure_; }

private:
    /// A run that left the index, or that never became part of it.
    struct garbage {
        std::uint64_t run;
        std::weak_ptr<void const> lease; ///< expired when no snapshot can read it any more
    };

    void give_up(std::unique_ptr<run_merge>& job, error why);
    void start_due_jobs(std::vector<std::shared_ptr<run const>> const& runs);
    [[nodiscard]] result<void> erase_garbage(write_transaction& transaction);

    std::uint64_t next_run_id_ = 1;
    std::vector<std::unique_ptr<run_merge>> jobs_;
    std::vector<garbage> garbage_;
    std::vector<garbage> erased_in_hand_;
    std::vector<std::uint32_t> levels_given_up_;
    std::optional<error> failure_;
};

} // namespace swarmlog::detail
