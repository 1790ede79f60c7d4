#include <swarmlog/engine/subscription.hpp>

#include "read/event_cursor.hpp"
#include "read/subscription_core.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog {

namespace detail {

namespace {

/// What a subscriber fetches at once: enough to be quick, little enough to stay small.
constexpr std::size_t batch_events = 256;
constexpr std::size_t recent_records = 8;

} // namespace

result<event> subscription_core::next(clock_type::time_point deadline) {
    for (;;) {
        if (cancelled_.load()) { return error{errc::cancelled}; }
        auto const found = look();
        if (!found) { return found.error(); }
        if (*found) { return take(); }
        if (clock_type::now() >= deadline) {
            return error{errc::deadline_exceeded, "no event came before the deadline"};
        }
        auto const waited =
            core_->wait_for_news(looked_at_, deadline, [this] { return cancelled_.load(); });
        if (!waited) { return waited.error(); }
    }
}

event subscription_core::take() {
    event front = std::move(buffer_.front());
    buffer_.pop_front();
    // With nothing more in the buffer, all that was looked at is delivered.
    delivered_.store(buffer_.empty() ? looked_at_.value : front.position.value,
                     std::memory_order_relaxed);
    return front;
}

result<bool> subscription_core::look() {
    if (!buffer_.empty()) { return true; }
    if (auto const usable = core_->check_usable(); !usable) { return usable.error(); }
    if (core_->store->facts().read_only) {
        if (auto const now = core_->refresh(); !now) { return now.error(); }
    }
    position const head = core_->head.get();
    while (looked_at_ < head && buffer_.empty()) {
        if (look_at_recent(head)) { continue; }
        if (auto const looked = look_at_storage(); !looked) { return looked.error(); }
    }
    if (buffer_.empty()) { delivered_.store(looked_at_.value, std::memory_order_relaxed); }
    return !buffer_.empty();
}

bool subscription_core::look_at_recent(position head) {
    auto const records = core_->records.recent_from(looked_at_.next(), recent_records);
    for (auto const& source : records) {
        if (source->first() > head) { break; }
        record::cursor walk{*source};
        if (source->first() <= looked_at_) {
            walk.skip(static_cast<std::uint32_t>(looked_at_.value - source->first().value + 1));
        }
        event_view view;
        while (walk.next(view)) {
            if (wanted_.matches(view)) { buffer_.emplace_back(view, source); }
            looked_at_ = view.position;
        }
        if (walk.failed()) { return false; }
    }
    return !records.empty();
}

result<void> subscription_core::look_at_storage() {
    event_cursor cursor{core_};
    cursor.matching(wanted_);
    cursor.after(looked_at_);
    cursor.limit(batch_events);
    cursor.page_events(batch_events);
    for (std::uint64_t found = 0; found != batch_events; ++found) {
        auto const next = cursor.step();
        if (!next) {
            // What was found before is given first; then the failure is met again.
            return buffer_.empty() ? next.error() : result<void>{};
        }
        if (*next == nullptr) {
            // Everything was looked at up to the head that the cursor saw, which may be later
            // than the one that sent us here.
            looked_at_ = std::max(looked_at_, cursor.read_through());
            return {};
        }
        buffer_.emplace_back(**next, cursor.owner());
        looked_at_ = buffer_.back().position;
    }
    return {}; // a full batch may have more behind it
}

void subscription_core::start(std::unique_ptr<event_completion> completion) {
    {
        std::lock_guard const lock{async_mutex_};
        // Whichever is left over: an earlier one stays, and the new one is turned away.
        if (waiting_ == nullptr) { waiting_.swap(completion); }
    }
    if (completion != nullptr) {
        completion->complete(
            error{errc::invalid_argument, "an asynchronous next is under way; one at a time"});
        return;
    }
    if (core_->store->facts().read_only) {
        // Nobody moves this handle's head but those who look.
        complete(error{errc::unsupported,
                       "an asynchronous next needs the writing handle; on a "
                       "read-only one use next with a deadline"});
        return;
    }
    look_or_wait();
}

void subscription_core::look_or_wait() {
    if (cancelled_.load()) {
        complete(error{errc::cancelled});
        return;
    }
    auto const found = look();
    if (!found) {
        complete(found.error());
        return;
    }
    if (*found) {
        complete(take());
        return;
    }
    // The writer only wakes: looking is done on the handler's own executor.
    auto self = shared_from_this();
    std::uint64_t const number = core_->head.on_move(looked_at_, [self] {
        std::lock_guard const lock{self->async_mutex_};
        if (self->waiting_ == nullptr) { return; }
        self->waiting_->post([self] { self->look_or_wait(); });
    });
    {
        // The waker may have run already, and its task have set a later one.
        std::lock_guard const lock{async_mutex_};
        waker_ = std::max(waker_, number);
    }
    // A cancel that came before the waker was there could not find it.
    if (cancelled_.load() && core_->head.cancel(number)) { complete(error{errc::cancelled}); }
}

void subscription_core::complete(result<event> answer) {
    std::unique_ptr<event_completion> waiting;
    {
        std::lock_guard const lock{async_mutex_};
        waiting = std::move(waiting_);
    }
    if (waiting != nullptr) { waiting->complete(std::move(answer)); }
}

void subscription_core::cancel() {
    cancelled_.store(true);
    // In a forked child nobody waits, and the locks may be held by threads that are not there.
    if (core_->forked.in_child()) { return; }
    core_->head.nudge();
    std::uint64_t number = 0;
    {
        std::lock_guard const lock{async_mutex_};
        number = waker_;
    }
    if (core_->head.cancel(number)) { complete(error{errc::cancelled}); }
}

} // namespace detail

subscription::subscription(std::shared_ptr<detail::subscription_core> core) noexcept
    : core_(std::move(core)) {}
subscription::subscription(subscription&&) noexcept = default;
subscription& subscription::operator=(subscription&&) noexcept = default;
subscription::~subscription() {
    if (core_ != nullptr) { core_->cancel(); }
}

result<event> subscription::next(clock_type::time_point deadline) { return core_->next(deadline); }

result<std::vector<event>> subscription::next_batch(std::size_t events_max,
                                                    clock_type::time_point deadline) {
    std::vector<event> batch;
    while (batch.size() < events_max) {
        // Before an event is taken, so that none is lost for want of memory.
        if (batch.size() == batch.capacity()) {
            batch.reserve(std::min(events_max, std::max<std::size_t>(16, 2 * batch.size())));
        }
        auto next = core_->next(batch.empty() ? deadline : clock_type::time_point::min());
        if (!next) {
            // What was taken is delivered; whatever else ends the batch comes with the next call.
            if (!batch.empty()) { break; }
            return next.error();
        }
        batch.push_back(std::move(*next));
    }
    return batch;
}

void subscription::start(std::unique_ptr<detail::event_completion> completion) {
    core_->start(std::move(completion));
}

void subscription::cancel() { core_->cancel(); }

position subscription::at() const noexcept { return core_->at(); }

result<void> consumer::acknowledge(position at) {
    auto ticket = std::make_shared<detail::append_ticket>();
    ticket->checkpoint = detail::checkpoint_change{name_, at};
    auto const done = core_->log()->ask(ticket);
    if (!done) { return done.error(); }
    return {};
}

} // namespace swarmlog
