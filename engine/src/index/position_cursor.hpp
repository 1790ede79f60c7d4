#pragma once

#include "index/index_snapshot.hpp"
#include "index/posting_cursor.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/query.hpp>

#include <memory>
#include <optional>

namespace swarmlog::detail {

/// The positions of the events that match a query, each once, rising or falling.
///
/// Thread safety: one thread at a time. The read view is borrowed and must outlive the cursor;
/// the snapshot is shared. Reads from the store only what the next position needs, so a cursor
/// from P+1 answers "does any event after P match" mostly from the tail.
class position_cursor {
public:
    /// `from` and `bound` are inclusive: forwards from <= p <= bound, backwards
    /// from >= p >= bound. Not for a query that matches every event.
    [[nodiscard]] static result<position_cursor> open(std::shared_ptr<index_snapshot const> index,
                                                      read_view& view, query const& wanted,
                                                      direction towards, position from,
                                                      position bound);

    position_cursor(position_cursor&&) noexcept;
    position_cursor& operator=(position_cursor&&) noexcept;
    ~position_cursor();

    /// The next match; empty at the end, and ever after. `corrupt` or `io_error` from the store.
    [[nodiscard]] result<std::optional<position>> next();

private:
    struct state;
    explicit position_cursor(std::unique_ptr<state> inner) noexcept;

    std::unique_ptr<state> state_;
};

} // namespace swarmlog::detail
