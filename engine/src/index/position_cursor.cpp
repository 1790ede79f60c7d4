#include "index/position_cursor.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::detail {

namespace {

/// `left` comes before `right` on the way.
bool comes_before(direction towards, std::uint64_t left, std::uint64_t right) noexcept {
    return towards == direction::forwards ? left < right : left > right;
}

/// Any of its lists: a heap of the lists by where they stand. Lists have
/// `result<std::uint64_t> seek(at)`, as it has itself.
template <class List>
class union_of {
public:
    union_of(direction towards, std::vector<List> lists)
        : towards_(towards), lists_(std::move(lists)) {
        // As if all stood before the beginning, so that the first seek moves each.
        std::uint64_t const before =
            towards == direction::forwards ? 0 : std::numeric_limits<std::uint64_t>::max();
        for (std::size_t i = 0; i < lists_.size(); ++i) { heap_.push_back({before, i}); }
    }

    [[nodiscard]] result<std::uint64_t> seek(std::uint64_t at) {
        if (lists_.size() == 1) { return lists_.front().seek(at); }
        auto const later = [this](entry const& left, entry const& right) {
            return comes_before(towards_, right.at, left.at);
        };
        while (!heap_.empty() && comes_before(towards_, heap_.front().at, at)) {
            std::pop_heap(heap_.begin(), heap_.end(), later);
            auto const found = lists_[heap_.back().list].seek(at);
            if (!found) { return found; }
            if (*found == no_position) {
                heap_.pop_back();
            } else {
                heap_.back().at = *found;
                std::push_heap(heap_.begin(), heap_.end(), later);
            }
        }
        return heap_.empty() ? no_position : heap_.front().at;
    }

private:
    struct entry {
        std::uint64_t at;
        std::size_t list;
    };
    direction towards_;
    std::vector<List> lists_;
    std::vector<entry> heap_;
};

/// All of its lists, by leapfrog: whichever list is furthest on says where the others look
/// next, so the most selective one soon leads and the others gallop after it.
class intersection_of {
public:
    explicit intersection_of(std::vector<union_of<posting_cursor>> lists)
        : lists_(std::move(lists)) {}

    [[nodiscard]] result<std::uint64_t> seek(std::uint64_t at) {
        std::size_t agreed = 0;
        for (std::size_t i = 0; agreed < lists_.size(); i = (i + 1) % lists_.size()) {
            auto const found = lists_[i].seek(at);
            if (!found || *found == no_position) { return found; }
            agreed = *found == at ? agreed + 1 : 1;
            at = *found;
        }
        return at;
    }

private:
    std::vector<union_of<posting_cursor>> lists_;
};

/// Any of these keys.
union_of<posting_cursor> any_of(posting_range const& range, key_kind kind,
                                std::span<std::string const> names) {
    std::vector<posting_cursor> cursors;
    cursors.reserve(names.size());
    for (std::string const& name : names) { cursors.emplace_back(range, key_ref::of(kind, name)); }
    return {range.towards, std::move(cursors)};
}

intersection_of all_of(posting_range const& range, query::item const& item) {
    std::vector<union_of<posting_cursor>> lists;
    // The likely most selective first: if it is empty, no other list is read.
    if (!item.streams.empty()) { lists.push_back(any_of(range, key_kind::stream, item.streams)); }
    for (std::string const& tag : item.tags) {
        lists.push_back(any_of(range, key_kind::tag, {&tag, 1}));
    }
    if (!item.types.empty()) { lists.push_back(any_of(range, key_kind::type, item.types)); }
    return intersection_of{std::move(lists)};
}

bool asks_nothing(query::item const& item) noexcept {
    return item.streams.empty() && item.types.empty() && item.tags.empty();
}

} // namespace

struct position_cursor::state {
    std::shared_ptr<index_snapshot const> index;
    std::vector<query::item> items; ///< owns the names that the lists look for
    direction towards;
    std::uint64_t at; ///< where to look next
    std::uint64_t bound;
    bool ended = false;
    std::optional<union_of<intersection_of>> matches;
};

result<position_cursor> position_cursor::open(std::shared_ptr<index_snapshot const> index,
                                              read_view& view, query const& wanted,
                                              direction towards, position from, position bound) {
    auto const& items = wanted.items();
    if (items.empty() || std::any_of(items.begin(), items.end(), asks_nothing)) {
        return error{errc::invalid_argument, "a query that matches every event needs no index"};
    }
    auto inner = std::make_unique<state>(
        state{std::move(index), items, towards, from.value, bound.value, false, std::nullopt});
    bool const forwards = towards == direction::forwards;
    posting_range const range{inner->index.get(), block_source{view, inner->index->blocks()},
                              towards, forwards ? from.value : bound.value,
                              forwards ? bound.value : from.value};
    std::vector<intersection_of> lists;
    lists.reserve(inner->items.size());
    for (query::item const& each : inner->items) { lists.push_back(all_of(range, each)); }
    inner->matches.emplace(towards, std::move(lists));
    inner->ended = range.lowest > range.highest;
    return position_cursor{std::move(inner)};
}

position_cursor::position_cursor(std::unique_ptr<state> inner) noexcept
    : state_(std::move(inner)) {}
position_cursor::position_cursor(position_cursor&&) noexcept = default;
position_cursor& position_cursor::operator=(position_cursor&&) noexcept = default;
position_cursor::~position_cursor() = default;

result<std::optional<position>> position_cursor::next() {
    state& now = *state_;
    if (now.ended) { return std::nullopt; }
    auto const found = now.matches->seek(now.at);
    if (!found) { return found.error(); }
    now.ended = *found == no_position || *found == now.bound;
    if (*found == no_position) { return std::nullopt; }
    now.at = now.towards == direction::forwards ? *found + 1 : *found - 1;
    return position{*found};
}

} // namespace swarmlog::detail
