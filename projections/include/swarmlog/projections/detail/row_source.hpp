#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>

#include <functional>

namespace swarmlog::detail {

/// Where a query's rows come from: the committed state, a moment of the past, or the writer's
/// own view. One call is one consistent state.
class row_source {
public:
    virtual ~row_source() = default;
    [[nodiscard]] virtual table_spec const& table() const noexcept = 0;
    [[nodiscard]] virtual result<void>
    read(std::function<result<void>(row_reader&)> const& work) const = 0;

    /// Calls `visit(row_cells)`, which answers a `result<bool>`, while it answers true. An error
    /// of it ends the reading and is its answer.
    template <class Visitor>
    [[nodiscard]] result<void> select_cells(row_query const& asked, Visitor const& visit) const {
        return read([&](row_reader& reader) -> result<void> {
            result<void> outcome;
            auto const selected = reader.select_rows(table(), asked, [&](row_cells const& cells) {
                result<bool> const goes_on = visit(cells);
                if (!goes_on) { outcome = goes_on.error(); }
                return goes_on && *goes_on;
            });
            return selected ? outcome : selected;
        });
    }
};

} // namespace swarmlog::detail
