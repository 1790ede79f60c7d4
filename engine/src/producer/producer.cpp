/// Stage 1 of 7, producer: builds an append on the caller's thread and queues it.

#include <swarmlog/engine/producer.hpp>

#include "log/log_core.hpp"
#include "producer/detail_access.hpp"
#include "producer/producer_core.hpp"

#include <utility>

namespace swarmlog {

namespace detail {

producer_core::producer_core(std::shared_ptr<log_core> core)
    : core_(std::move(core)), pool_(core_->make_pool()), token_(core_->queue.make_token()) {}

producer_core::~producer_core() = default;

append_request producer_core::new_append() {
    return detail_access::make(pool_->acquire_draft(core_->options.limits));
}

result<void> producer_core::check(append_request& request) const {
    if (auto const writable = core_->check_writable(); !writable) { return writable; }
    append_draft const& draft = detail_access::draft(request);
    if (draft.failure()) { return *draft.failure(); }
    if (draft.events().empty()) {
        return error{errc::empty_append, "an append has no event; it takes at least one"};
    }
    // The request may have been built under other limits than the log's.
    append_limits const& limits = core_->options.limits;
    if (draft.events().size() > limits.append_events_max ||
        draft.byte_count() > limits.append_bytes_max) {
        return error{
            errc::append_too_large,
            "an append of " + std::to_string(draft.events().size()) + " events and " +
                std::to_string(draft.byte_count()) +
                " bytes is over append_events_max = " + std::to_string(limits.append_events_max) +
                " or append_bytes_max = " + std::to_string(limits.append_bytes_max)};
    }
    return {};
}

result<std::shared_ptr<append_ticket>> producer_core::enqueue(append_request request, waiting how) {
    if (auto const valid = check(request); !valid) { return valid.error(); }
    auto ticket = std::make_shared<append_ticket>();
    ticket->draft = detail_access::take(request);
    ticket->self = ticket;
    auto const queued = put(*ticket, how);
    if (!queued) {
        ticket->self.reset();
        return queued.error();
    }
    return ticket;
}

result<void> producer_core::submit(append_request request) {
    if (auto const valid = check(request); !valid) { return valid; }
    append_ticket& ticket = pool_->acquire_ticket();
    ticket.draft = detail_access::take(request);
    pool_->count_submitted();
    result<void> const queued = put(ticket, waiting::for_room);
    if (!queued) {
        pool_->uncount_submitted();
        pool_->put_back(ticket);
    }
    return queued;
}

void producer_core::start(append_request request, std::unique_ptr<append_completion> completion) {
    if (auto const valid = check(request); !valid) {
        completion->complete(valid.error());
        return;
    }
    auto ticket = std::make_unique<append_ticket>();
    ticket->draft = detail_access::take(request);
    ticket->completion = std::move(completion);
    if (auto const queued = core_->queue.put(*ticket, &token_, std::nullopt); !queued) {
        ticket->completion->complete(queued.error());
        return;
    }
    static_cast<void>(ticket.release()); // the writer answers it and deletes it
}

result<receipt> producer_core::append(append_request request) {
    auto const ticket = enqueue(std::move(request), waiting::for_answer);
    if (!ticket) { return ticket.error(); }
    core_->work_or_await(**ticket);
    return std::move((*ticket)->answer);
}

flush_summary producer_core::flush() {
    flush_summary summary;
    if (core_->forked.in_child()) {
        summary.first_failure = errc::forked_handle; // the answers are the parent's
        return summary;
    }
    core_->await(*pool_);
    return pool_->take_summary();
}

result<void> producer_core::put(append_ticket& ticket, waiting how) {
    using waking = ingestion_queue::waking;
    waking const wakes = how == waiting::for_answer ? waking::later : waking::now;
    result<void> queued = core_->queue.put(ticket, &token_, std::nullopt, wakes);
    if (!queued && how != waiting::for_nothing && queued.error() == errc::queue_full) {
        queued = core_->put_waiting(ticket, &token_, wakes);
    }
    return queued;
}

} // namespace detail

producer::producer(std::unique_ptr<detail::producer_core> core) noexcept : core_(std::move(core)) {}
producer::producer(producer&&) noexcept = default;
producer& producer::operator=(producer&&) noexcept = default;
producer::~producer() = default;

append_request producer::new_append() const { return core_->new_append(); }

result<receipt> producer::append(append_request request) {
    return core_->append(std::move(request));
}

result<pending_append> producer::try_append(append_request request) {
    auto ticket = core_->enqueue(std::move(request), detail::producer_core::waiting::for_nothing);
    if (!ticket) { return ticket.error(); }
    return pending_append{core_->log(), std::move(*ticket)};
}

result<void> producer::submit(append_request request) { return core_->submit(std::move(request)); }

flush_summary producer::flush() { return core_->flush(); }

void producer::start(append_request request,
                     std::unique_ptr<detail::append_completion> completion) {
    core_->start(std::move(request), std::move(completion));
}

pending_append::pending_append(std::shared_ptr<detail::log_core> core,
                               std::shared_ptr<detail::append_ticket> ticket) noexcept
    : core_(std::move(core)), ticket_(std::move(ticket)) {}
pending_append::pending_append(pending_append&&) noexcept = default;
pending_append& pending_append::operator=(pending_append&&) noexcept = default;
pending_append::~pending_append() = default;

bool pending_append::ready() const noexcept { return ticket_->answered(); }

result<receipt> pending_append::get() {
    core_->await(*ticket_);
    return std::move(ticket_->answer);
}

} // namespace swarmlog
