#pragma once

#include "ingestion_queue/ingestion_queue.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>

namespace swarmlog::detail {

/// Whose turn it is to do the writer's work: its thread's, a waiting caller's or a host's by hand.
/// A lock that sleeps, and wakes nobody when nobody waits.
class writer_turn {
public:
    void lock() noexcept {
        while (!try_lock()) { taken_.wait(1, std::memory_order_relaxed); }
    }
    [[nodiscard]] bool try_lock() noexcept {
        return taken_.exchange(1, std::memory_order_acquire) == 0;
    }
    void unlock() noexcept {
        taken_.store(0, std::memory_order_release);
        taken_.notify_one();
    }

private:
    std::atomic<std::uint32_t> taken_{0};
};

/// Waits for a ticket that was put without waking the writer. When it is the only one and nobody is
/// at work, the caller does the writer's work (`run_once`) itself: that spares waking the writer,
/// and being woken by it.
template <class RunOnce>
void work_or_wait(append_ticket const& ticket, ingestion_queue& queue, writer_turn& turn,
                  RunOnce const& run_once) {
    if (queue.queued_appends() == 1) {
        std::unique_lock const mine{turn, std::try_to_lock};
        if (mine && !ticket.answered()) { run_once(); }
    }
    if (ticket.answered()) { return; }
    // It may still be queued: somebody else had the turn, or a group was full without it.
    queue.wake_writer();
    ticket.wait();
}

} // namespace swarmlog::detail
