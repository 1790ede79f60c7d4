#pragma once

#include "producer/append_draft.hpp"

#include <swarmlog/engine/detail/completions.hpp>
#include <swarmlog/engine/receipt.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace swarmlog::detail {

class ticket_pool;

/// Work for the writer that is not an event: done between two groups, on its thread.
using writer_command = std::function<result<void>()>;

/// A consumer's new checkpoint, which rides in the next group's transaction.
struct checkpoint_change {
    std::string consumer;
    std::optional<position> at; ///< empty: forget the consumer
};

/// One place in the ingestion queue: what is asked, and where the answer goes. Exactly one of
/// draft, decide, command and checkpoint is set, and it is answered exactly once.
class append_ticket {
public:
    // What is asked.
    std::unique_ptr<append_draft> draft;
    decision_function decide;
    writer_command command;
    std::optional<checkpoint_change> checkpoint;

    // Where the answer goes: to a pool's counters, to a completion, or here, to a waiter.
    ticket_pool* pool = nullptr;
    std::unique_ptr<append_completion> completion;
    /// Keeps a waited-for ticket alive until it is answered, should the waiter go away.
    std::shared_ptr<append_ticket> self;

    append_ticket* next_free = nullptr; ///< in the pool's list of returned tickets

    /// For the waiter: true once `answer` may be read.
    [[nodiscard]] bool answered() const noexcept {
        // Acquire pairs with the release in `set_answer`.
        return answered_.load(std::memory_order_acquire) != 0;
    }
    void wait() const noexcept { answered_.wait(0, std::memory_order_acquire); }
    void set_answer(result<receipt> given) {
        answer = std::move(given);
        answered_.store(1, std::memory_order_release);
        answered_.notify_all();
    }
    result<receipt> answer = error{errc::closed};

    /// What the ticket counts for in the queue's bound.
    [[nodiscard]] std::size_t byte_count() const noexcept {
        return draft ? draft->byte_count() : 0;
    }
    [[nodiscard]] std::size_t event_count() const noexcept {
        return draft ? draft->events().size() : 1;
    }

private:
    std::atomic<std::uint32_t> answered_{0};
};

/// Answers a ticket, whatever waits for it, and gives it up. The ticket may be gone afterwards.
/// A completion that there is no memory to post is dropped with its handler.
void answer_ticket(append_ticket& ticket, result<receipt> answer) noexcept;

} // namespace swarmlog::detail
