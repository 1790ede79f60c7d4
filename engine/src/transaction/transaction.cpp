#include <swarmlog/engine/transaction.hpp>

#include "index/key_lookup.hpp"
#include "producer/detail_access.hpp"
#include "read/event_cursor.hpp"
#include "record/record_builder.hpp"
#include "transaction/transaction_core.hpp"

#include <swarmlog/engine/decision.hpp>

#include <algorithm>
#include <map>
#include <string>

namespace swarmlog {

namespace detail {

result<void> transaction_core::check_open() const {
    if (ended_) { return error{errc::invalid_argument, "the transaction has ended"}; }
    return core_->check_usable();
}

void transaction_core::remember(query const& events) {
    read_ = has_read_ ? read_ | events : events;
    has_read_ = true;
}

result<version> transaction_core::committed_version(std::string_view stream) const {
    auto const now = core_->begin_reading();
    if (!now) { return now.error(); }
    auto const known =
        detail::newest(*now->index, *now->view, key_ref::of(key_kind::stream, stream), began_at_);
    if (!known) { return known.error(); }
    return version{*known ? (*known)->count : 0};
}

result<version> transaction_core::version_of(std::string_view stream) {
    if (auto const open = check_open(); !open) { return open.error(); }
    remember(query{}.stream(stream));
    auto known = committed_version(stream);
    if (!known) { return known; }
    for (draft_event const& event : draft_.events()) {
        if (draft_.texts_of(event).stream == stream) { known = known->next(); }
    }
    return known;
}

result<std::vector<event>> transaction_core::read(query const& events, position after) {
    if (auto const open = check_open(); !open) { return open.error(); }
    remember(events);
    std::vector<event> all;
    event_cursor cursor{core_};
    cursor.matching(events);
    cursor.after(after);
    cursor.before(began_at_.next());
    if (auto const collected = cursor.collect(all); !collected) { return collected.error(); }
    auto const mine = own(events);
    if (!mine) { return mine.error(); }
    all.insert(all.end(), mine->begin(), mine->end());
    return all;
}

result<std::vector<event>> transaction_core::newest(query const& events, std::uint64_t count) {
    if (auto const open = check_open(); !open) { return open.error(); }
    remember(events);
    auto found = own(events);
    if (!found) { return found; }
    std::reverse(found->begin(), found->end());
    if (found->size() > count) {
        found->erase(found->begin() + static_cast<std::ptrdiff_t>(count), found->end());
    }
    event_cursor cursor{core_};
    cursor.matching(events);
    cursor.before(began_at_.next());
    cursor.backwards();
    cursor.limit(count - found->size());
    if (auto const collected = cursor.collect(*found); !collected) { return collected.error(); }
    return found;
}

result<void> transaction_core::append(append_draft const& more) {
    if (auto const open = check_open(); !open) { return open; }
    if (more.events().empty() && !more.failure()) {
        return error{errc::empty_append, "an append has no event; it takes at least one"};
    }
    if (!more.failure()) {
        draft_.absorb(more);
        own_ = nullptr;
    }
    auto const& failure = more.failure() ? more.failure() : draft_.failure();
    if (!failure) { return {}; }
    if (!failure_) { failure_ = *failure; }
    return *failure;
}

result<std::shared_ptr<record const>> transaction_core::own_record() const {
    record_builder builder;
    record_header header;
    header.first = position{1};       // not shown: an event has no position before the commit
    header.recorded_at = timestamp{}; // nor a time: the clock is the writer's
    builder.begin(header, make_event_id(header.recorded_at, 0, 0));
    struct stream_place {
        std::uint32_t slot;
        std::uint64_t version;
    };
    std::map<std::string, stream_place, std::less<>> streams;
    std::vector<std::uint32_t> tags;
    for (draft_event const& each : draft_.events()) {
        draft_texts const texts = draft_.texts_of(each);
        auto place = streams.find(texts.stream);
        if (place == streams.end()) {
            auto const base = committed_version(texts.stream);
            if (!base) { return base.error(); }
            place = streams
                        .emplace(texts.stream,
                                 stream_place{builder.add_stream(texts.stream, base->value),
                                              base->value})
                        .first;
        }
        record_event packed;
        packed.stream = place->second.slot;
        packed.at = version{++place->second.version};
        packed.type = builder.add_string(texts.type);
        tags.clear();
        for (std::size_t tag = 0; tag != each.tag_count; ++tag) {
            tags.push_back(builder.add_string(draft_.tag_at(each.first_tag + tag).name));
        }
        packed.tags = tags;
        packed.recorded_at = header.recorded_at;
        packed.occurred_at = each.occurred_at;
        packed.id = each.id;
        packed.schema_version = each.schema_version;
        packed.correlation = texts.correlation;
        packed.causation = texts.causation;
        packed.metadata = texts.metadata;
        packed.data = texts.data;
        builder.add_event(packed);
    }
    return record::parse(builder.content());
}

result<std::vector<event>> transaction_core::own(query const& events) {
    std::vector<event> found;
    if (draft_.events().empty()) { return found; }
    if (own_ == nullptr) {
        auto packed = own_record();
        if (!packed) { return packed.error(); }
        own_ = std::move(*packed);
    }
    record::cursor walk{*own_};
    event_view view;
    while (walk.next(view)) {
        view.position = position{};
        if (events.matches(view)) { found.emplace_back(view, own_); }
    }
    return found;
}

result<receipt> transaction_core::commit() {
    if (auto const open = check_open(); !open) { return open.error(); }
    ended_ = true;
    if (failure_) { return *failure_; }
    auto ticket = std::make_shared<append_ticket>();
    auto draft = std::make_unique<append_draft>();
    std::swap(*draft, draft_);
    own_ = nullptr;
    expected::none_since const unchanged{began_at_, read_};
    if (has_read_) { draft->expect(unchanged); }
    if (draft->events().empty()) {
        // Nothing to append: only whether what was read still holds.
        if (!has_read_) { return receipt{}; }
        ticket->decide = [unchanged](decision& now) -> result<void> {
            auto const since = now.read(unchanged.events, unchanged.after);
            if (!since) { return since.error(); }
            if (since->empty()) { return {}; }
            return error{errc::condition_failed,
                         "an event after position " + std::to_string(unchanged.after.value) +
                             " matches what the transaction read: position " +
                             std::to_string(since->front().position.value)};
        };
    } else {
        ticket->draft = std::move(draft);
    }
    auto answer = core_->ask(ticket);
    if (!answer && answer.error() == errc::condition_failed) {
        return error{errc::conflict,
                     "what the transaction read has changed: " + answer.error().message()};
    }
    return answer;
}

void transaction_core::rollback() noexcept {
    ended_ = true;
    draft_.reset(core_->options.limits);
    own_ = nullptr;
}

} // namespace detail

transaction::transaction(std::unique_ptr<detail::transaction_core> core) noexcept
    : core_(std::move(core)) {}
transaction::transaction(transaction&&) noexcept = default;
transaction& transaction::operator=(transaction&&) noexcept = default;
transaction::~transaction() = default;

position transaction::began_at() const noexcept { return core_->began_at(); }

result<version> transaction::version_of(std::string_view stream) {
    return core_->version_of(stream);
}

result<std::vector<event>> transaction::newest(query const& events, std::uint64_t events_max) {
    return core_->newest(events, events_max);
}

result<std::vector<event>> transaction::read(query const& events, position after) {
    return core_->read(events, after);
}

result<void> transaction::append(append_request request) {
    return core_->append(detail_access::draft(request));
}

append_request transaction::new_append() const { return append_request{core_->limits()}; }

result<receipt> transaction::commit() { return core_->commit(); }

void transaction::rollback() noexcept { core_->rollback(); }

} // namespace swarmlog
