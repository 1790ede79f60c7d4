#include "event_batch.hpp"

namespace swarmlog::detail {

result<fold_progress> fold_events(state_host& host, bound_fold& fold, query const& events,
                                  position after, position last,
                                  std::function<bool(fold_progress const&)> is_full) {
    fold_progress done{after, 0};
    if (after >= last) { return done; }
    bool is_stopped = false;
    auto const visited =
        host.visit_events(events, after, last, [&](event_view const& event) -> result<void> {
            if (auto const applied = fold.apply(event); !applied) { return applied; }
            done.through = event.position;
            ++done.events;
            if (!is_full(done)) { return {}; }
            is_stopped = true;
            return error{errc::cancelled};
        });
    if (!visited && !is_stopped) { return visited.error(); }
    if (!is_stopped) { done.through = last; }
    return done;
}

} // namespace swarmlog::detail
