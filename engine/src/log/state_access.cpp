/// What the log offers to the state that is folded from it: `state_host`.

#include "log/log_core.hpp"
#include "read/event_cursor.hpp"

#include <utility>

namespace swarmlog::detail {

result<std::unique_ptr<read_view>> log_core::state_view() {
    if (auto const usable = check_usable(); !usable) { return usable.error(); }
    return store->read();
}

result<std::optional<row_cells>> log_core::find_state_row(table_spec const& table,
                                                          cell const& key) {
    if (auto const usable = check_usable(); !usable) { return usable.error(); }
    return store->find_row(table, key);
}

result<void> log_core::visit_events(query const& events, position after, position through,
                                    event_visitor const& visit) {
    event_cursor cursor{shared_from_this()};
    cursor.matching(events);
    cursor.after(after);
    cursor.before(through.next());
    while (true) {
        auto const event = cursor.step();
        if (!event) { return event.error(); }
        if (*event == nullptr) { return {}; }
        if (auto const visited = visit(**event); !visited) { return visited; }
    }
}

result<position> log_core::position_at(timestamp time) {
    event_cursor cursor{shared_from_this()};
    // Bounds are exclusive, and a time is a whole number of nanoseconds.
    cursor.before(time + std::chrono::nanoseconds{1});
    cursor.backwards();
    cursor.limit(1);
    auto const newest = cursor.step();
    if (!newest) { return newest.error(); }
    return *newest == nullptr ? position{} : (*newest)->position;
}

result<void> log_core::write_now(std::function<result<void>(write_transaction&)> const& work,
                                 std::function<void()> const& committed) {
    auto transaction = store->begin();
    if (!transaction) { return transaction.error(); }
    if (auto const done = work(**transaction); !done) { return done; }
    commit_result const written = (*transaction)->commit();
    if (written.outcome == commit_outcome::in_doubt) {
        return error{errc::in_doubt,
                     "a commit failed and may come back when the log is opened "
                     "again: " +
                         written.failure.message()};
    }
    if (written.outcome != commit_outcome::committed) { return written.failure; }
    if (committed) { committed(); }
    return {};
}

result<void> log_core::write_state(std::function<result<void>(write_transaction&)> work,
                                   std::function<void()> committed) {
    if (!started_) { return write_now(work, committed); }
    return run_command([this, work = std::move(work), committed = std::move(committed)] {
        return write_now(work, committed);
    });
}

void log_core::wait_for_head(position seen, clock_type::time_point deadline,
                             std::function<bool()> const& stop) {
    head.wait_beyond(seen, deadline, stop);
}

} // namespace swarmlog::detail
