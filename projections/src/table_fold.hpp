#pragma once

#include "held_view.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/state_fold.hpp>
#include <swarmlog/projections/detail/bound_projection.hpp>
#include <swarmlog/projections/projection_set.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace swarmlog::detail {

/// One projection at work on its table in an open log: where it has got, and how it gets on.
class table_fold {
public:
    /// An inline one reads by the view that its group shares.
    table_fold(std::unique_ptr<bound_projection> definition, held_view& of_group)
        : definition_(std::move(definition)), is_async_(false), view_(&of_group) {}
    explicit table_fold(std::unique_ptr<bound_projection> definition)
        : definition_(std::move(definition)), is_async_(true), view_(&own_view_) {}
    table_fold(table_fold const&) = delete;
    table_fold& operator=(table_fold const&) = delete;

    [[nodiscard]] bound_projection& definition() const noexcept { return *definition_; }
    [[nodiscard]] bool is_async() const noexcept { return is_async_; }
    [[nodiscard]] position checkpoint() const noexcept {
        return position{checkpoint_.load(std::memory_order_acquire)};
    }
    void move_checkpoint(position at) noexcept {
        checkpoint_.store(at.value, std::memory_order_release);
    }
    [[nodiscard]] bound_fold& live() const noexcept { return *live_; }
    [[nodiscard]] bool is_open() const noexcept { return live_ != nullptr; }

    /// Makes the table fit the projection: creates it, takes it over, or rebuilds it; and folds
    /// what it lacks up to the head. Before the log serves anybody.
    [[nodiscard]] result<void> open(state_host& host, bool may_write,
                                    projection_options const& options);
    void close() noexcept;

    /// Folds the live table from its checkpoint to `through`, a batch a transaction.
    [[nodiscard]] result<void> catch_up(state_host& host, position through,
                                        std::uint32_t batch_events, progress const& report);
    [[nodiscard]] result<rebuild_report> rebuild(state_host& host, std::uint32_t batch_events,
                                                 progress const& report);

    /// Writes what is staged, and that the table is as of `head`.
    [[nodiscard]] result<void> write(write_transaction& transaction, position head);
    void publish(position head);
    /// The group is dropped: forgets what is staged.
    void drop() noexcept;
    /// Held while an asynchronous projection folds a batch, and while its table is swapped. By
    /// hand, a rebuild that waits for its swap may drive the log, and with it the projection.
    [[nodiscard]] std::recursive_mutex& follow_mutex() noexcept { return follow_mutex_; }
    /// Folds one batch of what the table lacks up to `head`; no event twice.
    [[nodiscard]] result<void> follow(state_host& host, position head, std::uint32_t batch_events);

    [[nodiscard]] std::string failure() const;
    void fail(error const& failure);

private:
    [[nodiscard]] stored_projection stored_at(position at) const;
    [[nodiscard]] result<void> create(state_host& host);
    [[nodiscard]] result<std::optional<row_cells>> load(state_host& host, cell const& key);
    [[nodiscard]] result<void> swap_in(state_host& host, bound_fold& fold, table_spec const& shadow,
                                       position folded, rebuild_report& report);

    std::unique_ptr<bound_projection> const definition_;
    bool const is_async_;
    std::unique_ptr<bound_fold> live_;
    held_view own_view_;
    held_view* const view_;
    std::atomic<std::uint64_t> checkpoint_{0};
    position stored_checkpoint_;     ///< as the store has it; behind while nothing changes
    bool stores_checkpoint_ = false; ///< the transaction in hand does
    std::recursive_mutex follow_mutex_;

    mutable std::mutex failure_mutex_;
    std::string failure_;
};

} // namespace swarmlog::detail
