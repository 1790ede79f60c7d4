#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/export.hpp>
#include <swarmlog/projections/detail/row_key.hpp>
#include <swarmlog/projections/detail/typed_source.hpp>
#include <swarmlog/projections/typed_table.hpp>

#include <memory>
#include <string_view>
#include <typeindex>
#include <typeinfo>

namespace swarmlog {

namespace detail {
class as_of_state;
}

/// The tables of a log as they were at a position. A table is folded when it is first asked for
/// and then kept as long as the view, in memory. Cheap to copy; thread-safe.
class SWARMLOG_EXPORT as_of_view {
public:
    /// For `projection_set::as_of`, which makes it.
    explicit as_of_view(std::shared_ptr<detail::as_of_state> state) : state_(std::move(state)) {}

    /// The position whose state it shows.
    [[nodiscard]] position at() const noexcept;

    /// Its calls answer what went wrong with the folding, if anything did.
    template <row_type Row>
    [[nodiscard]] typed_table<Row> table() const {
        auto const source = source_of(typeid(Row));
        if (!source) { return typed_table<Row>{source.error()}; }
        return typed_table<Row>{std::static_pointer_cast<detail::typed_source<Row> const>(*source)};
    }
    /// A query over such a table.
    template <row_type Row>
    [[nodiscard]] typed_query<Row> query() const {
        return table<Row>().query();
    }
    /// One row. Where the projection names the row's stream (`stream_of`), only that stream is
    /// read; else the whole table is folded.
    template <row_type Row, class Key>
    [[nodiscard]] result<std::shared_ptr<Row const>> find(Key const& key) const {
        detail::row_key_view const wanted = detail::key_of_argument(key);
        auto const cells = row_of(typeid(Row), wanted);
        if (!cells) { return cells.error(); }
        if (!*cells) { return std::shared_ptr<Row const>{}; }
        auto row = detail::from_cells<Row>(**cells);
        if (!row) { return row.error(); }
        return std::make_shared<Row const>(std::move(*row));
    }
    /// A projection's rows as cells, by its name.
    [[nodiscard]] result<std::shared_ptr<memory_table const>> cells(std::string_view name) const;

private:
    [[nodiscard]] result<std::shared_ptr<detail::row_source const>>
    source_of(std::type_index row) const;
    [[nodiscard]] result<std::optional<row_cells>> row_of(std::type_index row,
                                                          detail::row_key_view const& key) const;

    std::shared_ptr<detail::as_of_state> state_;
};

} // namespace swarmlog
