#include "rows/ordered_rows.hpp"

#include <algorithm>

namespace swarmlog::detail {

ordered_rows::ordered_rows(std::vector<std::uint32_t> columns, std::uint32_t key)
    : columns_(std::move(columns)) {
    columns_.push_back(key);
}

std::strong_ordering ordered_rows::compare(row_cells const& left,
                                           row_cells const& right) const noexcept {
    for (std::uint32_t const column : columns_) {
        auto const order = compare_cells(left[column], right[column]);
        if (order != 0) { return order; }
    }
    return std::strong_ordering::equal;
}

std::strong_ordering
ordered_rows::compare_prefix(row_cells const& row,
                             std::vector<cell const*> const& prefix) const noexcept {
    for (std::size_t at = 0; at != prefix.size(); ++at) {
        auto const order = compare_cells(row[columns_[at]], *prefix[at]);
        if (order != 0) { return order; }
    }
    return std::strong_ordering::equal;
}

std::uint64_t ordered_rows::next_priority() noexcept {
    random_ ^= random_ << 13; // xorshift64 (Marsaglia, 2003)
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_;
}

ordered_rows::node& ordered_rows::own(link& at) {
    // One owner is this link, and while it is being changed nobody can make another. Acquire
    // pairs with the release of those who owned it before.
    if (at->owners.load(std::memory_order_acquire) != 1) { at = link{new node{*at}}; }
    return *at;
}

void ordered_rows::put(shared_row row) {
    if (replace(root_, row)) { return; }
    insert(root_, std::move(row), next_priority());
    ++size_;
}

bool ordered_rows::replace(link& at, shared_row& row) {
    // First without a copy: an absent row changes nothing on this way.
    node const* found = at.get();
    while (found != nullptr) {
        auto const order = compare(*row, *found->row);
        if (order == 0) { break; }
        found = (order < 0 ? found->left : found->right).get();
    }
    if (found == nullptr) { return false; }
    link* step = &at;
    while (true) {
        node& here = own(*step);
        auto const order = compare(*row, *here.row);
        if (order == 0) {
            here.row = std::move(row);
            return true;
        }
        step = order < 0 ? &here.left : &here.right;
    }
}

void ordered_rows::insert(link& at, shared_row&& row, std::uint64_t priority) {
    link* step = &at;
    while (*step != nullptr && (*step)->priority >= priority) {
        node& here = own(*step);
        step = compare(*row, *here.row) < 0 ? &here.left : &here.right;
    }
    link fresh{new node};
    fresh->priority = priority;
    split(std::move(*step), *row, fresh->left, fresh->right);
    fresh->row = std::move(row);
    *step = std::move(fresh);
}

void ordered_rows::split(link at, row_cells const& row, link& before, link& behind) {
    link* to_before = &before;
    link* to_behind = &behind;
    while (at != nullptr) {
        node& here = own(at);
        bool const is_before = compare(*here.row, row) < 0;
        link& hole = is_before ? here.right : here.left;
        link rest = std::move(hole);
        hole = nullptr;
        link*& target = is_before ? to_before : to_behind;
        *target = std::move(at);
        target = &hole;
        at = std::move(rest);
    }
}

ordered_rows::link ordered_rows::join(link left, link right) {
    link joined;
    link* target = &joined;
    while (left != nullptr && right != nullptr) {
        bool const left_is_above = left->priority >= right->priority;
        link& above = left_is_above ? left : right;
        node& here = own(above);
        link& hole = left_is_above ? here.right : here.left;
        link rest = std::move(hole);
        hole = nullptr;
        *target = std::move(above);
        target = &hole;
        (left_is_above ? left : right) = std::move(rest);
    }
    *target = left != nullptr ? std::move(left) : std::move(right);
    return joined;
}

bool ordered_rows::erase(row_cells const& row) {
    node const* found = root_.get();
    while (found != nullptr) {
        auto const order = compare(row, *found->row);
        if (order == 0) { break; }
        found = (order < 0 ? found->left : found->right).get();
    }
    if (found == nullptr) { return false; }
    link* step = &root_;
    while (true) {
        auto const order = compare(row, *(*step)->row);
        node& here = own(*step);
        if (order == 0) {
            *step = join(here.left, here.right);
            break;
        }
        step = order < 0 ? &here.left : &here.right;
    }
    --size_;
    return true;
}

} // namespace swarmlog::detail
