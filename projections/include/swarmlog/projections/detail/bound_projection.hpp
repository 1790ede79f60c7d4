#pragma once

#include <swarmlog/engine/query.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/projections/detail/bound_fold.hpp>
#include <swarmlog/projections/detail/typed_source.hpp>
#include <swarmlog/projections/projection.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <utility>

namespace swarmlog::detail {

/// A projection that was added to a set: what it is, and how to make folds and sources of its
/// types. Thread-safe.
class bound_projection {
public:
    explicit bound_projection(std::type_index row) : row_(row) {}
    virtual ~bound_projection() = default;

    [[nodiscard]] std::type_index row() const noexcept { return row_; }
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;
    [[nodiscard]] virtual std::uint32_t version() const noexcept = 0;
    [[nodiscard]] table_spec const& table() const noexcept { return table_; }
    /// The events that it takes.
    [[nodiscard]] query const& events() const noexcept { return events_; }
    /// The one stream that makes the row of a key, when the projection says so.
    [[nodiscard]] virtual std::optional<std::string> stream_of(row_key_view const& key) const = 0;

    /// A fold above the committed rows, whose cache it keeps up.
    [[nodiscard]] virtual std::unique_ptr<bound_fold> make_live_fold(row_loader load) = 0;
    /// A fold of its own: nothing is there but what `load` finds.
    [[nodiscard]] virtual std::unique_ptr<bound_fold> make_fold(row_loader load) const = 0;
    virtual void clear_cache() = 0;

    /// Rows from `reader`; by `cached` also from the committed rows' cache.
    [[nodiscard]] virtual std::shared_ptr<row_source const>
    make_source(std::shared_ptr<row_access const> access, bool cached) = 0;
    /// The rows as a live fold has them staged, above what `access` reads.
    [[nodiscard]] virtual std::shared_ptr<row_source const>
    make_staged_source(std::shared_ptr<row_access const> access, bound_fold& live) = 0;

protected:
    table_spec table_;
    query events_;

private:
    std::type_index row_;
};

template <class Projection>
class typed_projection final : public bound_projection {
public:
    using row_of = typename Projection::row_type;

    typed_projection(Projection fold, std::shared_ptr<upcasters const> steps,
                     std::size_t cache_rows)
        : bound_projection(typeid(row_of)),
          fold_(std::move(fold)),
          steps_(std::move(steps)),
          cache_(std::make_shared<table_cache<row_of>>(cache_rows)) {
        table_ = table_of<Projection>();
        add_types(typename Projection::handles{});
    }

    std::string_view name() const noexcept override { return Projection::name; }
    std::uint32_t version() const noexcept override { return Projection::version; }

    std::optional<std::string> stream_of(row_key_view const& key) const override {
        if constexpr (has_stream_of<Projection>) {
            return key.is_text ? Projection::stream_of(key.text)
                               : Projection::stream_of(std::to_string(key.number));
        } else {
            return std::nullopt;
        }
    }

    std::unique_ptr<bound_fold> make_live_fold(row_loader load) override {
        return std::make_unique<typed_fold<Projection>>(fold_, steps_, &cache_->rows,
                                                        std::move(load));
    }
    std::unique_ptr<bound_fold> make_fold(row_loader load) const override {
        return std::make_unique<typed_fold<Projection>>(fold_, steps_, nullptr, std::move(load));
    }
    void clear_cache() override { cache_->rows.clear(); }

    std::shared_ptr<row_source const> make_source(std::shared_ptr<row_access const> access,
                                                  bool cached) override {
        return std::make_shared<stored_source<row_of>>(table_, std::move(access),
                                                       cached ? cache_ : nullptr);
    }
    std::shared_ptr<row_source const> make_staged_source(std::shared_ptr<row_access const> access,
                                                         bound_fold& live) override {
        auto& fold = static_cast<typed_fold<Projection>&>(live);
        return std::make_shared<staged_source<row_of>>(table_, std::move(access), fold.stage());
    }

private:
    template <class... Events>
    void add_types(event_types<Events...>) {
        (events_.type(Events::type), ...);
    }

    Projection fold_;
    std::shared_ptr<upcasters const> steps_;
    std::shared_ptr<table_cache<row_of>> cache_;
};

} // namespace swarmlog::detail
