#pragma once

#include "commit_group/commit_group.hpp"
#include "decide/decider.hpp"
#include "log/log_core.hpp"

#include <swarmlog/engine/backend.hpp>

#include <atomic>
#include <optional>
#include <vector>

namespace swarmlog::detail {

/// The one that writes: drains, decides, applies, commits, publishes. A plain object; a thread
/// drives it, a caller that would only wait, or a host by hand: who has the log's `turn`.
class writer {
public:
    explicit writer(log_core& core);

    /// Where the log ends, as recovery found it.
    void set_end(log_end const& end) { decider_.set_end(end); }

    /// One group. False when nothing was queued. Does not throw: without memory, or when code of
    /// the host's throws where it may not, the group and all that follows is answered `in_doubt`.
    bool run_once();
    /// Takes its turns until the queue is closed.
    void run();
    /// Whether nobody else had asked for anything when the last group began. From any thread.
    [[nodiscard]] bool last_group_was_single() const noexcept {
        return last_group_was_single_.load(std::memory_order_relaxed);
    }

    /// After close: groups until the queue is empty or the deadline, then `closed` for the rest.
    void finish(std::chrono::steady_clock::time_point deadline);

private:
    /// A ticket's answer, kept back until its group is durable.
    struct pending_answer {
        append_ticket* ticket;
        result<receipt> answer;
    };

    void work_on_group();
    void give_up() noexcept;
    /// What a relaxed log's last group has left to be flushed.
    void flush_idle();
    void decide_group();
    /// Starts to fetch what the ticket some places after `at` will look up.
    void fetch_ahead(std::size_t at) const noexcept;
    [[nodiscard]] result<receipt> decide_one(append_ticket& ticket);
    void run_command(append_ticket& ticket);
    void commit_group_in_hand();
    [[nodiscard]] commit_result write_group();
    void publish();
    void reject_group(error const& failure);
    void answer_all();
    void after_group();
    void maintain_index();

    log_core* core_;
    commit_group group_;
    decider decider_;
    std::vector<pending_answer> answers_;
    std::size_t answered_ = 0; ///< of the group's tickets, from the first on
    std::vector<checkpoint_change> checkpoints_;
    /// Set once a commit is in doubt: nothing is written any more.
    std::optional<error> failed_;
    std::atomic<bool> last_group_was_single_{true};
};

} // namespace swarmlog::detail
