#pragma once

#include <swarmlog/engine/append_request.hpp>
#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/decision.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/options.hpp>
#include <swarmlog/engine/producer.hpp>
#include <swarmlog/engine/query.hpp>
#include <swarmlog/engine/reader.hpp>
#include <swarmlog/engine/receipt.hpp>
#include <swarmlog/engine/reports.hpp>
#include <swarmlog/engine/subscription.hpp>
#include <swarmlog/engine/transaction.hpp>
#include <swarmlog/export.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace swarmlog {

namespace detail {
class log_core;
} // namespace detail

// Of <swarmlog/projections/...>.
class as_of_view;
template <class Row>
class typed_query;
template <class Row>
class typed_table;

/// An open log. The one thing to hold on to: producers, readers and subscriptions come from it.
///
/// Thread-safe, except that moving it and `close` need it alone. Movable. Closing it (or dropping
/// it) commits what is queued, up to `close_wait_max`, and answers the rest `closed`: every
/// caller is answered exactly once. In a forked child every call answers `forked_handle`, and
/// dropping the handle does not touch the files.
class SWARMLOG_EXPORT event_log {
public:
    /// Opens what a backend holds: checks the tail, replays what no index run covers, and starts
    /// the writer. Most programs call `open_sqlite` or `open_memory`.
    [[nodiscard]] static result<event_log> open(std::unique_ptr<backend> store,
                                                log_options options = {});

    event_log(event_log&&) noexcept;
    event_log& operator=(event_log&&) noexcept;
    ~event_log();

    /// What opening found.
    [[nodiscard]] open_report const& opened() const noexcept;

    // Appending.
    /// A way in for one thread at a time; make as many as you like. Never fails: on a closed or
    /// read-only log its calls do.
    [[nodiscard]] producer make_producer();

    /// Runs `closure` on the writer, where it sees everything before it, and appends what it
    /// says: no retry loop. The closure takes `decision&` and returns `void` or `result<void>`;
    /// an error (or an exception: `decision_failed`) appends nothing. Blocks until durable.
    template <std::invocable<decision&> Closure>
    [[nodiscard]] result<receipt> decide(Closure&& closure) {
        return decide_erased(erase(std::forward<Closure>(closure)));
    }
    /// Completes with `void(result<receipt>)`. The closure is copied or moved in.
    template <std::invocable<decision&> Closure, class CompletionToken>
    auto async_decide(Closure&& closure, CompletionToken&& token) {
        return boost::asio::async_initiate<CompletionToken, void(result<receipt>)>(
            [this](auto handler, detail::decision_function&& function) {
                using handler_type = std::decay_t<decltype(handler)>;
                start_decide(std::move(function),
                             std::make_unique<detail::posted_append_completion<handler_type>>(
                                 std::move(handler)));
            },
            token, erase(std::forward<Closure>(closure)));
    }

    /// Begins an optimistic transaction on the state of now.
    [[nodiscard]] transaction begin();

    // Reading.
    /// A read of everything, still to be narrowed. Never fails: its walk does.
    [[nodiscard]] reader read() const;
    /// The event with this id, if there is one.
    [[nodiscard]] result<std::optional<event>> find(event_id const& id) const;
    /// The last position that readers see; 0 when the log is empty.
    [[nodiscard]] position head() const noexcept;
    /// Waits until the head has reached `at`: `deadline_exceeded` otherwise.
    [[nodiscard]] result<void> wait_for(position at, std::chrono::milliseconds wait_max) const;
    /// 0 when the stream has no event.
    [[nodiscard]] result<version> version_of(std::string_view stream) const;
    /// Visits every stream with its count, in no particular order.
    [[nodiscard]] result<void> for_each_stream(std::function<void(key_info const&)> const&) const;
    /// The same, of types.
    [[nodiscard]] result<void> for_each_type(std::function<void(key_info const&)> const&) const;
    /// The same, of tags.
    [[nodiscard]] result<void> for_each_tag(std::function<void(key_info const&)> const&) const;
    /// On a read-only log: looks for what another process has appended. Reads do so themselves.
    result<position> refresh() const;

    // Projections' rows, of the set in `log_options::state`. Defined in
    // <swarmlog/projections/log_tables.hpp>.
    /// The rows of the projection with this row type; without one its calls answer `not_found`.
    template <class Row>
    [[nodiscard]] typed_table<Row> table() const;
    /// A query over these rows.
    template <class Row>
    [[nodiscard]] typed_query<Row> query() const;
    /// The tables as they were at a position.
    [[nodiscard]] result<as_of_view> as_of(position at) const;
    /// The tables as they were at a time of the writer's clock: at the last position recorded up
    /// to it.
    [[nodiscard]] result<as_of_view> as_of(timestamp at) const;
    /// What folds the log's state, as given in `log_options::state`; null without.
    [[nodiscard]] std::shared_ptr<state_fold> const& state() const noexcept;

    // Following.
    /// Follows the events that match, from the one after `after` on. `closed` on a closed log.
    [[nodiscard]] result<subscription> subscribe(swarmlog::query events = {},
                                                 position after = {}) const;
    /// The named consumer, from its checkpoint (a new one: from the beginning). Its checkpoint
    /// is kept by name only; the query may change from one start to the next.
    [[nodiscard]] result<consumer> open_consumer(std::string_view name,
                                                 swarmlog::query events = {});
    /// Every consumer's checkpoint, by rising name.
    [[nodiscard]] result<std::vector<stored_checkpoint>> consumers() const;
    /// Forgets a consumer's checkpoint.
    [[nodiscard]] result<void> remove_consumer(std::string_view name);

    // Maintenance.
    /// Moves the whole write-ahead log into the main file.
    [[nodiscard]] result<void> checkpoint();
    /// Copies the log to a new file while appends go on. `invalid_argument` if it exists.
    [[nodiscard]] result<void> backup_to(std::string const& path,
                                         progress const& report = {}) const;
    /// Gives unused space back to the file system. Appends wait meanwhile.
    [[nodiscard]] result<void> compact();
    /// How much the store takes, in bytes.
    [[nodiscard]] result<storage_sizes> sizes() const;
    /// Figures of the moment, each read by itself. Cheap; works on a closed log, too.
    [[nodiscard]] log_statistics statistics() const;
    /// Walks every record: checksums, hash chain, dense positions and versions, rising times,
    /// index against log. Costs a full read; appends go on.
    [[nodiscard]] result<verify_report> verify(progress const& report = {}) const;

    /// With `writer_drive::by_hand`: commits one group; false when nothing was queued.
    bool run_once();

    /// Commits what is queued, then gives the files back. Reports what the destructor could only
    /// swallow. Later calls answer `closed`.
    result<void> close();

private:
    explicit event_log(std::shared_ptr<detail::log_core> core) noexcept;
    [[nodiscard]] result<receipt> decide_erased(detail::decision_function closure);
    void start_decide(detail::decision_function closure,
                      std::unique_ptr<detail::append_completion> completion);

    template <class Closure>
    static detail::decision_function erase(Closure&& closure) {
        return [closure = std::forward<Closure>(closure)](decision& now) mutable -> result<void> {
            if constexpr (std::is_void_v<std::invoke_result_t<Closure&, decision&>>) {
                closure(now);
                return {};
            } else {
                return closure(now);
            }
        };
    }

    std::shared_ptr<detail::log_core> core_;
};

} // namespace swarmlog
