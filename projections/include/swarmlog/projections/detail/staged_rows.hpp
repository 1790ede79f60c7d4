#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/export.hpp>
#include <swarmlog/projections/detail/row_access.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace swarmlog::detail {

/// The first committed rows of a query, by its order. The next decision often asks it again.
struct kept_answer {
    row_filter where;
    std::vector<row_order> order;
    std::vector<row_cells> rows;
    std::size_t hidden = 0;   ///< so many at the front are changed
    bool is_complete = false; ///< there are no more
};

/// One table as a group's decisions see it: the committed rows, and what the group has changed on
/// top of them. Kept from one decision to the next, and told of changes only, because decisions
/// ask the same questions again and again (which task is next?) while little changes between.
/// Belongs to one group: what is committed must stay what it is. One thread at a time.
class SWARMLOG_EXPORT staged_rows {
public:
    explicit staged_rows(table_spec const& table);

    void put(cell const& key, row_cells const& row);
    void erase(cell const& key);
    /// Nothing is changed any more.
    void forget_changes();

    /// Reads as if the changes were committed. `committed` is read only where it must be. Not to be
    /// changed, nor read again, while it is read.
    [[nodiscard]] result<void> read(row_access const& committed,
                                    std::function<result<void>(row_reader&)> const& work);

private:
    class SWARMLOG_HIDDEN reader;
    struct by_order {
        bool operator()(cell const& left, cell const& right) const noexcept {
            return compare_cells(left, right) < 0;
        }
    };

    [[nodiscard]] bool is_changed(cell const& key) const { return changed_.contains(key); }
    /// The answer to keep for this query, from the start when another was asked before.
    [[nodiscard]] kept_answer& answer_to(row_query const& asked);
    [[nodiscard]] result<void> extend(kept_answer& known, row_access const& committed) const;

    table_spec const table_;
    std::set<cell, by_order> changed_;
    memory_table rows_; ///< of the changed, those that are there
    std::optional<kept_answer> last_;
};

} // namespace swarmlog::detail
