#include "log/log_core.hpp"

#include "apply/replay.hpp"
#include "log/writer.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace swarmlog::detail {

namespace {

index_options index_options_of(log_options const& options) {
    return {.tail_events = options.index_tail_events,
            .tail_bytes_max = options.index_tail_bytes_max,
            .filter_bytes_max = options.index_filter_bytes_max,
            .cache_bytes_max = options.index_cache_bytes,
            .heads_max = options.stream_heads_max};
}

/// A reader that follows another process may meet more than a tail's worth of commits at once.
constexpr std::size_t follow_records_max = 4'096;

} // namespace

log_core::log_core(std::unique_ptr<backend> opened_store, log_options given)
    : options(std::move(given)),
      store(std::move(opened_store)),
      keys(index_options_of(options)),
      records(options.record_cache_bytes),
      queue(options) {}

log_core::~log_core() {
    if (forked.in_child()) { return; }
    try {
        static_cast<void>(close());
    } catch (std::bad_alloc const&) {
        // Nothing is lost by it: the next open finds what is stored.
    }
}

result<void> log_core::start() {
    auto const began = std::chrono::steady_clock::now();
    store_facts const& facts = store->facts();
    {
        auto view = store->read();
        if (!view) { return view.error(); }
        if (auto const loaded = keys.load(**view); !loaded) { return loaded; }
    }
    group_stage stage{keys};
    auto const replayed = replay_tail(keys, stage, *store);
    if (!replayed) { return replayed.error(); }

    opened.created = facts.created;
    opened.head = replayed->end.head;
    opened.indexed_through = keys.indexed_through();
    opened.replayed_records = replayed->records;
    opened.replayed_events = replayed->events;
    opened.schema_version = facts.schema_version;
    opened.migrated_from = facts.migrated_from;
    opened.high_water_mark = facts.high_water_mark;
    opened.warnings = facts.warnings;
    opened.loss_possible = facts.loss_possible;
    judge_opening(replayed->damage);
    applied_ = opened.head;
    head.move_to(opened.head);

    if (options.state != nullptr) {
        auto const caught_up = options.state->start(*this, !opened.read_only);
        if (!caught_up) { return caught_up; }
    }
    started_ = true;

    if (facts.read_only) {
        follower_ = std::make_unique<group_stage>(keys);
    } else {
        writer_ = std::make_unique<writer>(*this);
        writer_->set_end(replayed->end);
        if (options.drive == writer_drive::thread) {
            // A relaxed log's thread has to know what is to be flushed, and one that lingers waits
            // for company.
            callers_may_work_ = facts.sync_interval.count() == 0 && options.linger_us.count() == 0;
            thread_ = std::thread{[this] { writer_->run(); }};
        }
    }
    opened.duration = std::chrono::steady_clock::now() - began;
    return {};
}

void log_core::judge_opening(std::optional<error> const& damage) {
    bool const may_write = !store->facts().read_only && !options.read_only;
    opened.read_only = !may_write;
    if (damage) {
        opened.corrupt_at = opened.head.next();
        opened.read_only = true;
        opened.message = damage->message() + "; the log is read-only";
        return;
    }
    if (opened.high_water_mark && *opened.high_water_mark > opened.head) {
        opened.lost_events = opened.high_water_mark->value - opened.head.value;
        opened.message = std::to_string(opened.lost_events) +
                         " acknowledged events after position " +
                         std::to_string(opened.head.value) + " are lost";
        if (store->facts().mode == durability::durable && !options.accept_loss) {
            opened.read_only = true;
            opened.message += "; the log is read-only until it is opened with accept_loss";
        }
    } else if (opened.loss_possible) {
        opened.message =
            "the machine stopped while this log was open and relaxed: what was "
            "acknowledged since the last sync may be lost";
    }
}

result<void> log_core::check_usable() const {
    if (forked.in_child()) { return error{errc::forked_handle}; }
    if (closed_.load(std::memory_order_acquire)) { return error{errc::closed}; }
    return {};
}

