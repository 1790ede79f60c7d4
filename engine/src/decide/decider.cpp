#include "decide/decider.hpp"

#include <algorithm>
#include <string>

namespace swarmlog::detail {

namespace {

/// Each event after it takes a nanosecond at least: a day of them is more than a log can hold.
constexpr timestamp restored_time_max = timestamp::max() - std::chrono::hours{24};

constexpr timestamp next_nanosecond(timestamp time) { return time + std::chrono::nanoseconds{1}; }

std::uint64_t unix_milliseconds(timestamp time) {
    return static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count());
}

} // namespace

decider::decider(index& keys, backend& store, log_options const& options)
    : options_(&options),
      store_(&store),
      keys_(&keys),
      state_(options.state.get()),
      stage_(keys),
      conditions_(keys, stage_, store) {}

void decider::begin_group(position committed) {
    committed_ = committed;
    staged_ = end_;
    records_.clear();
    open_ = false;
}

result<receipt> decider::decide(append_draft const& draft) {
    if (draft.failure()) { return *draft.failure(); }
    if (draft.events().empty()) {
        return error{errc::empty_append, "an append has no event; it takes at least one"};
    }
    tail_key* idempotency_key = nullptr;
    if (!draft.idempotency_key().empty()) {
        auto const key =
            conditions_.resolved(key_ref::of(key_kind::idempotency_key, draft.idempotency_key()));
        if (!key) { return key.error(); }
        idempotency_key = *key;
        if (staged_last(*idempotency_key) != 0) { return repeated(draft, *idempotency_key); }
    }
    if (auto const met = conditions_.check(draft, committed_, next_position()); !met) {
        return met.error();
    }
    if (state_ != nullptr) { state_->keep(); }
    return stage_events(draft, true, idempotency_key);
}

result<receipt> decider::decide_more(append_draft const& draft) {
    if (draft.failure()) { return *draft.failure(); }
    if (auto const met = conditions_.check(draft, committed_, next_position()); !met) {
        return met.error();
    }
    return stage_events(draft, false, nullptr);
}

timestamp decider::next_time() {
    timestamp const now = options_->clock->now();
    return staged_.recorded_at < now ? now : next_nanosecond(staged_.recorded_at);
}

result<void> decider::check_restored_times(append_draft const& draft, timestamp first) {
    timestamp last = staged_.recorded_at;
    timestamp unless_restored = first;
    for (draft_event const& event : draft.events()) {
        timestamp const time = event.recorded_at.value_or(unless_restored);
        if (time <= last) {
            return error{errc::invalid_argument, "recorded_at " + to_string(time) +
                                                     " is not later than the event before it, " +
                                                     to_string(last)};
        }
        if (event.recorded_at && time > restored_time_max) {
            return error{errc::invalid_argument, "recorded_at " + to_string(time) +
                                                     " is later than the last that can be "
                                                     "restored, " +
                                                     to_string(restored_time_max)};
        }
        last = time;
        unless_restored = next_nanosecond(time);
    }
    return {};
}

result<receipt> decider::stage_events(append_draft const& draft, bool may_seal,
                                      tail_key* idempotency_key) {
    std::size_t const count = draft.events().size();
    if (position::max_value - staged_.head.value < count) {
        return error{errc::position_exhausted,
                     "the log ends at position " + std::to_string(staged_.head.value) +
                         "; positions go up to " + std::to_string(position::max_value)};
    }
    timestamp time = draft.events().front().recorded_at.value_or(next_time());
    if (auto const valid = check_restored_times(draft, time); !valid) { return valid.error(); }
    if (may_seal && open_ &&
        builder_.content_bytes() + draft.byte_count() > options_->record_bytes) {
        if (auto const sealed = seal_open(); !sealed) { return sealed.error(); }
    }
    if (!open_) { open_record(time); }

    auto const stage_mark = stage_.marked();
    auto const record_mark = builder_.marked();
    log_end const staged_before = staged_;
    std::size_t const state_mark = state_mark_now();
    receipt answer;
    answer.first = next_position();
    answer.recorded_at = time;
    answer.durability = store_->facts().mode;
    for (draft_event const& event : draft.events()) {
        if (&event != &draft.events().front()) {
            time = event.recorded_at.value_or(next_nanosecond(time));
        }
        auto const staged = stage_event(draft, event, time, idempotency_key, answer);
        idempotency_key = nullptr;
        if (!staged) {
            stage_.cut_back(stage_mark);
            builder_.cut_back(record_mark);
            if (state_ != nullptr) { state_->cut_back(state_mark); }
            staged_ = staged_before;
            open_ = !builder_.empty();
            return staged.error();
        }
    }
    answer.last = staged_.head;
    if (!draft.idempotency_key().empty()) {
        builder_.add_key({draft.idempotency_key(), record_mark.event_count,
                          static_cast<std::uint32_t>(count), draft.content_hash()});
    }
    return answer;
}

