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
};

} // namespace swarmlog::detail
