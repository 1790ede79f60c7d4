#pragma once

/// \file
/// Stage 1 of 7, producer: builds an append from typed events on the caller's thread.

#include <swarmlog/engine/append_request.hpp>
#include <swarmlog/engine/detail/completions.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/receipt.hpp>
#include <swarmlog/export.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace swarmlog {

namespace detail {
class log_core;
class producer_core;
class append_ticket;

/// Hands the answer to an Asio handler on its own executor.
///
/// The executor's context may be gone as soon as the handler has run, while this thread is still
/// here. So an executor that counts as work is held meanwhile, and given up last: after the
/// handler, which may keep an executor (a strand) even when it is moved from.
template <class Handler, class Value>
class posted_handler {
public:
    explicit posted_handler(Handler handler)
        : work_(tracked(boost::asio::get_associated_executor(handler))),
          handler_(std::move(handler)) {}

    void operator()(Value value) {
        boost::asio::post(*work_,
                          [handler = std::move(*handler_), value = std::move(value)]() mutable {
                              std::move(handler)(std::move(value));
                          });
        handler_.reset();
        work_.reset();
    }

    /// Runs `task` on the same executor, before the answer.
    void post(std::function<void()> task) { boost::asio::post(*work_, std::move(task)); }

private:
    static auto tracked(boost::asio::associated_executor_t<Handler> const& executor) {
        return boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked);
    }
    using work_type =
        decltype(tracked(std::declval<boost::asio::associated_executor_t<Handler> const&>()));

    std::optional<work_type> work_; // outlives the handler
    std::optional<Handler> handler_;
};

template <class Handler>
class posted_append_completion final : public append_completion {
public:
    explicit posted_append_completion(Handler handler) : handler_(std::move(handler)) {}
    void complete(result<receipt> answer) override { handler_(std::move(answer)); }

private:
    posted_handler<Handler, result<receipt>> handler_;
};
} // namespace detail

/// The answer to come of a `try_append`. Movable; dropping it does not undo the append.
/// Used by one thread at a time.
class SWARMLOG_EXPORT pending_append {
public:
    pending_append(pending_append&&) noexcept;
    pending_append& operator=(pending_append&&) noexcept;
    ~pending_append();

    /// True once `get` would not wait.
    [[nodiscard]] bool ready() const noexcept;
    /// Waits for the answer; call it once.
    [[nodiscard]] result<receipt> get();

private:
    friend class producer;
    pending_append(std::shared_ptr<detail::log_core> core,
                   std::shared_ptr<detail::append_ticket> ticket) noexcept;
    std::shared_ptr<detail::log_core> core_;
    std::shared_ptr<detail::append_ticket> ticket_;
};

/// A way into the log that keeps its caller's order: what one producer sends is committed in the
/// order it was sent.
///
/// Not thread-safe: one thread, or one strand, at a time; make as many as you like. May outlive
/// the log: every call then answers `closed`. Movable.
///
/// Each append can answer what `append_request` found wrong (the `errc` up to
/// `invalid_argument`), `wrong_version`, `stream_already_exists`, `stream_not_found`,
/// `condition_failed`, `idempotency_conflict`, `projection_failed`, `disk_full`, `queue_full`,
/// `closed`, `read_only`, `forked_handle`, `in_doubt` and `corrupt`.
class SWARMLOG_EXPORT producer {
public:
    producer(producer&&) noexcept;
    producer& operator=(producer&&) noexcept;
    ~producer();

    /// An empty request under the log's limits.
    [[nodiscard]] append_request new_append() const;

    /// Appends one event and returns when it is as durable as the log's mode says. Waits for
    /// room in the queue up to `queue_wait_max`.
    template <appendable Event>
    [[nodiscard]] result<receipt> append(std::string_view stream,
                                         expected::condition const& condition, Event const& event,
                                         event_details const& details = {}) {
        return append(one(stream, condition, event, details));
    }
    /// Appends a request, as above.
    [[nodiscard]] result<receipt> append(append_request request);

    /// Never blocks: `queue_full` at once when there is no room, else the answer to come.
    template <appendable Event>
    [[nodiscard]] result<pending_append>
    try_append(std::string_view stream, expected::condition const& condition, Event const& event,
               event_details const& details = {}) {
        return try_append(one(stream, condition, event, details));
    }
    /// Queues a request, as above.
    [[nodiscard]] result<pending_append> try_append(append_request request);

    /// Pipelines: returns once the append is queued, waiting for room up to `queue_wait_max`;
    /// `flush` tells what became of it.
    template <appendable Event>
    [[nodiscard]] result<void> submit(std::string_view stream, expected::condition const& condition,
                                      Event const& event, event_details const& details = {}) {
        return submit(one(stream, condition, event, details));
    }
    /// Queues a request, as above.
    [[nodiscard]] result<void> submit(append_request request);

    /// Waits until everything submitted is answered. The counts start anew.
    [[nodiscard]] flush_summary flush();

    /// Completes with `void(result<receipt>)` on the handler's executor; never blocks, so a
    /// full queue completes with `queue_full`.
    template <appendable Event, class CompletionToken>
    auto async_append(std::string_view stream, expected::condition const& condition,
                      Event const& event, CompletionToken&& token) {
        return async_append(one(stream, condition, event, {}),
                            std::forward<CompletionToken>(token));
    }
    /// The same, with details. Their views are copied before it returns.
    template <appendable Event, class CompletionToken>
    auto async_append(std::string_view stream, expected::condition const& condition,
                      Event const& event, event_details const& details, CompletionToken&& token) {
        return async_append(one(stream, condition, event, details),
                            std::forward<CompletionToken>(token));
    }
    /// The same, of a request.
    template <class CompletionToken>
    auto async_append(append_request request, CompletionToken&& token) {
        return boost::asio::async_initiate<CompletionToken, void(result<receipt>)>(
            [this](auto handler, append_request owned) {
                using handler_type = std::decay_t<decltype(handler)>;
                start(std::move(owned),
                      std::make_unique<detail::posted_append_completion<handler_type>>(
                          std::move(handler)));
            },
            token, std::move(request));
    }

private:
    friend class event_log;
    explicit producer(std::unique_ptr<detail::producer_core> core) noexcept;

    template <appendable Event>
    [[nodiscard]] append_request one(std::string_view stream, expected::condition const& condition,
                                     Event const& event, event_details const& details) {
        append_request request = new_append();
        request.expect(stream, condition);
        request.add(stream, event, details);
        return request;
    }
    void start(append_request request, std::unique_ptr<detail::append_completion> completion);

    std::unique_ptr<detail::producer_core> core_;
};

} // namespace swarmlog
