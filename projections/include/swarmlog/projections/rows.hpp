#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/projections/detail/row_key.hpp>
#include <swarmlog/projections/detail/row_stage.hpp>
#include <swarmlog/projections/row_type.hpp>

#include <utility>

namespace swarmlog {

/// The rows that a projection's `apply` reads and changes: as the events before this one left
/// them. What it is given lives until `apply` returns or the row is put or erased.
///
/// Keys are given as the key member's type, or as text for a key that is text. A read of the
/// store that fails rejects the event's append, whatever `apply` does.
template <row_type Row>
class rows {
public:
    /// For the set, which calls `apply`.
    explicit rows(detail::row_stage<Row>& stage) noexcept : stage_(&stage) {}

    /// Null when there is no such row.
    template <class Key>
    [[nodiscard]] Row const* find(Key const& key) {
        return stage_->find(detail::key_of_argument(key));
    }
    /// The row, to be changed in place (all but its key); null when there is none.
    template <class Key>
    [[nodiscard]] Row* modify(Key const& key) {
        return stage_->modify(detail::key_of_argument(key));
    }
    /// Adds the row, or puts it in place of the one with its key. Costs no read.
    void put(Row row) { stage_->put(std::move(row)); }
    /// Erases the row, if there is one. Costs no read.
    template <class Key>
    void erase(Key const& key) {
        stage_->erase(detail::key_of_argument(key));
    }

private:
    detail::row_stage<Row>* stage_;
};

} // namespace swarmlog
