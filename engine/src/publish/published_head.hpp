#pragma once

/// Stage 7 of 7, publish: the head moves, and whoever waits for it wakes.

#include <swarmlog/engine/position.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

namespace swarmlog::detail {

/// The last position that readers see, and those who wait for it to move.
///
/// `get`, `wait_beyond` and `on_move` from any thread; `move_to` from the writer's (or, on a
/// read-only log, from whoever refreshes).
class published_head {
public:
    using clock_type = std::chrono::steady_clock;
    using waker = std::function<void()>;

    [[nodiscard]] position get() const noexcept {
        // Acquire pairs with the release in `move_to`: what was published is then visible.
        return position{value_.load(std::memory_order_acquire)};
    }

    /// Moves the head and wakes those who wait. Never back.
    void move_to(position head);

    /// Waits until the head is beyond `seen`, the log is closed, `stop` says so, or the deadline.
    void wait_beyond(position seen, clock_type::time_point deadline,
                     std::function<bool()> const& stop);

    /// Calls `wake` once, from the thread that moves the head beyond `seen` or closes it; at
    /// once if that has happened. `wake` must be quick and must not throw. The number cancels.
    std::uint64_t on_move(position seen, waker wake);
    /// True when the waker was still there and will not be called.
    bool cancel(std::uint64_t number);

    /// Wakes everybody, now and from now on.
    void close();
    [[nodiscard]] bool is_closed() const noexcept {
        return closed_.load(std::memory_order_acquire);
    }
    /// Wakes the blocked waiters, so that they look at their `stop` again.
    void nudge();

private:
    struct waiting_waker {
        position seen;
        waker wake;
    };

    void wake_all();

    std::atomic<std::uint64_t> value_{0};
    std::atomic<bool> closed_{false};
    /// Sequentially consistent with `value_` in `move_to`: a waiter counts itself before it looks
    /// at the head, the writer moves the head before it looks at the count.
    std::atomic<std::uint32_t> waiting_{0};
    std::mutex mutex_;
    std::condition_variable moved_;
    std::map<std::uint64_t, waiting_waker> wakers_;
    std::uint64_t last_number_ = 0;
};

} // namespace swarmlog::detail
