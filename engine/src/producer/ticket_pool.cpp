#include "producer/ticket_pool.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog::detail {

std::unique_ptr<append_draft> ticket_pool::acquire_draft(append_limits const& limits) {
    if (drafts_.empty()) { collect_returned(); }
    std::unique_ptr<append_draft> draft;
    if (drafts_.empty()) {
        draft = std::make_unique<append_draft>();
    } else {
        draft = std::move(drafts_.back());
        drafts_.pop_back();
    }
    draft->reset(limits);
    return draft;
}

append_ticket& ticket_pool::acquire_ticket() {
    if (idle_.empty()) { collect_returned(); }
    if (idle_.empty()) {
        all_.push_back(std::make_unique<append_ticket>());
        idle_.push_back(all_.back().get());
    }
    append_ticket& ticket = *idle_.back();
    idle_.pop_back();
    ticket.pool = this;
    return ticket;
}

void ticket_pool::put_back(append_ticket& ticket) {
    if (ticket.draft) { drafts_.push_back(std::move(ticket.draft)); }
    idle_.push_back(&ticket);
}

void ticket_pool::collect_returned() {
    // Acquire pairs with the release of the push: the writer is done with these tickets.
    append_ticket* next = returned_.exchange(nullptr, std::memory_order_acquire);
    while (next != nullptr) {
        append_ticket& ticket = *std::exchange(next, next->next_free);
        put_back(ticket);
    }
}

void answered_tickets::add(append_ticket& ticket, result<receipt>&& answer) noexcept {
    ticket.next_free = first_;
    first_ = &ticket;
    if (last_ == nullptr) { last_ = &ticket; }
    ++count_;
    if (answer) {
        ++summary_.accepted;
        summary_.last = std::max(summary_.last, answer->last);
    } else if (summary_.rejected++ == 0) {
        summary_.first_failure = std::move(answer).error();
    }
}

void ticket_pool::give_back(answered_tickets answered) noexcept {
    // Until the end: once all is answered the pool may be dropped, but not under the lock.
    std::lock_guard const lock{writer_mutex_};
    flush_summary& more = answered.summary_;
    summary_.accepted += more.accepted;
    summary_.last = std::max(summary_.last, more.last);
    if (summary_.rejected == 0 && more.rejected != 0) {
        summary_.first_failure = std::move(more.first_failure);
    }
    summary_.rejected += more.rejected;

    append_ticket* head = returned_.load(std::memory_order_relaxed);
    do {
        answered.last_->next_free = head;
    } while (!returned_.compare_exchange_weak(head, answered.first_, std::memory_order_release,
                                              std::memory_order_relaxed));
    answered_.fetch_add(answered.count_, std::memory_order_release);
    answered_.notify_all();
}

void ticket_pool::wait_answered() const noexcept {
    auto const all = submitted_.load(std::memory_order_relaxed);
    for (auto now = answered_.load(std::memory_order_acquire); now != all;
         now = answered_.load(std::memory_order_acquire)) {
        answered_.wait(now, std::memory_order_acquire);
    }
}

bool ticket_pool::is_at_rest() const {
    std::lock_guard const lock{writer_mutex_};
    return all_answered();
}

flush_summary ticket_pool::take_summary() {
    std::lock_guard const lock{writer_mutex_};
    return std::exchange(summary_, {});
}

} // namespace swarmlog::detail