result<void> decider::stage_event(append_draft const& draft, draft_event const& event,
                                  timestamp recorded_at, tail_key* idempotency_key,
                                  receipt& answer) {
    draft_texts const texts = draft.texts_of(event);
    auto const stream = conditions_.resolved({key_kind::stream, texts.stream, event.stream_hash});
    if (!stream) { return stream.error(); }
    tail& keys = keys_->current_tail();
    tail_key& type = keys.find_or_insert({key_kind::type, texts.type, event.type_hash});
    event_tags_.clear();
    tag_slots_.clear();
    for (std::size_t tag = 0; tag != event.tag_count; ++tag) {
        event_tags_.push_back(&keys.find_or_insert(draft.tag_at(event.first_tag + tag)));
        tag_slots_.push_back(string_slot(*event_tags_.back()));
    }
    position const at = next_position();
    version const in_stream{staged_version(**stream) + 1};

    record_event packed;
    packed.stream = stream_slot(**stream);
    packed.type = string_slot(type);
    packed.at = in_stream;
    packed.recorded_at = recorded_at;
    packed.occurred_at = event.occurred_at;
    packed.id = event.id;
    packed.schema_version = event.schema_version;
    packed.tags = tag_slots_;
    packed.correlation = texts.correlation;
    packed.causation = texts.causation;
    packed.metadata = texts.metadata;
    packed.data = texts.data;
    builder_.add_event(packed);

    // An id of the log's own, or one restored to its own time, is found by that time; only
    // others need the index.
    tail_key* id = nullptr;
    if (!event.id.is_nil() &&
        event.id.unix_milliseconds() != unix_milliseconds(builder_.header().recorded_at)) {
        std::string_view const bytes{reinterpret_cast<char const*>(event.id.bytes.data()),
                                     event.id.bytes.size()};
        id = &keys.find_or_insert(key_ref::of(key_kind::event_id, bytes));
    }
    stage_.apply({at, *stream, &type, event_tags_, id, idempotency_key});
    answer.versions.push_back(in_stream);
    staged_.head = at;
    staged_.recorded_at = recorded_at;
    return apply_to_state(packed, texts);
}

result<void> decider::apply_to_state(record_event const& packed, draft_texts const& texts) {
    if (state_ == nullptr) { return {}; }
    event_view view;
    view.position = staged_.head;
    view.version = packed.at;
    view.stream = texts.stream;
    view.type = texts.type;
    view.schema_version = packed.schema_version;
    view.id = builder_.last_id();
    view.recorded_at = packed.recorded_at;
    view.occurred_at = packed.occurred_at;
    view.correlation_id = packed.correlation;
    view.causation_id = packed.causation;
    tag_names_.clear();
    tag_places_.clear();
    for (tail_key const* const tag : event_tags_) {
        append_varint(tag_places_, tag_names_.size());
        tag_names_.push_back(tag->name);
    }
    view.tags = {tag_names_.data(), tag_places_.data(),
                 static_cast<std::uint32_t>(tag_names_.size())};
    view.metadata = packed.metadata;
    view.data = packed.data;
    return state_->apply(view);
}

std::uint32_t decider::string_slot(tail_key& key) {
    if (key.writer.record_epoch != builder_.epoch()) {
        key.writer.record_slot = builder_.add_string(key.name);
        key.writer.record_epoch = builder_.epoch();
    }
    return key.writer.record_slot;
}

std::uint32_t decider::stream_slot(tail_key& key) {
    if (key.writer.record_epoch != builder_.epoch()) {
        key.writer.record_slot = builder_.add_stream(key.name, staged_version(key));
        key.writer.record_epoch = builder_.epoch();
    }
    return key.writer.record_slot;
}