result<void> log_core::check_writable() const {
    if (auto const usable = check_usable(); !usable) { return usable; }
    if (!opened.read_only) { return {}; }
    if (opened.corrupt_at) { return error{errc::corrupt, opened.message}; }
    return error{errc::read_only,
                 opened.message.empty() ? "the log is open for reading only" : opened.message};
}

result<void> log_core::put_waiting(append_ticket& ticket, ingestion_queue::token_type* token,
                                   ingestion_queue::waking wakes) {
    while (options.drive == writer_drive::by_hand) {
        auto const queued = queue.put(ticket, token, std::nullopt, wakes);
        if (queued || !(queued.error() == errc::queue_full)) { return queued; }
        if (!run_once()) { break; }
    }
    return queue.put(ticket, token, std::chrono::steady_clock::now() + options.queue_wait_max,
                     wakes);
}

result<receipt> log_core::ask(std::shared_ptr<append_ticket> const& ticket) {
    if (auto const writable = check_writable(); !writable) { return writable.error(); }
    ticket->self = ticket;
    auto const queued = put_waiting(*ticket, nullptr, ingestion_queue::waking::later);
    if (!queued) {
        ticket->self.reset();
        return queued.error();
    }
    work_or_await(*ticket);
    return std::move(ticket->answer);
}

result<void> log_core::run_command(writer_command command) {
    auto ticket = std::make_shared<append_ticket>();
    ticket->command = std::move(command);
    auto const done = ask(ticket);
    if (!done) { return done.error(); }
    return {};
}

void log_core::await(append_ticket& ticket) {
    if (!ticket.answered() && forked.in_child()) {
        ticket.answer = error{errc::forked_handle};
        return;
    }
    if (options.drive == writer_drive::thread) {
        ticket.wait();
        return;
    }
    while (!ticket.answered()) { run_once(); }
}

void log_core::work_or_await(append_ticket& ticket) {
    if (options.drive == writer_drive::by_hand || forked.in_child()) {
        await(ticket);
    } else if (callers_may_work_ && writer_->last_group_was_single()) {
        work_or_wait(ticket, queue, turn, [this] { writer_->run_once(); });
    } else {
        queue.wake_writer();
        ticket.wait();
    }
}

void log_core::await(ticket_pool& pool) {
    if (options.drive == writer_drive::thread) {
        pool.wait_answered();
        return;
    }
    while (!pool.all_answered()) { run_once(); }
}

bool log_core::run_once() {
    if (writer_ == nullptr || options.drive != writer_drive::by_hand) { return false; }
    if (forked.in_child()) { return false; }
    {
        std::lock_guard const mine{turn};
        if (writer_->run_once()) { return true; }
    }
    return options.state != nullptr && options.state->follow_by_hand();
}

std::shared_ptr<ticket_pool> log_core::make_pool() {
    auto pool = std::make_shared<ticket_pool>();
    std::lock_guard const lock{pools_mutex_};
    // A pool whose producer is gone is kept until its last ticket has come back.
    std::erase_if(pools_,
                  [](auto const& each) { return each.use_count() == 1 && each->is_at_rest(); });
    pools_.push_back(pool);
    return pool;
}

result<position> log_core::refresh() {
    if (auto const usable = check_usable(); !usable) { return usable.error(); }
    if (follower_ == nullptr) { return head.get(); }
    std::lock_guard const mine{turn};
    auto view = store->read();
    if (!view) { return view.error(); }
    if (auto const followed = refresh_with(**view); !followed) { return followed.error(); }
    return head.get();
}

