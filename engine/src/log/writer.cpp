#include "log/writer.hpp"

#include "decide/decision_scope.hpp"
#include "producer/ticket_pool.hpp"

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

namespace swarmlog::detail {

namespace {

error closed_before_its_turn() noexcept {
    try {
        return {errc::closed, "the log was closed before its turn came"};
    } catch (std::bad_alloc const&) { return errc::closed; }
}

} // namespace

writer::writer(log_core& core)
    : core_(&core), group_(core.options), decider_(core.keys, *core.store, core.options) {}

void writer::run() {
    auto const sync_interval = core_->store->facts().sync_interval;
    bool may_be_unflushed = false;
    auto const take_a_turn = [this] {
        std::lock_guard const mine{core_->turn};
        return run_once();
    };
    while (!core_->queue.is_closed()) {
        if (take_a_turn()) {
            may_be_unflushed = sync_interval.count() != 0;
        } else if (may_be_unflushed) {
            // A relaxed log is flushed by the commits that follow; when none does, here.
            core_->queue.wait_for_work(std::chrono::steady_clock::now() + sync_interval);
            if (core_->queue.is_empty()) {
                std::lock_guard const mine{core_->turn};
                flush_idle();
                may_be_unflushed = false;
            }
        } else {
            core_->queue.wait_for_work();
        }
    }
}

bool writer::run_once() {
    if (!group_.drain(core_->queue)) { return false; } // stage 3
    answered_ = 0;
    last_group_was_single_.store(group_.tickets().size() == 1, std::memory_order_relaxed);
    try {
        work_on_group();
    } catch (...) { give_up(); }
    return true;
}

void writer::flush_idle() {
    try {
        after_group();
    } catch (...) { give_up(); }
}

void writer::work_on_group() {
    decide_group();         // stages 4 and 5
    commit_group_in_hand(); // stage 6, and 7 when it is durable
    answer_all();
    after_group();
}

void writer::give_up() noexcept {
    // Memory ran out, or code of the host's threw: what is staged, written or half published is
    // known no more, and only opening again tells. An error of a code alone takes no memory, here
    // and in every later answer.
    failed_ = error{errc::in_doubt};
    answers_.clear();
    checkpoints_.clear();
    auto const& tickets = group_.tickets();
    core_->counts.rejected += tickets.size() - answered_;
    while (answered_ != tickets.size()) { answer_ticket(*tickets[answered_++], *failed_); }
}

void writer::decide_group() {
    decider_.begin_group(core_->head.get());
    answers_.clear();
    checkpoints_.clear();
    std::size_t next = 0;
    for (append_ticket* const ticket : group_.tickets()) {
        fetch_ahead(next++);
        if (ticket->command) {
            // A command sees everything that was asked before it as done.
            commit_group_in_hand();
            answer_all();
            run_command(*ticket);
            decider_.begin_group(core_->head.get());
        } else {
            answers_.push_back({ticket, decide_one(*ticket)});
        }
    }
}

void writer::fetch_ahead(std::size_t at) const noexcept {
    // The drafts were written on other cores. Each step reads only what the one before it has
    // fetched: far enough for a cache miss to be over, near enough not to be evicted again.
    constexpr std::size_t draft_ahead = 24;
    constexpr std::size_t events_ahead = 16;
    constexpr std::size_t content_ahead = 8;
    constexpr std::size_t line_bytes = 64;
    auto const draft_in = [&](std::size_t ahead) noexcept -> append_draft const* {
        auto const& tickets = group_.tickets();
        return at + ahead < tickets.size() ? tickets[at + ahead]->draft.get() : nullptr;
    };
    auto const fetch = [](void const* from, std::size_t bytes) noexcept {
        for (std::size_t done = 0; done < bytes; done += line_bytes) {
            __builtin_prefetch(static_cast<char const*>(from) + done);
        }
    };
    if (append_draft const* const draft = draft_in(draft_ahead)) { fetch(draft, sizeof *draft); }
    if (append_draft const* const draft = draft_in(events_ahead)) {
        fetch(draft->events().data(), sizeof(draft_event));
    }
    append_draft const* const draft = draft_in(content_ahead);
    if (draft == nullptr || draft->events().empty()) { return; }
    draft_event const& first = draft->events().front();
    draft_texts const texts = draft->texts_of(first);
    fetch(texts.stream.data(), texts.stream.size());
    fetch(texts.data.data(), std::min(texts.data.size(), 2 * line_bytes));
    core_->keys.prefetch(first.stream_hash);
}

result<receipt> writer::decide_one(append_ticket& ticket) {
    if (failed_) { return *failed_; }
    if (ticket.checkpoint) {
        if (ticket.checkpoint->at && *ticket.checkpoint->at > core_->head.get()) {
            return error{errc::invalid_argument, "position " +
                                                     std::to_string(ticket.checkpoint->at->value) +
                                                     " is beyond the log's head, " +
                                                     std::to_string(core_->head.get().value)};
        }
        checkpoints_.push_back(*ticket.checkpoint);
        return receipt{};
    }
    if (ticket.decide) { return decision_scope{*core_, decider_}.run(ticket.decide); }
    return decider_.decide(*ticket.draft);
}

void writer::run_command(append_ticket& ticket) {
    result<void> const done = failed_ ? result<void>{*failed_} : ticket.command();
    if (!done && done.error().is_in_doubt()) { failed_ = done.error(); }
    result<receipt> answer = done ? result<receipt>{receipt{}} : result<receipt>{done.error()};
    ++answered_;
    answer_ticket(ticket, std::move(answer));
}

void writer::commit_group_in_hand() {
    if (auto const sealed = decider_.finish_group(); !sealed) {
        reject_group(sealed.error());
        return;
    }
    if (decider_.records().empty() && checkpoints_.empty()) {
        decider_.group_dropped();
        return;
    }
    if (core_->forked.in_child()) { // a decision has forked: the store is the parent's
        failed_ = error{errc::forked_handle};
        reject_group(*failed_);
        return;
    }
    commit_result const written = write_group();
    switch (written.outcome) {
    case commit_outcome::committed: publish(); return;
    case commit_outcome::not_committed: reject_group(written.failure); return;
    case commit_outcome::in_doubt:
        failed_ = error{errc::in_doubt,
                        "a commit failed and may come back when the log is "
                        "opened again: " +
                            written.failure.message()};
        reject_group(*failed_);
        return;
    }
}

void writer::publish() {
    position const head = decider_.records().empty() ? decider_.end().head
                                                     : decider_.records().back().content->last();
    std::vector<std::shared_ptr<record const>> sealed;
    sealed.reserve(decider_.records().size());
    for (sealed_record const& each : decider_.records()) { sealed.push_back(each.content); }
    auto& counts = core_->counts;
    counts.events += head.value - decider_.end().head.value;
    counts.records += sealed.size();
    ++counts.groups;
    core_->records.publish(sealed);
    decider_.group_committed();
    checkpoints_.clear();
    core_->head.move_to(head);
}

void writer::after_group() {
    if (failed_) { return; }
    // Keeps the high-water mark and moves the write-ahead log on. A failure costs only these:
    // the mark may be behind, and the log is moved the next time.
    static_cast<void>(core_->store->after_commit(core_->head.get()));
    maintain_index();
}

void writer::reject_group(error const& failure) {
    decider_.group_dropped();
    checkpoints_.clear();
    for (pending_answer& pending : answers_) {
        if (pending.answer) { pending.answer = failure; }
    }
}

void writer::answer_all() {
    // Tickets of one producer mostly follow each other, and go back together.
    ticket_pool* pool = nullptr;
    answered_tickets together;
    auto const give_back = [&] {
        if (!together.is_empty()) { pool->give_back(std::exchange(together, {})); }
    };
    std::uint64_t accepted = 0;
    for (pending_answer& pending : answers_) {
        accepted += pending.answer ? 1U : 0U;
        ++answered_; // nothing from here on throws
        if (pending.ticket->pool == nullptr) {
            answer_ticket(*pending.ticket, std::move(pending.answer));
            continue;
        }
        if (pending.ticket->pool != pool) {
            give_back();
            pool = pending.ticket->pool;
        }
        together.add(*pending.ticket, std::move(pending.answer));
    }
    give_back();
    core_->counts.accepted += accepted;
    core_->counts.rejected += answers_.size() - accepted;
    answers_.clear();
}

void writer::finish(std::chrono::steady_clock::time_point deadline) {
    // The queue is closed: a count of zero stays zero, so every ticket is met here.
    while (!core_->queue.is_empty() && std::chrono::steady_clock::now() < deadline) {
        if (!run_once()) { std::this_thread::yield(); }
    }
    while (!core_->queue.is_empty()) {
        if (!group_.drain(core_->queue)) {
            std::this_thread::yield();
            continue;
        }
        for (append_ticket* const ticket : group_.tickets()) {
            answer_ticket(*ticket, closed_before_its_turn());
        }
    }
}

} // namespace swarmlog::detail
