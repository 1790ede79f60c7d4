#include "commit_group/commit_group.hpp"

#include <algorithm>
#include <array>
#include <new>

namespace swarmlog::detail {

namespace {

/// Tickets taken at once: few, so that a group overshoots its limits by little, for a ticket's
/// size is only known once it is taken.
constexpr std::size_t stride = 64;

} // namespace

commit_group::commit_group(log_options const& options)
    : events_max_(options.group_events_max),
      bytes_max_(options.group_bytes_max),
      linger_(options.linger_us) {
    tickets_.reserve(stride);
}

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
    std::array<append_ticket*, stride> places;
    // A ticket that is taken must be kept: so its place is made first.
    std::size_t const wanted = make_room(std::min(places.size(), events_max_ - events_));
    std::size_t const taken = queue.take(std::span{places}.first(wanted));
    for (append_ticket* const ticket : std::span{places}.first(taken)) {
        tickets_.push_back(ticket);
        events_ += ticket->event_count();
        bytes_ += ticket->byte_count();
    }
    return taken != 0;
}

std::size_t commit_group::make_room(std::size_t wanted) noexcept {
    if (tickets_.capacity() - tickets_.size() < wanted) {
        try {
            tickets_.reserve(std::max(2 * tickets_.capacity(), tickets_.size() + wanted));
        } catch (std::bad_alloc const&) { return tickets_.capacity() - tickets_.size(); }
    }
    return wanted;
}

} // namespace swarmlog::detail