result<void> log_core::refresh_with(read_view& view) {
    if (opened.corrupt_at) { return {}; }
    auto const replaced = keys.refresh(view);
    if (!replaced) { return replaced.error(); }
    if (*replaced) {
        applied_ = keys.indexed_through();
        // What the new runs cover is not read here: the records kept would have a gap.
        if (applied_ > head.get()) { records.clear(); }
    }
    auto const stored = view.head();
    if (!stored) { return stored.error(); }
    if (*stored <= applied_) {
        // New runs may cover all there is: then nothing is left to apply.
        if (applied_ > head.get()) { head.move_to(applied_); }
        return {};
    }

    result<void> outcome;
    std::vector<std::shared_ptr<record const>> fresh;
    auto const visited = view.records_from(applied_.next(), [&](stored_record const& each) {
        auto decoded = record::decode(each);
        outcome =
            decoded ? apply_record(**decoded, keys, *follower_) : result<void>{decoded.error()};
        if (!outcome) { return false; }
        applied_ = each.last;
        if (each.first > head.get()) {
            fresh.push_back(std::move(*decoded));
            if (fresh.size() == follow_records_max) { records.publish(std::exchange(fresh, {})); }
        }
        return true;
    });
    records.publish(fresh);
    if (applied_ > head.get()) { head.move_to(applied_); }
    if (!visited) { return visited; }
    return outcome;
}

result<void> log_core::wait_for_news(position seen, std::chrono::steady_clock::time_point deadline,
                                     std::function<bool()> const& stop) {
    if (follower_ == nullptr) {
        head.wait_beyond(seen, deadline, stop);
        return {};
    }
    while (head.get() <= seen && !stop() && std::chrono::steady_clock::now() < deadline) {
        if (auto const now = refresh(); !now) { return now.error(); }
        if (head.get() > seen) { break; }
        head.wait_beyond(
            seen, std::min(deadline, std::chrono::steady_clock::now() + options.follow_interval),
            stop);
    }
    return {};
}

result<log_core::reading> log_core::begin_reading() {
    if (auto const usable = check_usable(); !usable) { return usable.error(); }
    reading now;
    if (follower_ != nullptr) {
        // Another process may drop runs at any time, so the index must be as the view has it.
        std::lock_guard const mine{turn};
        auto view = store->read();
        if (!view) { return view.error(); }
        if (auto const followed = refresh_with(**view); !followed) { return followed.error(); }
        now.view = std::move(*view);
        now.head = head.get();
        now.index = keys.snapshot();
        return now;
    }
    // In this order: the snapshot covers the head, and the view has the snapshot's runs.
    now.head = head.get();
    now.index = keys.snapshot();
    auto view = store->read();
    if (!view) { return view.error(); }
    now.view = std::move(*view);
    return now;
}

result<std::shared_ptr<record const>> log_core::record_at(position at, read_view& view) {
    if (auto known = records.find(at)) { return known; }
    result<std::shared_ptr<record const>> found = corrupt_at(at, "its record is not there");
    auto const visited = view.records_from(at, [&](stored_record const& stored) {
        if (stored.first <= at && at <= stored.last) { found = record::decode(stored); }
        return false;
    });
    if (!visited) { return visited.error(); }
    if (found) { records.remember(*found); }
    return found;
}

result<void> log_core::close() {
    if (forked.in_child()) { return error{errc::forked_handle}; }
    if (closing_.exchange(true)) { return {}; }
    auto const deadline = std::chrono::steady_clock::now() + options.close_wait_max;
    bool const has_state = options.state != nullptr && started_;
    if (has_state) { options.state->stop_following(); }
    queue.close();
    if (thread_.joinable()) { thread_.join(); }
    // What was queued is still folded, so the state stops last.
    if (writer_ != nullptr) {
        std::lock_guard const mine{turn};
        writer_->finish(deadline);
    }
    if (has_state) { options.state->stop(); }
    closed_.store(true, std::memory_order_release);
    head.close();
    return store->close();
}

void log_core::abandon() noexcept {
    store->abandon();
    // The parent's thread, locks and file handles are not the child's to end, so the child's
    // copy of everything stays as it is.
    abandoned_ = shared_from_this();
}

} // namespace swarmlog::detail
