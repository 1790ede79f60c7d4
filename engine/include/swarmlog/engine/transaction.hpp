#pragma once

#include <swarmlog/engine/append_request.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/query.hpp>
#include <swarmlog/engine/receipt.hpp>
#include <swarmlog/export.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace swarmlog {

namespace detail {
class transaction_core;
}

/// An optimistic transaction: it reads the state of the moment it began, keeps its appends to
/// itself, and commits only if nothing that it read has changed since.
///
/// Belongs to one thread at a time. Dropping it, by an exception too, rolls it back: nothing of
/// it is ever stored. Movable.
class SWARMLOG_EXPORT transaction {
public:
    transaction(transaction&&) noexcept;
    transaction& operator=(transaction&&) noexcept;
    ~transaction();

    /// The position whose state it sees, with its own appends on top.
    [[nodiscard]] position began_at() const noexcept;

    /// 0 when the stream has no event. The answer becomes part of what must not change.
    [[nodiscard]] result<version> version_of(std::string_view stream);
    /// The newest `events_max` events that match, newest first, its own included (these have
    /// position 0). The query becomes part of what must not change.
    [[nodiscard]] result<std::vector<event>> newest(query const& events,
                                                    std::uint64_t events_max = 1);
    /// All events that match, oldest first, its own included.
    [[nodiscard]] result<std::vector<event>> read(query const& events, position after = {});

    /// Adds an event to what `commit` appends. Once one fails, `commit` answers its error.
    template <appendable Event>
    result<void> append(std::string_view stream, Event const& event,
                        event_details const& details = {}) {
        append_request request = new_append();
        request.add(stream, event, details);
        return append(std::move(request));
    }
    /// Adds a request's events to what `commit` appends; its conditions are judged then. All appends
    /// together are bounded as one append is. A request without events is `empty_append`.
    result<void> append(append_request request);
    /// An empty request under the log's limits.
    [[nodiscard]] append_request new_append() const;

    /// Appends everything, or answers `conflict` with what has changed. A transaction without
    /// appends only checks. Ends the transaction either way.
    [[nodiscard]] result<receipt> commit();
    /// Forgets everything.
    void rollback() noexcept;

private:
    friend class event_log;
    explicit transaction(std::unique_ptr<detail::transaction_core> core) noexcept;
    std::unique_ptr<detail::transaction_core> core_;
};

} // namespace swarmlog
