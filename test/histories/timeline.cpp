#include "histories/timeline.hpp"

#include <algorithm>

namespace swarmlog::test {

namespace {

std::uint64_t count_before(std::vector<std::uint64_t> const& rising, std::uint64_t bound) {
    return static_cast<std::uint64_t>(std::lower_bound(rising.begin(), rising.end(), bound) -
                                      rising.begin());
}

} // namespace

timeline::timeline(history const& recorded) : streams_(recorded.stream_count) {
    find_keys(recorded);
    events_.reserve(recorded.log.size());
    stored_parts_.reserve(recorded.log.size());
    for (stored_event const& each : recorded.log) {
        unsigned& parts = stored_parts_[first_part(each.content)];
        unsigned const part = 1U << part_of(each.content);
        events_.push_back((parts & part) == 0 ? timed(recorded, each.content) : timed_event{});
        parts |= part;
        if (each.stream < streams_.size()) { streams_[each.stream].push_back(events_.size()); }
    }
    bound_heads();
}

void timeline::find_keys(history const& recorded) {
    for (producer_run const& by : recorded.producers) {
        for (operation const& each : by.operations) {
            if (each.key == 0 || each.answer == told::rejected) { continue; }
            keyed_owner& known = keyed_[each.content];
            known.end = std::min(known.end, each.end);
            if (each.answer == told::accepted) { known.stored_by = &each; }
        }
    }
}

timeline::timed_event timeline::timed(history const& recorded, content_number content) const {
    if ((content & keyed_content) == 0) {
        operation const* const owner = recorded.unkeyed_owner(content);
        if (owner == nullptr) { return {}; }
        // That a rejected append was answered does not say that it is there.
        stamp const end = owner->answer == told::rejected ? ~stamp{0} : owner->end;
        return {owner, owner->start, end};
    }
    auto const known = keyed_.find(first_part(content));
    if (known == keyed_.end()) { return {}; }
    operation const* const owner = known->second.stored_by;
    return {owner, owner == nullptr ? 0 : owner->start, known->second.end};
}

void timeline::bound_heads() {
    latest_start_.reserve(events_.size());
    earliest_end_.resize(events_.size());
    stamp latest = 0;
    for (timed_event const& each : events_) {
        latest = std::max(latest, each.start);
        latest_start_.push_back(latest);
    }
    stamp earliest = ~stamp{0};
    for (std::size_t place = events_.size(); place != 0; --place) {
        earliest = std::min(earliest, events_[place - 1].end);
        earliest_end_[place - 1] = earliest;
    }
}

bool timeline::is_stored(content_number content) const {
    return stored_parts_.contains(first_part(content));
}

std::uint64_t timeline::head_at_least(stamp now) const { return count_before(earliest_end_, now); }

std::uint64_t timeline::head_at_most(stamp now) const { return count_before(latest_start_, now); }

std::uint64_t timeline::version_up_to(std::uint32_t stream, std::uint64_t place) const {
    return count_before(streams_[stream], place + 1);
}

} // namespace swarmlog::test
