#pragma once

/// Stage 2 of 7, ingestion queue: many producers, one writer, bounded by count and by bytes.

#include "ingestion_queue/append_ticket.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/options.hpp>

#include <concurrentqueue.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <span>

namespace swarmlog::detail {

/// A bounded queue of tickets, in order for each producer token.
///
/// `put` from any thread; `take` from one at a time, `wait_for_work` from the writer's.
/// An answered count keeps the promise that no ticket is lost: room is reserved before the
/// queue is looked at as open, so once it is closed and its count is zero, it stays empty.
class ingestion_queue {
public:
    using queue_type = moodycamel::ConcurrentQueue<append_ticket*>;
    using token_type = moodycamel::ProducerToken;
    using clock_type = std::chrono::steady_clock;

    explicit ingestion_queue(log_options const& options);

    /// A token keeps its owner's order; without one the queue keeps none between two threads.
    [[nodiscard]] token_type make_token() { return token_type{queue_}; }

    /// Whether who puts a ticket wakes the writer at once, or may not need it.
    enum class waking { now, later };

    /// Queues a ticket, waiting for room until the deadline (none: does not wait). Answers
    /// `queue_full` or `closed`; the ticket is then still the caller's. Nor does it throw
    /// `std::bad_alloc`: without memory for a place the queue is full.
    [[nodiscard]] result<void> put(append_ticket& ticket, token_type* token,
                                   std::optional<clock_type::time_point> room_deadline,
                                   waking wakes = waking::now);
    /// Wakes the writer if it sleeps.
    void wake_writer() noexcept;

    /// Takes up to `places.size()` tickets; they count as queued no more.
    [[nodiscard]] std::size_t take(std::span<append_ticket*> places);

    /// Sleeps until there is work, the queue is closed, or `deadline`.
    void wait_for_work(std::optional<clock_type::time_point> deadline = std::nullopt);

    /// From now on `put` answers `closed`; what is queued can still be taken.
    void close();
    [[nodiscard]] bool is_closed() const noexcept { return closed_.load(); }
    /// True when nothing is queued or about to be.
    [[nodiscard]] bool is_empty() const noexcept { return queued_.load() == 0; }

    [[nodiscard]] std::uint64_t queued_appends() const noexcept {
        return queued_.load() >> bytes_bits;
    }
    [[nodiscard]] std::uint64_t queued_bytes() const noexcept {
        return queued_.load() & bytes_mask;
    }

    /// What the two bounds may be at most: both counts share one atomic word.
    static constexpr unsigned bytes_bits = 40;
    static constexpr std::uint64_t bytes_mask = (std::uint64_t{1} << bytes_bits) - 1;
    static constexpr std::uint64_t appends_limit = (std::uint64_t{1} << (64 - bytes_bits)) - 1;

private:
    [[nodiscard]] bool reserve(std::size_t bytes) noexcept;
    void release(std::uint64_t appends, std::uint64_t bytes);
    [[nodiscard]] result<void> wait_for_room(std::size_t bytes, clock_type::time_point deadline);
    [[nodiscard]] error full() const noexcept;

    std::uint64_t const appends_max_;
    std::uint64_t const bytes_max_;
    queue_type queue_;
    moodycamel::ConsumerToken consumer_{queue_};

    // Sequentially consistent on purpose: the sleeping writer and a producer each write one of
    // `queued_` and `asleep_` and then read the other, and one must see the other's. The same
    // holds for `queued_` with `closed_` and `room_waiters_`.
    std::atomic<std::uint64_t> queued_{0}; ///< appends above, bytes in the low `bytes_bits`
    std::atomic<bool> asleep_{false};
    std::atomic<bool> closed_{false};
    std::atomic<std::uint32_t> room_waiters_{0};

    std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable room_;
};

} // namespace swarmlog::detail
