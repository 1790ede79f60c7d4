#pragma once

#include "log/log_core.hpp"

#include <swarmlog/engine/detail/completions.hpp>
#include <swarmlog/engine/query.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>

namespace swarmlog::detail {

/// One subscriber's place in the log.
///
/// There is one cursor, a position, whether it catches up or follows live: so the seam between
/// the two can neither lose nor repeat an event. Near the head, records come from the cache of
/// those just published and the query is matched event by event; further behind, the index
/// names the positions.
class subscription_core : public std::enable_shared_from_this<subscription_core> {
public:
    using clock_type = std::chrono::steady_clock;

    subscription_core(std::shared_ptr<log_core> core, query events, position after)
        : core_(std::move(core)),
          wanted_(std::move(events)),
          looked_at_(after),
          delivered_(after.value) {}

    [[nodiscard]] result<event> next(clock_type::time_point deadline);
    void start(std::unique_ptr<event_completion> completion);
    void cancel();
    [[nodiscard]] position at() const noexcept {
        return position{delivered_.load(std::memory_order_relaxed)};
    }
    [[nodiscard]] std::shared_ptr<log_core> const& log() const noexcept { return core_; }
    /// True when an event can be had without waiting.
    [[nodiscard]] bool has_buffered() const noexcept { return !buffer_.empty(); }

private:
    /// Looks once, without waiting: true when the buffer has something.
    [[nodiscard]] result<bool> look();
    [[nodiscard]] bool look_at_recent(position head);
    [[nodiscard]] result<void> look_at_storage();
    [[nodiscard]] event take();
    void look_or_wait();
    void complete(result<event> answer);

    std::shared_ptr<log_core> core_;
    query wanted_;
    std::deque<event> buffer_;
    position looked_at_;                   ///< everything up to here is in the buffer or behind
    std::atomic<std::uint64_t> delivered_; ///< read by `at` from anywhere
    std::atomic<bool> cancelled_{false};

    std::mutex async_mutex_;
    std::unique_ptr<event_completion> waiting_; ///< an asynchronous `next` under way
    std::uint64_t waker_ = 0;
};

} // namespace swarmlog::detail
