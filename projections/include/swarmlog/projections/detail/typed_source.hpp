#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/projections/detail/committed_cache.hpp>
#include <swarmlog/projections/detail/row_access.hpp>
#include <swarmlog/projections/detail/row_key.hpp>
#include <swarmlog/projections/detail/row_source.hpp>
#include <swarmlog/projections/detail/row_stage.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace swarmlog::detail {

/// A source that also finds single rows.
template <row_type Row>
class typed_source : public row_source {
public:
    explicit typed_source(table_spec table) : table_(std::move(table)) {}
    table_spec const& table() const noexcept override { return table_; }
    [[nodiscard]] virtual result<std::shared_ptr<Row const>>
    find(row_key_view const& key) const = 0;

private:
    table_spec table_;
};

/// Reads one row from a reader.
template <row_type Row>
[[nodiscard]] result<std::shared_ptr<Row const>>
load_row(row_access const& access, table_spec const& table, row_key_view const& key) {
    std::shared_ptr<Row const> found;
    auto const done = access.with_reader([&](row_reader& reader) -> result<void> {
        auto const cells = reader.find_row(table, row_key{key}.to_cell());
        if (!cells) { return cells.error(); }
        if (!*cells) { return {}; }
        auto row = from_cells<Row>(**cells);
        if (!row) { return row.error(); }
        found = std::make_shared<Row const>(std::move(*row));
        return {};
    });
    if (!done) { return done.error(); }
    return found;
}

/// Committed rows, or those of a moment of the past; the former with a cache.
template <row_type Row>
class stored_source final : public typed_source<Row> {
public:
    stored_source(table_spec table, std::shared_ptr<row_access const> access,
                  std::shared_ptr<committed_cache<Row>> cache)
        : typed_source<Row>(std::move(table)),
          access_(std::move(access)),
          cache_(std::move(cache)) {}

    result<void> read(std::function<result<void>(row_reader&)> const& work) const override {
        return access_->with_reader(work);
    }
    result<std::shared_ptr<Row const>> find(row_key_view const& key) const override {
        if (cache_ == nullptr) { return load_row<Row>(*access_, this->table(), key); }
        if (auto known = cache_->find(key); known != nullptr) { return known; }
        std::uint64_t const generation = cache_->generation(key);
        auto loaded = load_row<Row>(*access_, this->table(), key);
        if (loaded && *loaded != nullptr) { cache_->add_loaded(key, *loaded, generation); }
        return loaded;
    }

private:
    std::shared_ptr<row_access const> access_;
    std::shared_ptr<committed_cache<Row>> cache_;
};

/// What a decision sees: the committed rows, with those on top that its group has staged. Valid
/// during the decision, on the writer's thread.
template <row_type Row>
class staged_source final : public typed_source<Row> {
public:
    staged_source(table_spec table, std::shared_ptr<row_access const> access, row_stage<Row>& stage)
        : typed_source<Row>(std::move(table)), access_(std::move(access)), stage_(&stage) {}

    result<void> read(std::function<result<void>(row_reader&)> const& work) const override {
        auto const staged = stage_->shown(this->table());
        if (!staged) { return staged.error(); }
        return (*staged)->read(*access_, work);
    }
    result<std::shared_ptr<Row const>> find(row_key_view const& key) const override {
        auto found = stage_->find_shared(key);
        if (auto failure = stage_->take_failure()) { return std::move(*failure); }
        return found;
    }

private:
    std::shared_ptr<row_access const> access_;
    row_stage<Row>* stage_;
};

/// Stands where there are no rows, and says why.
template <row_type Row>
class failed_source final : public typed_source<Row> {
public:
    explicit failed_source(error why) : typed_source<Row>({}), why_(std::move(why)) {}
    result<void> read(std::function<result<void>(row_reader&)> const&) const override {
        return why_;
    }
    result<std::shared_ptr<Row const>> find(row_key_view const&) const override { return why_; }

private:
    error why_;
};

} // namespace swarmlog::detail
