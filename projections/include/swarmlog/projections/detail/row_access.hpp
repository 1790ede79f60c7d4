#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>

#include <functional>
#include <optional>
#include <utility>

namespace swarmlog::detail {

/// Opens what rows can be read from, for the length of a call.
class row_access {
public:
    virtual ~row_access() = default;
    [[nodiscard]] virtual result<void>
    with_reader(std::function<result<void>(row_reader&)> const& work) const = 0;
    /// One row: what a reader would find.
    [[nodiscard]] virtual result<std::optional<row_cells>> find_row(table_spec const& table,
                                                                    cell const& key) const {
        result<std::optional<row_cells>> found;
        auto const done = with_reader([&](row_reader& reader) -> result<void> {
            found = reader.find_row(table, key);
            return {};
        });
        return done ? std::move(found) : done.error();
    }
};

} // namespace swarmlog::detail
