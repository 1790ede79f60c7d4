#include "index/posting_cursor.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace swarmlog::detail {

namespace {

/// The first place from `begin` on that is not before `at`, by doubling steps: a seek over n
/// postings costs log n, a step to the next one nothing.
template <class Iterator, class Before>
Iterator gallop(Iterator begin, Iterator end, std::uint64_t at, Before before) {
    std::ptrdiff_t step = 1;
    while (step < end - begin && before(begin[step], at)) {
        begin += step;
        step *= 2;
    }
    return std::lower_bound(begin, begin + std::min(step + 1, end - begin), at, before);
}

} // namespace

posting_cursor::posting_cursor(posting_range const& range, key_ref const& key)
    : range_(range),
      key_(key),
      in_tail_(range.index->unflushed().find(key)),
      next_run_(range.towards == direction::forwards ? 0 : range.index->runs().size()) {}

result<std::uint64_t> posting_cursor::seek(std::uint64_t at) {
    at = forwards() ? std::max(at, range_.lowest) : std::min(at, range_.highest);
    std::uint64_t found = seek_in_page(at);
    while (found == no_position) {
        auto const turned = turn_page(at);
        if (!turned) { return turned.error(); }
        if (!*turned) { return no_position; }
        found = seek_in_page(at);
    }
    bool const inside = forwards() ? found <= range_.highest : found >= range_.lowest;
    return inside ? found : no_position;
}

std::uint64_t posting_cursor::seek_in_page(std::uint64_t at) noexcept {
    auto const& positions = page_.positions;
    if (place_ >= positions.size()) { return no_position; }
    auto const offset = static_cast<std::ptrdiff_t>(place_);
    if (forwards()) {
        auto const found = gallop(positions.begin() + offset, positions.end(), at, std::less<>{});
        place_ = static_cast<std::size_t>(found - positions.begin());
        return found == positions.end() ? no_position : *found;
    }
    auto const found = gallop(positions.rbegin() + offset, positions.rend(), at, std::greater<>{});
    place_ = static_cast<std::size_t>(found - positions.rbegin());
    return found == positions.rend() ? no_position : *found;
}

result<bool> posting_cursor::turn_page(std::uint64_t at) {
    place_ = 0;
    page_.positions.clear();
    // Most keys have one page a run: then there is no need to search it once more for nothing.
    if (std::exchange(page_.ends_run, false)) {
        next_run_ = forwards() ? next_run_ + 1 : next_run_ - 1;
    }
    return forwards() ? turn_page_forwards(at) : turn_page_backwards(at);
}

result<bool> posting_cursor::turn_page_forwards(std::uint64_t at) {
    auto const& runs = range_.index->runs();
    for (; next_run_ < runs.size(); ++next_run_) {
        stored_run const& meta = runs[next_run_]->meta();
        if (meta.first.value > range_.highest) { return false; }
        if (meta.last.value < at || runs[next_run_]->surely_lacks(key_)) { continue; }
        auto const found = lookup_in(next_run_).find_forwards(key_, at, page_);
        if (!found || *found) { return found; }
    }
    return read_tail(at);
}

result<bool> posting_cursor::turn_page_backwards(std::uint64_t at) {
    if (read_tail(at)) { return true; }
    auto const& runs = range_.index->runs();
    for (; next_run_ > 0; --next_run_) {
        stored_run const& meta = runs[next_run_ - 1]->meta();
        if (meta.last.value < range_.lowest) { return false; }
        if (meta.first.value > at || runs[next_run_ - 1]->surely_lacks(key_)) { continue; }
        auto const found = lookup_in(next_run_ - 1).find_backwards(key_, at, page_);
        if (!found || *found) { return found; }
    }
    return false;
}

bool posting_cursor::read_tail(std::uint64_t at) {
    if (in_tail_ == nullptr) { return false; }
    tail const& unflushed = range_.index->unflushed();
    if (forwards()) {
        unflushed.collect(*in_tail_, position{at}, position{range_.highest}, page_.positions,
                          entry_postings_max);
    } else {
        unflushed.collect_last(*in_tail_, position{range_.lowest}, position{at}, page_.positions,
                               entry_postings_max);
    }
    return !page_.positions.empty();
}

run_lookup& posting_cursor::lookup_in(std::size_t run) {
    if (!lookup_ || lookup_run_ != run) {
        lookup_.emplace(*range_.index->runs()[run], range_.source);
        lookup_run_ = run;
    }
    return *lookup_;
}

} // namespace swarmlog::detail
