#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace swarmlog::detail {

/// One table's rows with changes on top that are not stored yet: reads answer as if they were.
/// A select costs what it does below, and as many rows more as there are changes.
class overlaid_rows final : public row_reader {
public:
    /// By rising key; without a row: erased.
    using changes = std::vector<std::pair<cell, std::optional<row_cells>>>;

    overlaid_rows(row_reader& below, changes on_top)
        : below_(&below), changes_(std::move(on_top)) {}

    result<std::optional<row_cells>> find_row(table_spec const& table, cell const& key) override;
    result<void> select_rows(table_spec const& table, row_query const& asked,
                             row_visitor const& visit) override;
    result<std::uint64_t> count_rows(table_spec const& table, row_filter const& where) override;

private:
    [[nodiscard]] std::optional<row_cells> const* change_of(cell const& key) const;

    row_reader* below_;
    changes changes_;
};

} // namespace swarmlog::detail
