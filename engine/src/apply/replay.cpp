#include "apply/replay.hpp"

#include "record/record.hpp"
#include "record/record_frame.hpp"

#include <algorithm>

namespace swarmlog::detail {

namespace {

/// Whether an id has to be in the index: the same rule as when the event was decided.
bool is_indexed(event_id const& id, timestamp record_time) {
    auto const time = std::chrono::floor<std::chrono::milliseconds>(record_time);
    return id.unix_milliseconds() != static_cast<std::uint64_t>(time.time_since_epoch().count());
}

/// Checks that a record is the one that follows `end`.
std::optional<error> find_damage(stored_record const& stored, record const& decoded,
                                 log_end const& end, store_id const& store) {
    if (stored.first != end.head.next()) {
        return corrupt_at(end.head.next(), "the record is not there");
    }
    if (hash_content(decoded.content()) != stored.hash) {
        return corrupt_at(stored.first, "the record's hash does not fit its content");
    }
    if (decoded.header().previous != end.hash) {
        return corrupt_at(stored.first, "the record does not follow the one before it");
    }
    if (decoded.header().store != store) {
        return corrupt_at(stored.first, "the record belongs to another log");
    }
    return std::nullopt;
}

} // namespace

result<void> apply_record(record const& source, index& keys, group_stage& stage) {
    tail& now = keys.current_tail();
    std::vector<tail_key*> tags;
    record::cursor walk{source};
    event_view event;
    auto next_key = source.keys().begin();
    while (walk.next(event)) {
        applied_event applied;
        applied.at = event.position;
        applied.stream = &now.find_or_insert(key_ref::of(key_kind::stream, event.stream));
        if (!applied.stream->writer.resolved) {
            // The record says how many events came before, so that no run need be searched: a
            // damaged one does not hide the log, and a following reader meets no dropped one.
            applied.stream->writer.count = event.version.value - 1;
            applied.stream->writer.resolved = true;
        }
        applied.type = &now.find_or_insert(key_ref::of(key_kind::type, event.type));
        tags.clear();
        for (std::string_view const tag : event.tags) {
            tags.push_back(&now.find_or_insert(key_ref::of(key_kind::tag, tag)));
        }
        applied.tags = tags;
        if (is_indexed(event.id, source.header().recorded_at)) {
            std::string_view const bytes{reinterpret_cast<char const*>(event.id.bytes.data()),
                                         event.id.bytes.size()};
            applied.id = &now.find_or_insert(key_ref::of(key_kind::event_id, bytes));
        }
        if (next_key != source.keys().end() && next_key->first_ordinal + 1 == walk.ordinal()) {
            applied.idempotency_key =
                &now.find_or_insert(key_ref::of(key_kind::idempotency_key, next_key->key));
            ++next_key;
        }
        stage.apply(applied);
    }
    if (walk.failed()) {
        stage.drop();
        return corrupt_at(source.first(), "an event of the record does not decode");
    }
    stage.publish();
    return {};
}

result<replay_outcome> replay_tail(index& keys, group_stage& stage, backend& store) {
    replay_outcome outcome;
    auto view = store.read();
    if (!view) { return view.error(); }
    position const through = keys.indexed_through();

    // The last record that the runs cover says what the first replayed one must follow.
    std::optional<error> failure;
    if (through != position{}) {
        auto const visited = (*view)->records_from(through, [&](stored_record const& stored) {
            auto const decoded = record::decode(stored);
            if (!decoded) {
                failure = decoded.error();
                return false;
            }
            event_view last;
            auto const found = (*decoded)->event_at((*decoded)->header().event_count - 1, last);
            if (!found) { failure = found.error(); }
            outcome.end = {stored.last, last.recorded_at, stored.hash};
            return false;
        });
        if (!visited) { return visited.error(); }
        if (failure) {
            outcome.damage = failure;
            return outcome;
        }
        if (outcome.end.head != through) {
            outcome.damage = corrupt_at(through, "the index covers events that are not there");
            return outcome;
        }
    }
    auto const visited = (*view)->records_from(through.next(), [&](stored_record const& stored) {
        auto const decoded = record::decode(stored);
        failure = decoded ? find_damage(stored, **decoded, outcome.end, store.facts().id)
                          : decoded.error();
        if (!failure) {
            if (auto const applied = apply_record(**decoded, keys, stage); !applied) {
                failure = applied.error();
            }
        }
        if (failure) { return false; }
        event_view last;
        static_cast<void>((*decoded)->event_at((*decoded)->header().event_count - 1, last));
        outcome.end = {stored.last, last.recorded_at, stored.hash};
        ++outcome.records;
        outcome.events += (*decoded)->header().event_count;
        return true;
    });
    // A row or a page that the store itself finds damaged hides no more than a record would.
    if (!visited && visited.error() == errc::corrupt && !failure) { failure = visited.error(); }
    if (!visited && !failure) { return visited.error(); }
    outcome.damage = failure;
    return outcome;
}

} // namespace swarmlog::detail
