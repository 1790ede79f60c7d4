#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/query.hpp>
#include <swarmlog/engine/rows.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

/// \file
/// Where state that is folded from the log hooks into it: the engine's side of projections.
/// Programs use <swarmlog/projections/...>, which implements `state_fold`.
namespace swarmlog {

/// What an open log offers to the state that is folded from it. Lives as long as the log is
/// open. Any thread, unless it says otherwise.
class state_host {
public:
    /// Takes an event, valid during the call; an error ends the walk.
    using event_visitor = std::function<result<void>(event_view const&)>;
    /// Of deadlines.
    using clock_type = std::chrono::steady_clock;

    virtual ~state_host() = default;

    /// The last position that readers see.
    [[nodiscard]] virtual position state_head() const noexcept = 0;
    /// A view of what is committed, for a short while.
    [[nodiscard]] virtual result<std::unique_ptr<read_view>> state_view() = 0;
    /// One committed row, as a view made now would find it.
    [[nodiscard]] virtual result<std::optional<row_cells>> find_state_row(table_spec const& table,
                                                                          cell const& key) = 0;

    /// Visits the committed events that match, in order, from the one after `after` up to
    /// `through`. An error of the visitor's ends the walk and is the answer.
    [[nodiscard]] virtual result<void> visit_events(query const& events, position after,
                                                    position through,
                                                    event_visitor const& visit) = 0;
    /// The last position recorded at or before a time; 0: none.
    [[nodiscard]] virtual result<position> position_at(timestamp time) = 0;

    /// Runs `work` in a transaction of its own, between two groups, on the writer's thread (in
    /// `state_fold::start`, at once); and then `committed`, there too, if it was committed.
    /// Blocks; not to be called on the writer's thread.
    [[nodiscard]] virtual result<void>
    write_state(std::function<result<void>(write_transaction&)> work,
                std::function<void()> committed) = 0;

    /// Waits until the head is beyond `seen`, the log is closed, `stop` says so, or the deadline.
    virtual void wait_for_head(position seen, clock_type::time_point deadline,
                               std::function<bool()> const& stop) = 0;
    /// Makes those who wait look at their `stop` again.
    virtual void nudge_waiters() = 0;
    /// True when no thread may be started: the program drives the log by hand.
    [[nodiscard]] virtual bool is_driven_by_hand() const noexcept = 0;
};

/// State folded from the log inside each commit: stages 5 to 7 call it beside the index.
///
/// What it changes lies in three layers, as the engine's own state does: an append's delta (cut
/// back to a mark), the group's (dropped by `drop`), and what is published. One log at a time.
/// All but the first four are called on the writer's thread: by who does the writer's work, one
/// thread at a time.
class state_fold {
public:
    virtual ~state_fold() = default;

    /// Catches up with the log's head before anything is appended. An error keeps the log from
    /// opening. Without `writable` nothing may be written and nothing will be applied.
    [[nodiscard]] virtual result<void> start(state_host& host, bool writable) = 0;
    /// Driven by hand, does a step of what a thread of the fold's own would do. False: nothing
    /// was left to do. Any thread.
    [[nodiscard]] virtual bool follow_by_hand() = 0;
    /// The log is about to close: ends the fold's own threads, while the writer still serves them.
    virtual void stop_following() noexcept = 0;
    /// The log is closed, its queue empty: nothing of the host may be used afterwards.
    virtual void stop() noexcept = 0;

    // Stage 5, apply.
    /// Folds an event into the append's delta. An error rejects the append, whose delta is then
    /// cut back.
    [[nodiscard]] virtual result<void> apply(event_view const& event) = 0;
    /// A mark at the end of what is applied so far.
    [[nodiscard]] virtual std::size_t marked() = 0;
    /// Forgets what was applied since the mark.
    virtual void cut_back(std::size_t mark) = 0;
    /// What was applied stays, unless the whole group is dropped: no mark that was taken before
    /// will be cut back to.
    virtual void keep() noexcept = 0;

    // Stage 6, commit.
    /// Writes the group's delta, with the position that it brings the state to.
    [[nodiscard]] virtual result<void> write(write_transaction& transaction, position head) = 0;

    // Stage 7, publish; or the group is dropped. Neither can fail, except that publishing may
    // throw `std::bad_alloc`: the log is then in doubt.
    /// What was written is what readers see from now on: the group is committed up to `head`.
    virtual void publish(position head) = 0;
    /// Forgets the group's delta: it was not committed.
    virtual void drop() noexcept = 0;
};

} // namespace swarmlog
