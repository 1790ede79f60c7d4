#include "commit_group/commit_group.hpp"

#include <algorithm>
#include <array>

namespace swarmlog::detail {

commit_group::commit_group(log_options const& options)
    : events_max_(options.group_events_max),
      bytes_max_(options.group_bytes_max),
      linger_(options.linger_us) {}

bool commit_group::drain(ingestion_queue& queue) {
    tickets_.clear();
    events_ = 0;
    bytes_ = 0;
    while (!is_full() && take_some(queue)) {}
    if (tickets_.empty()) { return false; }
    if (linger_.count() != 0 && !is_full() && !queue.is_closed()) {
        auto const deadline = ingestion_queue::clock_type::now() + linger_;
        while (!is_full() && ingestion_queue::clock_type::now() < deadline) {
            queue.wait_for_work(deadline);
            if (!take_some(queue) && queue.is_closed()) { break; }
        }
    }
    return true;
}

bool commit_group::take_some(ingestion_queue& queue) {
    // A small stride, so that a group overshoots its limits by little: a ticket's size is only
    // known once it is taken.
    std::array<append_ticket*, 64> places;
    std::size_t const wanted = std::min(places.size(), events_max_ - events_);
    std::size_t const taken = queue.take(std::span{places}.first(wanted));
    for (append_ticket* const ticket : std::span{places}.first(taken)) {
        tickets_.push_back(ticket);
        events_ += ticket->event_count();
        bytes_ += ticket->byte_count();
    }
    return taken != 0;
}

} // namespace swarmlog::detail
