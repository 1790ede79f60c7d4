#pragma once

#include "ingestion_queue/append_ticket.hpp"

#include <swarmlog/engine/receipt.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace swarmlog::detail {

/// Answered tickets of one pool on their way back: a list, so that a whole group's are handed over
/// at once. Writer.
class answered_tickets {
public:
    void add(append_ticket& ticket, result<receipt>&& answer) noexcept;
    [[nodiscard]] bool is_empty() const noexcept { return first_ == nullptr; }

private:
    friend class ticket_pool;
    append_ticket* first_ = nullptr; ///< linked by `next_free` to the last
    append_ticket* last_ = nullptr;
    std::uint64_t count_ = 0;
    flush_summary summary_;
};

/// One producer's recycled tickets and drafts, and the answers to what it submitted.
///
/// The producer's thread acquires; the writer's gives back. Nothing is freed on the writer's
/// steady path, and nothing allocated on the producer's.
class ticket_pool {
public:
    /// Producer. A draft under these limits, recycled if there is one.
    [[nodiscard]] std::unique_ptr<append_draft> acquire_draft(append_limits const& limits);
    /// Producer. A ticket whose answer will be counted here.
    [[nodiscard]] append_ticket& acquire_ticket();
    /// Producer. Takes back a ticket that could not be queued.
    void put_back(append_ticket& ticket);

    /// Writer. Counts the answers and hands the tickets back; wakes the producer once.
    void give_back(answered_tickets answered) noexcept;

    /// Producer. Counts a ticket as submitted.
    void count_submitted() noexcept {
        submitted_.fetch_add(1, std::memory_order_relaxed); // read by others only once it rests
    }
    /// Producer. Takes back a count: the ticket could not be queued.
    void uncount_submitted() noexcept { submitted_.fetch_sub(1, std::memory_order_relaxed); }
    [[nodiscard]] bool all_answered() const noexcept {
        // Acquire pairs with the release in `give_back`: the summary is then complete.
        return answered_.load(std::memory_order_acquire) ==
               submitted_.load(std::memory_order_relaxed);
    }
    /// Whether everything is answered and the writer has left `give_back`: it will not come again
    /// unless the producer submits more.
    [[nodiscard]] bool is_at_rest() const;
    /// Waits until everything submitted is answered.
    void wait_answered() const noexcept;
    [[nodiscard]] flush_summary take_summary();

private:
    void collect_returned();

    std::vector<std::unique_ptr<append_ticket>> all_;
    std::vector<append_ticket*> idle_;
    std::vector<std::unique_ptr<append_draft>> drafts_;
    std::atomic<std::uint64_t> submitted_{0};

    /// Stack of tickets on their way back: the writer pushes, the producer takes all at once,
    /// so no ticket is popped alone and the ABA problem cannot arise.
    std::atomic<append_ticket*> returned_{nullptr};
    std::atomic<std::uint64_t> answered_{0};
    mutable std::mutex writer_mutex_; ///< held by the writer while it gives back
    flush_summary summary_;
};

} // namespace swarmlog::detail
