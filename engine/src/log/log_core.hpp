#pragma once

#include "index/index.hpp"
#include "ingestion_queue/ingestion_queue.hpp"
#include "log/fork_guard.hpp"
#include "log/writer_turn.hpp"
#include "producer/ticket_pool.hpp"
#include "publish/published_head.hpp"
#include "read/record_cache.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/options.hpp>
#include <swarmlog/engine/reports.hpp>
#include <swarmlog/engine/state_fold.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace swarmlog::detail {

class group_stage;
class writer;

/// What a log's handle, producers, readers and subscriptions share. Kept alive by each of them;
/// usable until `close`.
class log_core final : public state_host, public std::enable_shared_from_this<log_core> {
public:
    log_core(std::unique_ptr<backend> opened, log_options given);
    ~log_core() override;

    /// Loads the index, replays the tail of the log, and starts the writer.
    [[nodiscard]] result<void> start();

    /// `forked_handle`, `closed`, or nothing.
    [[nodiscard]] result<void> check_usable() const;
    /// The same, and whether the log may be written at all.
    [[nodiscard]] result<void> check_writable() const;

    /// Queues a ticket, waiting for room up to `queue_wait_max`. By hand nobody else makes room,
    /// so the call does, a group at a time.
    [[nodiscard]] result<void> put_waiting(append_ticket& ticket,
                                           ingestion_queue::token_type* token,
                                           ingestion_queue::waking wakes);
    /// Queues a ticket that is waited for, and waits.
    [[nodiscard]] result<receipt> ask(std::shared_ptr<append_ticket> const& ticket);
    [[nodiscard]] result<void> run_command(writer_command command);
    /// Waits for a ticket's answer, driving the writer if nobody else does.
    void await(append_ticket& ticket);
    /// The same for a ticket that was put without waking the writer.
    void work_or_await(append_ticket& ticket);
    /// Drives the writer until `pool` has its answers.
    void await(ticket_pool& pool);

    /// One group by hand; false when nothing was queued.
    bool run_once();

    [[nodiscard]] std::shared_ptr<ticket_pool> make_pool();

    /// On a read-only log: takes over what another process has appended since.
    [[nodiscard]] result<position> refresh();
    /// Waits until the head is beyond `seen`, the log is closed, `stop` says so, or the
    /// deadline. On a read-only log it looks every `follow_interval`.
    [[nodiscard]] result<void> wait_for_news(position seen,
                                             std::chrono::steady_clock::time_point deadline,
                                             std::function<bool()> const& stop);
    /// The index as of now, and a view that has its runs. Refreshes a read-only log.
    struct reading {
        position head;
        std::shared_ptr<index_snapshot const> index;
        std::unique_ptr<read_view> view;
    };
    [[nodiscard]] result<reading> begin_reading();
    /// The record that contains `at`, from the cache or the store.
    [[nodiscard]] result<std::shared_ptr<record const>> record_at(position at, read_view& view);

    // For what is folded from the log: see `state_host`.
    [[nodiscard]] position state_head() const noexcept override { return head.get(); }
    [[nodiscard]] result<std::unique_ptr<read_view>> state_view() override;
    [[nodiscard]] result<std::optional<row_cells>> find_state_row(table_spec const& table,
                                                                  cell const& key) override;
    [[nodiscard]] result<void> visit_events(query const& events, position after, position through,
                                            event_visitor const& visit) override;
    [[nodiscard]] result<position> position_at(timestamp time) override;
    [[nodiscard]] result<void> write_state(std::function<result<void>(write_transaction&)> work,
                                           std::function<void()> committed) override;
    void wait_for_head(position seen, clock_type::time_point deadline,
                       std::function<bool()> const& stop) override;
    void nudge_waiters() override { head.nudge(); }
    [[nodiscard]] bool is_driven_by_hand() const noexcept override {
        return options.drive == writer_drive::by_hand;
    }

    [[nodiscard]] result<void> close();
    /// In a forked child: forgets everything without touching it.
    void abandon() noexcept;

    log_options const options;
    std::unique_ptr<backend> const store;
    index keys;
    record_cache records;
    ingestion_queue queue;
    published_head head;
    open_report opened;
    fork_guard forked;
    /// Who does the writer's work, or refreshes a read-only log, does it alone.
    writer_turn turn;

    /// Counters of the writer's, for statistics: each alone, in no order among them.
    struct counters {
        std::atomic<std::uint64_t> events{0}, accepted{0}, rejected{0}, groups{0}, records{0};
    } counts;

private:
    [[nodiscard]] result<void>
    write_now(std::function<result<void>(write_transaction&)> const& work,
              std::function<void()> const& committed);
    void judge_opening(std::optional<error> const& damage);
    [[nodiscard]] result<void> refresh_with(read_view& view);

    std::unique_ptr<writer> writer_;
    /// Only on a read-only log, where it applies what another process committed.
    std::unique_ptr<group_stage> follower_;
    position applied_;
    std::thread thread_;
    std::mutex pools_mutex_;
    std::vector<std::shared_ptr<ticket_pool>> pools_;
    bool started_ = false;                ///< the writer runs: nobody else writes
    bool callers_may_work_ = false;       ///< one who waits may do the writer's work
    std::atomic<bool> closing_{false};    ///< somebody closes: done once
    std::atomic<bool> closed_{false};     ///< nothing can be asked any more
    std::shared_ptr<log_core> abandoned_; ///< itself, once nobody may end it
};

} // namespace swarmlog::detail
