#pragma once

#include "projector.hpp"

#include <swarmlog/projections/as_of.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>

namespace swarmlog::detail {

/// The tables of a projector's projections as of one position, folded when they are asked for.
class as_of_state {
public:
    as_of_state(std::shared_ptr<projector> owner, position at)
        : owner_(std::move(owner)), at_(at) {}

    [[nodiscard]] position at() const noexcept { return at_; }
    [[nodiscard]] result<std::shared_ptr<memory_table const>> rows(table_fold& wanted);
    [[nodiscard]] result<std::optional<row_cells>> row(table_fold& wanted, row_key_view const& key);
    [[nodiscard]] projector& owner() const noexcept { return *owner_; }

private:
    [[nodiscard]] result<std::shared_ptr<memory_table const>> fold(state_host& host,
                                                                   table_fold& wanted) const;

    std::shared_ptr<projector> const owner_;
    position const at_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<memory_table const>, std::less<>> tables_;
};

} // namespace swarmlog::detail
