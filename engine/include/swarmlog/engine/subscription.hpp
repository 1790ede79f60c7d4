#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/producer.hpp>
#include <swarmlog/export.hpp>

#include <boost/asio/async_result.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog {

namespace detail {
class subscription_core;

template <class Handler>
class posted_event_completion final : public event_completion {
public:
    explicit posted_event_completion(Handler handler) : handler_(std::move(handler)) {}
    void complete(result<event> answer) override { handler_(std::move(answer)); }
    void post(std::function<void()> task) override { handler_.post(std::move(task)); }

private:
    posted_handler<Handler, result<event>> handler_;
};
} // namespace detail

/// The events that match a query, in order, from a position on and without an end: it catches up
/// from storage, then follows live, with no gap and no duplicate.
///
/// Pulled, not pushed: a slow subscriber reads from storage and never holds the writer up.
/// One caller at a time, except `cancel`, which any thread may call. Movable. After the log is
/// closed it delivers what is stored no more and answers `closed`.
class SWARMLOG_EXPORT subscription {
public:
    /// Of deadlines.
    using clock_type = std::chrono::steady_clock;

    subscription(subscription&&) noexcept;
    subscription& operator=(subscription&&) noexcept;
    ~subscription();

    /// The next event; waits for it until the deadline, then `deadline_exceeded`.
    [[nodiscard]] result<event> next(clock_type::time_point deadline);
    /// The next event, waiting this long at most.
    [[nodiscard]] result<event> next(clock_type::duration wait_max) {
        return next(clock_type::now() + wait_max);
    }
    /// One to `events_max` events: waits for the first only.
    [[nodiscard]] result<std::vector<event>> next_batch(std::size_t events_max,
                                                        clock_type::time_point deadline);

    /// Completes with `void(result<event>)` on the handler's executor. One at a time.
    template <class CompletionToken>
    auto async_next(CompletionToken&& token) {
        return boost::asio::async_initiate<CompletionToken, void(result<event>)>(
            [this](auto handler) {
                using handler_type = std::decay_t<decltype(handler)>;
                start(std::make_unique<detail::posted_event_completion<handler_type>>(
                    std::move(handler)));
            },
            token);
    }

    /// Ends a wait under way, and every later one, with `cancelled`. Any thread.
    void cancel();

    /// The last position looked at: everything that matches up to it was delivered.
    [[nodiscard]] position at() const noexcept;

protected:
    friend class event_log;
    /// For `event_log`, which makes it.
    explicit subscription(std::shared_ptr<detail::subscription_core> core) noexcept;
    /// Begins what `async_next` asked for.
    void start(std::unique_ptr<detail::event_completion> completion);

    /// Shared with a wait under way, which outlives the handle.
    std::shared_ptr<detail::subscription_core> core_;
};

/// A named subscription whose checkpoint is kept in the log's file, so that it goes on where it
/// was after a restart. Events after the last acknowledgement come again: at least once.
class SWARMLOG_EXPORT consumer : public subscription {
public:
    /// Keeps `at` as the place to go on from; durable as the log's mode says when it returns.
    /// `invalid_argument` beyond the log's head. Going back is allowed and means: again.
    [[nodiscard]] result<void> acknowledge(position at);

    /// What its checkpoint is kept under.
    [[nodiscard]] std::string const& name() const noexcept { return name_; }

private:
    friend class event_log;
    consumer(std::shared_ptr<detail::subscription_core> core, std::string name) noexcept
        : subscription(std::move(core)), name_(std::move(name)) {}

    std::string name_;
};

} // namespace swarmlog
