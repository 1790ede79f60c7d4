#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/export.hpp>
#include <swarmlog/projections/detail/row_stage.hpp>
#include <swarmlog/projections/projection.hpp>
#include <swarmlog/projections/upcasting.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace swarmlog::detail {

/// A projection at work on one table, whatever its types. One thread at a time.
class bound_fold {
public:
    virtual ~bound_fold() = default;
    /// Events of types that the projection does not take change nothing.
    [[nodiscard]] virtual result<void> apply(event_view const& event) = 0;
    [[nodiscard]] virtual std::size_t marked() noexcept = 0;
    virtual void cut_back(std::size_t mark) = 0;
    /// No mark that was taken before will be cut back to.
    virtual void keep() noexcept = 0;
    [[nodiscard]] virtual std::size_t dirty_count() const noexcept = 0;
    [[nodiscard]] virtual result<void> write(write_transaction& transaction,
                                             table_spec const& table) = 0;
    /// Calls `visit(key, cells)` for each changed row; null cells: erased.
    [[nodiscard]] virtual result<void>
    for_each_dirty(std::function<void(cell const& key, row_cells const* row)> const& visit) = 0;
    virtual void publish() = 0;
    virtual void drop() noexcept = 0;
};

[[nodiscard]] SWARMLOG_EXPORT error fold_failed(std::string_view projection,
                                                event_view const& event, std::string const& why);

template <class Projection>
[[nodiscard]] row_key_view key_of_row(typename Projection::row_type const& row) {
    return key_of_argument(row.*Projection::key);
}

template <class Projection>
class typed_fold final : public bound_fold {
public:
    using row = typename Projection::row_type;

    typed_fold(Projection const& fold, std::shared_ptr<upcasters const> steps,
               committed_cache<row>* cache, row_loader load)
        : fold_(fold),
          steps_(std::move(steps)),
          stage_(&key_of_row<Projection>, cache, std::move(load)) {}

    result<void> apply(event_view const& event) override {
        return apply_one_of(event, typename Projection::handles{});
    }
    std::size_t marked() noexcept override { return stage_.marked(); }
    void cut_back(std::size_t mark) override { stage_.cut_back(mark); }
    void keep() noexcept override { stage_.keep(); }
    std::size_t dirty_count() const noexcept override { return stage_.dirty_count(); }
    result<void> write(write_transaction& transaction, table_spec const& table) override {
        return stage_.write(transaction, table);
    }
    result<void> for_each_dirty(
        std::function<void(cell const& key, row_cells const* row)> const& visit) override {
        row_cells cells;
        return stage_.for_each_dirty([&](row_key_view const& key, row const* changed) {
            result<void> written;
            if (changed != nullptr) { written = to_cells(*changed, cells); }
            if (written) { visit(key.to_cell(), changed != nullptr ? &cells : nullptr); }
            return written;
        });
    }
    void publish() override { stage_.publish(); }
    void drop() noexcept override { stage_.drop(); }

    [[nodiscard]] row_stage<row>& stage() noexcept { return stage_; }

private:
    template <class... Events>
    result<void> apply_one_of(event_view const& event, event_types<Events...>) {
        result<void> outcome;
        static_cast<void>(((event.type == std::string_view{Events::type} &&
                            (outcome = apply_typed<Events>(event), true)) ||
                           ...));
        return outcome;
    }

    template <class Event>
    result<void> apply_typed(event_view const& event) {
        rows<row> into{stage_};
        try { // the program's steps from old layouts may throw too
            auto const decoded = steps_->decode<Event>(event);
            if (!decoded) {
                return fold_failed(Projection::name, event, decoded.error().message());
            }
            fold_.apply(*decoded, event, into);
        } catch (std::exception const& thrown) {
            static_cast<void>(stage_.take_failure());
            return fold_failed(Projection::name, event, thrown.what());
        } catch (...) {
            static_cast<void>(stage_.take_failure());
            return fold_failed(Projection::name, event, "it threw what is not a std::exception");
        }
        if (auto failure = stage_.take_failure()) { return std::move(*failure); }
        // Here it costs this event's append; at the commit it would cost the whole group.
        auto const storable = stage_.check_changed();
        if (!storable) { return fold_failed(Projection::name, event, storable.error().message()); }
        return {};
    }

    Projection fold_;
    std::shared_ptr<upcasters const> steps_;
    row_stage<row> stage_;
};

} // namespace swarmlog::detail
