#include <swarmlog/engine/event_log.hpp>

#include "index/key_enumeration.hpp"
#include "index/key_lookup.hpp"
#include "log/check_consumer_name.hpp"
#include "log/log_core.hpp"
#include "log/verify.hpp"
#include "producer/producer_core.hpp"
#include "read/event_cursor.hpp"
#include "read/find_event.hpp"
#include "read/subscription_core.hpp"
#include "transaction/transaction_core.hpp"

#include <new>
#include <utility>

namespace swarmlog {

namespace {

result<void> for_each_key_of(detail::log_core& core, detail::key_kind kind,
                             std::function<void(key_info const&)> const& visit) {
    auto now = core.begin_reading();
    if (!now) { return now.error(); }
    return detail::for_each_key(
        *now->index, *now->view, kind,
        [&](std::string_view name, std::uint64_t count, position first, position last) {
            visit({std::string{name}, count, first, last});
            return true;
        },
        now->head);
}

} // namespace

result<event_log> event_log::open(std::unique_ptr<backend> store, log_options options) {
    if (auto const valid = check_options(options); !valid) { return valid.error(); }
    auto core = std::make_shared<detail::log_core>(std::move(store), std::move(options));
    if (auto const started = core->start(); !started) { return started.error(); }
    return event_log{std::move(core)};
}

event_log::event_log(std::shared_ptr<detail::log_core> core) noexcept : core_(std::move(core)) {}
event_log::event_log(event_log&&) noexcept = default;

event_log& event_log::operator=(event_log&& other) noexcept {
    if (this != &other) {
        event_log const old{std::move(*this)};
        core_ = std::move(other.core_);
    }
    return *this;
}

event_log::~event_log() {
    if (core_ == nullptr) { return; }
    if (core_->forked.in_child()) {
        core_->abandon();
        return;
    }
    try {
        static_cast<void>(core_->close());
    } catch (std::bad_alloc const&) {
        // Nothing is lost by it: the next open finds what is stored.
    }
}

open_report const& event_log::opened() const noexcept { return core_->opened; }

producer event_log::make_producer() {
    return producer{std::make_unique<detail::producer_core>(core_)};
}

result<receipt> event_log::decide_erased(detail::decision_function closure) {
    auto ticket = std::make_shared<detail::append_ticket>();
    ticket->decide = std::move(closure);
    return core_->ask(ticket);
}

void event_log::start_decide(detail::decision_function closure,
                             std::unique_ptr<detail::append_completion> completion) {
    if (auto const writable = core_->check_writable(); !writable) {
        completion->complete(writable.error());
        return;
    }
    auto ticket = std::make_unique<detail::append_ticket>();
    ticket->decide = std::move(closure);
    ticket->completion = std::move(completion);
    if (auto const queued = core_->queue.put(*ticket, nullptr, std::nullopt); !queued) {
        ticket->completion->complete(queued.error());
        return;
    }
    static_cast<void>(ticket.release()); // the writer answers it and deletes it
}

transaction event_log::begin() {
    return transaction{std::make_unique<detail::transaction_core>(core_)};
}

reader event_log::read() const { return reader{std::make_unique<detail::event_cursor>(core_)}; }

result<std::optional<event>> event_log::find(event_id const& id) const {
    return detail::find_event(core_, id);
}

std::shared_ptr<state_fold> const& event_log::state() const noexcept {
    return core_->options.state;
}

position event_log::head() const noexcept { return core_->head.get(); }

result<void> event_log::wait_for(position at, std::chrono::milliseconds wait_max) const {
    detail::event_cursor cursor{core_};
    cursor.wait_for(at, wait_max);
    cursor.limit(0);
    auto const reached = cursor.step();
    if (!reached) { return reached.error(); }
    return {};
}

result<version> event_log::version_of(std::string_view stream) const {
    auto now = core_->begin_reading();
    if (!now) { return now.error(); }
    auto const known = detail::newest(
        *now->index, *now->view, detail::key_ref::of(detail::key_kind::stream, stream), now->head);
    if (!known) { return known.error(); }
    return version{*known ? (*known)->count : 0};
}

result<void> event_log::for_each_stream(std::function<void(key_info const&)> const& visit) const {
    return for_each_key_of(*core_, detail::key_kind::stream, visit);
}

result<void> event_log::for_each_type(std::function<void(key_info const&)> const& visit) const {
    return for_each_key_of(*core_, detail::key_kind::type, visit);
}

result<void> event_log::for_each_tag(std::function<void(key_info const&)> const& visit) const {
    return for_each_key_of(*core_, detail::key_kind::tag, visit);
}

result<position> event_log::refresh() const { return core_->refresh(); }

result<subscription> event_log::subscribe(swarmlog::query events, position after) const {
    if (auto const usable = core_->check_usable(); !usable) { return usable.error(); }
    return subscription{
        std::make_shared<detail::subscription_core>(core_, std::move(events), after)};
}

result<consumer> event_log::open_consumer(std::string_view name, swarmlog::query events) {
    if (auto const valid = detail::check_consumer_name(name); !valid) { return valid.error(); }
    auto now = core_->begin_reading();
    if (!now) { return now.error(); }
    auto const at = now->view->checkpoint_of(name);
    if (!at) { return at.error(); }
    return consumer{std::make_shared<detail::subscription_core>(core_, std::move(events),
                                                                at->value_or(position{})),
                    std::string{name}};
}

result<std::vector<stored_checkpoint>> event_log::consumers() const {
    auto now = core_->begin_reading();
    if (!now) { return now.error(); }
    return now->view->checkpoints();
}

result<void> event_log::remove_consumer(std::string_view name) {
    auto ticket = std::make_shared<detail::append_ticket>();
    ticket->checkpoint = detail::checkpoint_change{std::string{name}, std::nullopt};
    auto const done = core_->ask(ticket);
    if (!done) { return done.error(); }
    return {};
}

result<void> event_log::checkpoint() {
    return core_->run_command([core = core_.get()] { return core->store->checkpoint(); });
}

result<void> event_log::backup_to(std::string const& path, progress const& report) const {
    if (auto const usable = core_->check_usable(); !usable) { return usable; }
    return core_->store->backup_to(path, report);
}

result<void> event_log::compact() {
    return core_->run_command([core = core_.get()] { return core->store->compact(); });
}

result<storage_sizes> event_log::sizes() const {
    if (auto const usable = core_->check_usable(); !usable) { return usable.error(); }
    return core_->store->sizes();
}

log_statistics event_log::statistics() const {
    auto const& counts = core_->counts;
    log_statistics now;
    now.head = core_->head.get();
    now.durability = core_->store->facts().mode;
    now.events_appended = counts.events;
    now.appends_accepted = counts.accepted;
    now.appends_rejected = counts.rejected;
    now.groups = counts.groups;
    now.records = counts.records;
    now.queued_appends = core_->queue.queued_appends();
    now.queued_bytes = core_->queue.queued_bytes();
    auto const index = core_->keys.statistics();
    now.index_runs = index.run_count;
    now.index_tail_keys = index.tail_keys;
    now.index_memory_bytes = index.filter_bytes + index.tail_bytes + index.cached_block_bytes;
    now.record_cache_bytes = core_->records.bytes();
    return now;
}

result<verify_report> event_log::verify(progress const& report) const {
    if (auto const usable = core_->check_usable(); !usable) { return usable.error(); }
    return detail::verify_log(*core_, report);
}

bool event_log::run_once() { return core_->run_once(); }

result<void> event_log::close() { return core_->close(); }

} // namespace swarmlog
