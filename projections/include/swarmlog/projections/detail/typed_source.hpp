#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/projections/detail/committed_cache.hpp>
#include <swarmlog/projections/detail/result_cache.hpp>
#include <swarmlog/projections/detail/row_access.hpp>
#include <swarmlog/projections/detail/row_key.hpp>
#include <swarmlog/projections/detail/row_source.hpp>
#include <swarmlog/projections/detail/row_stage.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace swarmlog::detail {

/// Takes a row; answers whether to go on. An error ends the reading too and is its answer.
template <class Row>
using row_taker = std::function<result<bool>(Row&&)>;

/// A source that also finds single rows.
template <row_type Row>
class typed_source : public row_source {
public:
    explicit typed_source(table_spec table) : table_(std::move(table)) {}
    table_spec const& table() const noexcept override { return table_; }
    [[nodiscard]] virtual result<std::shared_ptr<Row const>>
    find(row_key_view const& key) const = 0;

    [[nodiscard]] virtual result<void> select(row_query const& asked,
                                              row_taker<Row> const& take) const {
        return this->select_cells(asked, [&](row_cells const& cells) -> result<bool> {
            auto row = from_cells<Row>(cells);
            return row ? take(std::move(*row)) : row.error();
        });
    }

private:
    table_spec table_;
};

/// Reads one row.
template <row_type Row>
[[nodiscard]] result<std::shared_ptr<Row const>>
load_row(row_access const& access, table_spec const& table, row_key_view const& key) {
    auto const cells = access.find_row(table, key.to_cell());
    if (!cells) { return cells.error(); }
    if (!*cells) { return std::shared_ptr<Row const>{}; }
    auto row = from_cells<Row>(**cells);
    if (!row) { return row.error(); }
    return std::make_shared<Row const>(std::move(*row));
}

/// Rows and answers of one table that are kept in memory.
template <row_type Row>
struct table_cache {
    explicit table_cache(std::size_t rows_max) : rows(rows_max), results(rows_max) {}

    committed_cache<Row> rows;
    result_cache<Row> results;
};

/// Committed rows, or those of a moment of the past; the former with a cache.
template <row_type Row>
class stored_source final : public typed_source<Row> {
public:
    stored_source(table_spec table, std::shared_ptr<row_access const> access,
                  std::shared_ptr<table_cache<Row>> cache)
        : typed_source<Row>(std::move(table)),
          access_(std::move(access)),
          cache_(std::move(cache)) {}

    result<void> read(std::function<result<void>(row_reader&)> const& work) const override {
        return access_->with_reader(work);
    }
    result<std::shared_ptr<Row const>> find(row_key_view const& key) const override {
        if (cache_ == nullptr) { return load_row<Row>(*access_, this->table(), key); }
        committed_cache<Row>& rows = cache_->rows;
        if (auto known = rows.find(key); known != nullptr) { return known; }
        std::uint64_t const generation = rows.generation(key);
        auto loaded = load_row<Row>(*access_, this->table(), key);
        if (loaded && *loaded != nullptr) { rows.add_loaded(key, *loaded, generation); }
        return loaded;
    }
    result<void> select(row_query const& asked, row_taker<Row> const& take) const override {
        if (cache_ == nullptr) { return typed_source<Row>::select(asked, take); }
        std::uint64_t const changes = cache_->rows.changes();
        auto const [known, is_wanted] = cache_->results.find(asked, changes);
        if (known != nullptr) {
            for (Row const& row : *known) {
                result<bool> const goes_on = take(Row{row});
                if (!goes_on) { return goes_on.error(); }
                if (!*goes_on) { break; }
            }
            return {};
        }
        return is_wanted ? select_and_keep(asked, changes, take)
                         : typed_source<Row>::select(asked, take);
    }

private:
    /// Keeps the answer unless it is too long or was not read to its end.
    [[nodiscard]] result<void> select_and_keep(row_query const& asked, std::uint64_t changes,
                                               row_taker<Row> const& take) const {
        std::vector<Row> answer;
        bool is_kept = true;
        auto const selected = typed_source<Row>::select(asked, [&](Row&& row) -> result<bool> {
            is_kept = is_kept && answer.size() < cache_->results.rows_max();
            if (is_kept) { answer.push_back(row); }
            result<bool> goes_on = take(std::move(row));
            is_kept = is_kept && goes_on && *goes_on;
            return goes_on;
        });
        if (selected && is_kept) { cache_->results.keep(asked, changes, std::move(answer)); }
        return selected;
    }

    std::shared_ptr<row_access const> access_;
    std::shared_ptr<table_cache<Row>> cache_;
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
