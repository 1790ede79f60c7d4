#pragma once

#include "table_fold.hpp"

#include <swarmlog/engine/state_fold.hpp>
#include <swarmlog/projections/projection_set.hpp>

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <typeindex>
#include <vector>

namespace swarmlog::detail {

/// What a set's handle shares with the log that it serves: its projections at work.
///
///     closed ──start──▶ open ──stop──▶ closed
///
/// The writer's thread folds the inline ones, one thread of its own the asynchronous ones;
/// everything else may be called from any thread.
class projector final : public state_fold, public std::enable_shared_from_this<projector> {
public:
    explicit projector(projection_options options)
        : options_(std::move(options)), steps_(std::make_shared<upcasters>()) {}
    ~projector() override;

    void add(std::unique_ptr<bound_projection> added, bool is_async);
    [[nodiscard]] projection_options const& options() const noexcept { return options_; }
    [[nodiscard]] std::shared_ptr<upcasters> const& steps() const noexcept { return steps_; }

    // The engine's side.
    result<void> start(state_host& host, bool writable) override;
    bool follow_by_hand() override;
    void stop_following() noexcept override;
    void stop() noexcept override;
    result<void> apply(event_view const& event) override;
    std::size_t marked() override;
    void cut_back(std::size_t mark) override;
    void keep() noexcept override;
    result<void> write(write_transaction& transaction, position head) override;
    void publish(position head) override;
    void drop() noexcept override;

    // The handle's side.
    [[nodiscard]] result<std::vector<projection_status>> status() const;
    [[nodiscard]] result<void> wait_until(std::string_view name, position at,
                                          std::chrono::milliseconds wait_max);
    [[nodiscard]] result<rebuild_report> rebuild(std::string_view name, progress const& report);
    [[nodiscard]] result<void> drop_snapshots();
    [[nodiscard]] result<std::shared_ptr<row_source const>> source_of(std::type_index row);
    [[nodiscard]] std::shared_ptr<row_source const> staged_source_of(std::type_index row);

    /// Runs `work` with the host, unless no log is open: `closed`.
    template <class Work>
    [[nodiscard]] std::invoke_result_t<Work const&, state_host&> with_host(Work const& work) const {
        std::shared_lock const lock{host_mutex_};
        if (host_ == nullptr) {
            return error{errc::closed, "no log with these projections is open"};
        }
        return work(*host_);
    }
    [[nodiscard]] table_fold* find(std::string_view name) const noexcept;
    [[nodiscard]] table_fold* find(std::type_index row) const noexcept;
    [[nodiscard]] error unknown(std::string_view name) const;
    [[nodiscard]] bool may_write() const noexcept { return may_write_; }

private:
    void follow();
    /// Folds a batch of each asynchronous projection that is behind; the least checkpoint.
    position follow_all(position head);
    /// False when it has failed for good.
    bool follow_or_fail(table_fold& each, position head);
    [[nodiscard]] result<void> follow_once(table_fold& each, position head);

    projection_options const options_;
    std::shared_ptr<upcasters> const steps_;
    held_view groups_view_; ///< of what is committed, for all inline folds
    std::vector<std::unique_ptr<table_fold>> all_;
    std::vector<table_fold*> inline_;
    std::vector<table_fold*> async_;

    mutable std::shared_mutex host_mutex_;
    state_host* host_ = nullptr;
    bool may_write_ = false;

    std::vector<std::size_t> marks_; ///< of the inline folds, one after the other, in turn
    std::thread follower_;
    std::atomic<bool> stopping_{false};
    bool is_held_up_ = false; ///< the follower's: something has to be tried again
    std::atomic<bool> is_followed_by_hand_{false}; ///< by a call that has not returned
    mutable std::mutex moved_mutex_;
    mutable std::condition_variable moved_; ///< a checkpoint
    std::mutex rebuild_mutex_;
};

} // namespace swarmlog::detail