void decider::open_record(timestamp recorded_at) {
    record_header header;
    header.store = store_->facts().id;
    header.previous = staged_.hash;
    header.first = next_position();
    header.recorded_at = recorded_at;
    builder_.begin(header, make_event_id(recorded_at, random_(), random_()));
    open_ = true;
}

result<void> decider::seal_open() {
    open_ = false;
    auto sealed = seal(builder_.content(), options_->codec);
    if (!sealed) { return sealed.error(); }
    staged_.hash = sealed->hash;
    records_.push_back(std::move(*sealed));
    return {};
}

result<void> decider::finish_group() {
    if (open_) { return seal_open(); }
    return {};
}

void decider::group_committed() {
    end_ = staged_;
    stage_.publish();
    if (state_ != nullptr) { state_->publish(end_.head); }
    records_.clear();
}

void decider::group_dropped() {
    stage_.drop();
    if (state_ != nullptr) { state_->drop(); }
    staged_ = end_;
    records_.clear();
    open_ = false;
}

result<decider::savepoint> decider::save() {
    if (open_ && builder_.content_bytes() > options_->record_bytes / 2) {
        if (auto const sealed = seal_open(); !sealed) { return sealed.error(); }
    }
    if (state_ != nullptr) { state_->keep(); }
    return savepoint{stage_.marked(), open_ ? builder_.marked() : record_builder::mark{},
                     records_.size(), staged_,
                     open_,           state_mark_now()};
}

void decider::restore(savepoint const& to) {
    stage_.cut_back(to.stage);
    if (state_ != nullptr) { state_->cut_back(to.state); }
    if (to.open) { builder_.cut_back(to.record); }
    open_ = to.open;
    staged_ = to.staged;
}

result<std::vector<std::shared_ptr<record const>>> decider::staged_records() {
    std::vector<std::shared_ptr<record const>> all;
    for (sealed_record const& sealed : records_) { all.push_back(sealed.content); }
    if (open_ && !builder_.empty()) {
        if (open_snapshot_ == nullptr || open_snapshot_epoch_ != builder_.epoch() ||
            open_snapshot_->last() != staged_.head) {
            auto parsed = record::parse(builder_.content());
            if (!parsed) { return parsed.error(); }
            open_snapshot_ = std::move(*parsed);
            open_snapshot_epoch_ = builder_.epoch();
        }
        all.push_back(open_snapshot_);
    }
    return all;
}

result<std::shared_ptr<record const>> decider::record_with(position at) {
    if (at > committed_) {
        auto const staged = staged_records();
        if (!staged) { return staged.error(); }
        for (auto const& each : *staged) {
            if (each->contains(at)) { return each; }
        }
    }
    auto view = store_->read();
    if (!view) { return view.error(); }
    result<std::shared_ptr<record const>> found = corrupt_at(at, "its record is not there");
    auto const visited = (*view)->records_from(at, [&](stored_record const& stored) {
        found = record::decode(stored);
        return false;
    });
    if (!visited) { return visited.error(); }
    return found;
}

result<receipt> decider::repeated(append_draft const& draft, tail_key const& key) {
    position const first{staged_last(key)};
    auto const holder = record_with(first);
    if (!holder) { return holder.error(); }
    record const& source = **holder;
    auto const entry =
        std::find_if(source.keys().begin(), source.keys().end(),
                     [&](record_key const& each) { return each.key == draft.idempotency_key(); });
    if (entry == source.keys().end()) {
        return corrupt_at(first, "the record lacks an idempotency key that the index has");
    }
    if (entry->content_hash != draft.content_hash()) {
        return error{errc::idempotency_conflict,
                     "idempotency key \"" + std::string{draft.idempotency_key()} +
                         "\" was used at position " + std::to_string(first.value) +
                         " for another content"};
    }
    receipt answer;
    answer.first = first;
    answer.last = position{first.value + entry->event_count - 1};
    answer.durability = store_->facts().mode;
    answer.repeated = true;
    record::cursor events{source};
    events.skip(entry->first_ordinal);
    event_view event;
    for (std::uint32_t each = 0; each != entry->event_count && events.next(event); ++each) {
        if (each == 0) { answer.recorded_at = event.recorded_at; }
        answer.versions.push_back(event.version);
    }
    if (answer.versions.size() != entry->event_count) {
        return corrupt_at(first, "the record's events do not decode");
    }
    return answer;
}

} // namespace swarmlog::detail
