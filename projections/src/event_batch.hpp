#pragma once

#include <swarmlog/engine/state_fold.hpp>
#include <swarmlog/projections/detail/bound_fold.hpp>

#include <cstdint>
#include <functional>

namespace swarmlog::detail {

/// How far a walk over the log has got.
struct fold_progress {
    position through;         ///< every event up to here is folded
    std::uint64_t events = 0; ///< folded in this walk
};

/// Folds the events after `after` up to `last`, and stops earlier when `is_full` says so.
[[nodiscard]] result<fold_progress> fold_events(state_host& host, bound_fold& fold,
                                                query const& events, position after, position last,
                                                std::function<bool(fold_progress const&)> is_full);

} // namespace swarmlog::detail
