#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>

#include <functional>

namespace swarmlog::detail {

/// Opens what rows can be read from, for the length of a call.
class row_access {
public:
    virtual ~row_access() = default;
    [[nodiscard]] virtual result<void>
    with_reader(std::function<result<void>(row_reader&)> const& work) const = 0;
};

} // namespace swarmlog::detail
