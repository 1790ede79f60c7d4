#pragma once

#include <swarmlog/engine/append_request.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/query.hpp>
#include <swarmlog/export.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace swarmlog {

class state_fold;
template <class Row>
class typed_table;

namespace detail {
class decision_scope;
}

/// What a closure given to `event_log::decide` sees and says. It is called by who does the writer's
/// work: the log's own thread, or a blocking call that is alone; always one at a time.
///
/// It sees everything that comes before it in the log, also what is in its own commit group and
/// not yet durable, and its own appends; so no retry is ever needed. Keep it short: the writer
/// waits for it. Valid only during the call; do not use the log's blocking calls inside.
///
/// A decision is ordered after what was acknowledged before it was asked for. What a producer has
/// submitted and not yet flushed may come before or after it.
class SWARMLOG_EXPORT decision {
public:
    /// The position of the newest event it sees.
    [[nodiscard]] position head() const;
    /// The time that its events will carry at the earliest.
    [[nodiscard]] timestamp now() const;
    /// 0 when the stream has no event.
    [[nodiscard]] result<version> version_of(std::string_view stream);

    /// The newest `events_max` events that match, newest first.
    [[nodiscard]] result<std::vector<event>> newest(query const& events,
                                                    std::uint64_t events_max = 1);
    /// All events that match, oldest first.
    [[nodiscard]] result<std::vector<event>> read(query const& events, position after = {});

    /// The rows of an inline projection, with what is staged before this decision and by it.
    /// Defined in <swarmlog/projections/log_tables.hpp>.
    template <class Row>
    [[nodiscard]] typed_table<Row> table() const;
    /// What folds the log's state, as given in `log_options::state`; null without.
    [[nodiscard]] std::shared_ptr<state_fold> const& state() const noexcept;

    /// Adds an event to what this decision appends; seen by its later reads. Once one fails the
    /// whole decision fails with its error, whatever the closure returns. All of a decision's
    /// appends together are bounded by `append_events_max` and `append_bytes_max`.
    template <appendable Event>
    result<void> append(std::string_view stream, Event const& event,
                        event_details const& details = {}) {
        append_request request = new_append();
        request.add(stream, event, details);
        return append(std::move(request));
    }
    /// Adds a request's events, if its conditions hold on what the decision sees. An idempotency key
    /// is `invalid_argument`, a request without events `empty_append`.
    result<void> append(append_request request);

    /// An empty request under the log's limits.
    [[nodiscard]] append_request new_append() const;

private:
    friend class detail::decision_scope;
    explicit decision(detail::decision_scope& scope) noexcept : scope_(&scope) {}
    detail::decision_scope* scope_;
};

} // namespace swarmlog
