#include <swarmlog/projections/log_tables.hpp>

namespace swarmlog {

result<as_of_view> event_log::as_of(position at) const {
    return projection_set::of(state()).as_of(at);
}

result<as_of_view> event_log::as_of(timestamp at) const {
    return projection_set::of(state()).as_of(at);
}

} // namespace swarmlog
