#include "read/event_cursor.hpp"

#include "index/key_lookup.hpp"

#include <algorithm>

namespace swarmlog::detail {

namespace {

/// Whole records are fetched by count: a page of them is about a megabyte unpacked.
constexpr std::size_t page_records_max = 64;

} // namespace

result<event_view const*> event_cursor::step() {
    if (!prepared_) {
        if (auto const ready = prepare(); !ready) { return ready.error(); }
    }
    while (left_ != 0) {
        if (part_open_) {
            auto const next = next_of_part();
            if (!next) { return next.error(); }
            if (*next != nullptr) {
                --left_;
                return *next;
            }
            part_open_ = false;
            ++part_;
        }
        if (part_ == page_.size()) {
            if (exhausted_) { break; }
            if (auto const fetched = fetch_page(); !fetched) { return fetched.error(); }
            continue;
        }
        if (auto const started = start_part(); !started) { return started.error(); }
    }
    return nullptr;
}

result<void> event_cursor::prepare() {
    if (auto const usable = core_->check_usable(); !usable) { return usable; }
    if (page_events_ == 0) { page_events_ = core_->options.page_events; }
    if (wait_for_) {
        auto const deadline = clock_type::now() + wait_max_;
        while (core_->head.get() < *wait_for_) {
            if (core_->head.is_closed()) { return error{errc::closed}; }
            auto const waited =
                core_->wait_for_news(wait_for_->previous(), deadline, [] { return false; });
            if (!waited) { return waited; }
            if (core_->head.get() < *wait_for_ && clock_type::now() >= deadline) {
                return error{errc::deadline_exceeded, "position " +
                                                          std::to_string(wait_for_->value) +
                                                          " was not reached; the head is " +
                                                          std::to_string(core_->head.get().value)};
            }
        }
    }
    if (core_->store->facts().read_only) {
        if (auto const seen = core_->refresh(); !seen) { return seen.error(); }
    }
    // The head is taken once: the walk sees what was acknowledged by now, and no more.
    first_ = std::min(after_, position::max()).next();
    last_ = core_->head.get();
    if (before_ && *before_ <= last_) {
        last_ = before_->value == 0 ? position{} : before_->previous();
    }
    if (after_version_ || before_version_ || after_time_ || before_time_) {
        auto now = core_->begin_reading();
        if (!now) { return now.error(); }
        if (auto const done = narrow_by_version(*now); !done) { return done; }
        if (auto const done = narrow_by_time(*now->view); !done) { return done; }
    }
    exhausted_ = exhausted_ || first_ > last_;
    prepared_ = true;
    return {};
}

result<void> event_cursor::narrow_by_version(log_core::reading& now) {
    if (!after_version_ && !before_version_) { return {}; }
    if (wanted_.items().size() != 1 || wanted_.items()[0].streams.size() != 1) {
        return error{errc::invalid_argument,
                     "a bound by version needs a read of exactly one stream"};
    }
    auto const stream = key_ref::of(key_kind::stream, wanted_.items()[0].streams[0]);
    auto const place_of = [&](version wanted) {
        return position_of_version(*now.index, *now.view, stream, wanted, last_);
    };
    if (after_version_ && after_version_->value != 0) {
        auto const found = place_of(*after_version_);
        if (!found) { return found.error(); }
        // A stream that is not that long has nothing after it.
        if (!*found) { exhausted_ = true; }
        first_ = *found ? std::max(first_, (*found)->next()) : last_.next();
    }
    if (before_version_) {
        auto const found = before_version_->value == 0 ? result<std::optional<position>>{position{}}
                                                       : place_of(*before_version_);
        if (!found) { return found.error(); }
        if (*found) {
            last_ = (*found)->value == 0 ? position{} : std::min(last_, (*found)->previous());
        }
    }
    return {};
}

result<void> event_cursor::narrow_by_time(read_view& view) {
    if (after_time_) {
        auto const found = last_recorded(*after_time_, true, view);
        if (!found) { return found.error(); }
        first_ = std::max(first_, found->next());
    }
    if (before_time_) {
        auto const found = last_recorded(*before_time_, false, view);
        if (!found) { return found.error(); }
        last_ = std::min(last_, *found);
    }
    return {};
}

result<position> event_cursor::last_recorded(timestamp bound, bool inclusive, read_view& view) {
    // Times rise with positions, so the log itself is the index: halve the range of records.
    auto const is_before = [&](timestamp time) { return inclusive ? time <= bound : time < bound; };
    position low{0};              // recorded before the bound, or the beginning
    position high = last_.next(); // the view has all of these, though not what came since
    while (low.next() < high) {
        position const middle{low.value + (high.value - low.value) / 2};
        auto const source = core_->record_at(middle, view);
        if (!source) { return source.error(); }
        record const& here = **source;
        if (!is_before(here.header().recorded_at)) {
            high = std::min(high, here.first());
            continue;
        }
        record::cursor walk{here};
        event_view view_here;
        while (walk.next(view_here) && is_before(view_here.recorded_at)) {
            low = std::max(low, view_here.position);
        }
        if (walk.failed()) { return corrupt_at(here.first(), "an event does not decode"); }
        if (low < here.last()) { return low; }
    }
    return low;
}

result<void> event_cursor::fetch_page() {
    page_.clear();
    part_ = 0;
    if (auto const usable = core_->check_usable(); !usable) { return usable; }
    if (wanted_.is_all() && direction_ == direction::forwards) {
        fetch_recent();
        if (!page_.empty()) { return {}; }
    }
    auto now = core_->begin_reading();
    if (!now) { return now.error(); }
    return wanted_.is_all() ? fetch_records(*now->view) : fetch_places(*now);
}

void event_cursor::add_whole(std::shared_ptr<record const> source) {
    position const from = std::max(first_, source->first());
    position const upto = std::min(last_, source->last());
    if (from > upto) { return; }
    if (direction_ == direction::forwards) {
        first_ = upto.next();
    } else {
        last_ = from.previous();
    }
    page_.push_back({std::move(source), from, upto, {}, true});
}

void event_cursor::fetch_recent() {
    for (auto& each : core_->records.recent_from(first_, page_records_max)) {
        if (each->first() > last_) { break; }
        add_whole(std::move(each));
    }
    exhausted_ = first_ > last_;
}

result<void> event_cursor::fetch_records(read_view& view) {
    result<void> outcome;
    position gap;
    auto const visit = [&](stored_record const& stored) {
        bool const is_forwards = direction_ == direction::forwards;
        if (stored.first > last_ || stored.last < first_) { return false; }
        if (is_forwards ? stored.first > first_ : stored.last < last_) {
            gap = is_forwards ? first_ : last_;
            return false;
        }
        auto decoded = record::decode(stored);
        if (!decoded) {
            outcome = decoded.error();
            return false;
        }
        add_whole(std::move(*decoded));
        return page_.size() < page_records_max && first_ <= last_;
    };
    auto const visited = direction_ == direction::forwards ? view.records_from(first_, visit)
                                                           : view.records_back_from(last_, visit);
    // What was read before the damage is still delivered: the error comes with the next page.
    if (!visited && page_.empty()) { return visited; }
    if (!outcome && page_.empty()) { return outcome; }
    exhausted_ = first_ > last_;
    if (page_.empty() && !exhausted_) {
        return corrupt_at(gap.value != 0 ? gap : first_, "the record is not there");
    }
    return {};
}

result<void> event_cursor::fetch_places(log_core::reading& now) {
    bool const is_forwards = direction_ == direction::forwards;
    auto cursor = position_cursor::open(now.index, *now.view, wanted_, direction_,
                                        is_forwards ? first_ : last_, is_forwards ? last_ : first_);
    if (!cursor) { return cursor.error(); }
    auto const wanted = std::min<std::uint64_t>(page_events_, left_);
    for (std::uint64_t found = 0; found != wanted; ++found) {
        auto const next = cursor->next();
        if (!next) { return next.error(); }
        if (!*next) {
            exhausted_ = true;
            break;
        }
        position const at = **next;
        if (page_.empty() || !page_.back().source->contains(at)) {
            auto source = core_->record_at(at, *now.view);
            if (!source) { return source.error(); }
            page_.push_back({std::move(*source), at, at, {}, false});
        }
        page_.back().places.push_back(
            static_cast<std::uint32_t>(at.value - page_.back().source->first().value));
        if (is_forwards) {
            first_ = at.next();
        } else {
            last_ = at.previous();
        }
    }
    exhausted_ = exhausted_ || first_ > last_;
    return {};
}

result<void> event_cursor::start_part() {
    page_part const& part = page_[part_];
    owner_ = part.source;
    walk_.emplace(*part.source);
    place_ = 0;
    part_open_ = true;
    reversed_.clear();
    if (part.all) {
        walk_->skip(static_cast<std::uint32_t>(part.from.value - part.source->first().value));
    }
    return direction_ == direction::backwards ? decode_to_walk_back(part) : result<void>{};
}

/// Events are packed to be walked forwards: going back by one would be a walk from the record's
/// beginning each time, so one walk decodes all that is wanted of it.
result<void> event_cursor::decode_to_walk_back(page_part const& part) {
    auto const keep_next = [&]() -> result<void> {
        position const at{part.source->first().value + walk_->ordinal()};
        if (!walk_->next(view_)) { return corrupt_at(at, "the event does not decode"); }
        reversed_.push_back(view_);
        return {};
    };
    if (part.all) {
        for (position at = part.from; at <= part.upto; at = at.next()) {
            if (auto const kept = keep_next(); !kept) { return kept; }
        }
        return {};
    }
    for (auto place = part.places.rbegin(); place != part.places.rend(); ++place) {
        walk_->skip(*place - walk_->ordinal());
        if (auto const kept = keep_next(); !kept) { return kept; }
    }
    return {};
}

result<event_view const*> event_cursor::next_of_part() {
    page_part const& part = page_[part_];
    if (direction_ == direction::backwards) {
        if (place_ == reversed_.size()) { return nullptr; }
        return &reversed_[reversed_.size() - ++place_];
    }
    if (part.all) {
        std::uint32_t const end =
            static_cast<std::uint32_t>(part.upto.value - part.source->first().value) + 1;
        if (walk_->ordinal() >= end) { return nullptr; }
        if (!walk_->next(view_)) {
            return corrupt_at(position{part.source->first().value + walk_->ordinal()},
                              "the event does not decode");
        }
        return &view_;
    }
    if (place_ == part.places.size()) { return nullptr; }
    std::uint32_t const ordinal = part.places[place_++];
    walk_->skip(ordinal - walk_->ordinal());
    if (!walk_->next(view_)) {
        return corrupt_at(position{part.source->first().value + ordinal},
                          "the event does not decode");
    }
    return &view_;
}

result<void> event_cursor::collect(std::vector<event>& out) {
    for (;;) {
        auto const next = step();
        if (!next) { return next.error(); }
        if (*next == nullptr) { return {}; }
        out.emplace_back(**next, owner_);
    }
}

result<std::uint64_t> event_cursor::count() {
    if (auto const ready = prepare(); !ready) { return ready.error(); }
    if (exhausted_) { return std::uint64_t{0}; }
    if (wanted_.is_all()) { return std::min(left_, last_.value - first_.value + 1); }
    auto now = core_->begin_reading();
    if (!now) { return now.error(); }
    auto cursor =
        position_cursor::open(now->index, *now->view, wanted_, direction::forwards, first_, last_);
    if (!cursor) { return cursor.error(); }
    std::uint64_t total = 0;
    while (total != left_) {
        auto const next = cursor->next();
        if (!next) { return next.error(); }
        if (!*next) { break; }
        ++total;
    }
    return total;
}

} // namespace swarmlog::detail
