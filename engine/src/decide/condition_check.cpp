#include "decide/condition_check.hpp"

#include "index/position_cursor.hpp"

#include <algorithm>
#include <string>

namespace swarmlog::detail {

namespace {

error stream_error(errc code, std::string_view stream, std::string_view what) {
    return {code, "stream \"" + std::string{stream} + "\" " + std::string{what}};
}

error condition_failed(position after, position found) {
    return {errc::condition_failed, "an event after position " + std::to_string(after.value) +
                                        " matches the condition's query: position " +
                                        std::to_string(found.value)};
}

} // namespace

result<tail_key*> condition_check::resolved(key_ref const& key) {
    tail_key& found = keys_->current_tail().find_or_insert(key);
    auto& known = found.writer;
    if (!known.resolved) {
        // Only streams are resolved before they are posted. Of another key, the tail may have
        // events already, which come after those that `resolve` finds in the runs.
        std::uint64_t const count_in_tail = known.count;
        std::uint64_t const last_in_tail = known.last_position;
        if (auto const flushed = keys_->resolve(found, *store_); !flushed) {
            return flushed.error();
        }
        if (count_in_tail != 0) {
            known.count += count_in_tail;
            known.last_position = last_in_tail;
        }
    }
    return &found;
}

result<void> condition_check::check(append_draft const& draft, position committed, position next) {
    for (draft_condition const& condition : draft.conditions()) {
        if (auto const met = check_stream(draft, condition); !met) { return met; }
    }
    for (expected::none_since const& condition : draft.none_since()) {
        if (auto const met = check_none_since(condition, committed, next); !met) { return met; }
    }
    return {};
}

result<void> condition_check::check_stream(append_draft const& draft,
                                           draft_condition const& condition) {
    key_ref const name = draft.stream_of(condition);
    auto const stream = resolved(name);
    if (!stream) { return stream.error(); }
    std::uint64_t const now = staged_version(**stream);
    switch (condition.what) {
    case draft_condition::kind::no_stream:
        if (now == 0) { return {}; }
        return stream_error(errc::stream_already_exists, name.name,
                            "exists: it is at version " + std::to_string(now));
    case draft_condition::kind::stream_exists:
        if (now != 0) { return {}; }
        return stream_error(errc::stream_not_found, name.name, "has no event");
    case draft_condition::kind::version:
        if (now == condition.version) { return {}; }
        return stream_error(errc::wrong_version, name.name,
                            "is at version " + std::to_string(now) + ", expected was " +
                                std::to_string(condition.version));
    }
    return error{errc::invalid_argument, "an unknown condition"};
}

result<void> condition_check::check_none_since(expected::none_since const& condition,
                                               position committed, position next) {
    if (next.previous() <= condition.after) { return {}; }
    if (condition.events.is_all()) { return condition_failed(condition.after, next.previous()); }
    for (query::item const& item : condition.events.items()) {
        auto const found = find_since(item, condition.after, committed);
        if (!found) { return found.error(); }
        if (*found != position{}) { return condition_failed(condition.after, *found); }
    }
    return {};
}

result<position> condition_check::find_since(query::item const& item, position after,
                                             position committed) {
    // First by each key's last position, which settles all but the items with several keys that
    // all occur since: no list is read, no read view opened.
    std::size_t const key_count = item.streams.size() + item.types.size() + item.tags.size();
    position found;
    auto const last_of = [&](key_kind kind, std::string_view name) -> result<position> {
        auto const key = resolved(key_ref::of(kind, name));
        if (!key) { return key.error(); }
        return position{staged_last(**key)};
    };
    auto const any_since = [&](key_kind kind, auto const& names) -> result<bool> {
        bool any = names.empty();
        for (auto const& name : names) {
            auto const last = last_of(kind, name);
            if (!last) { return last.error(); }
            if (*last > after) {
                any = true;
                found = std::max(found, *last);
            }
        }
        return any;
    };
    for (auto const& [kind, names] :
         {std::pair{key_kind::stream, &item.streams}, std::pair{key_kind::type, &item.types}}) {
        auto const any = any_since(kind, *names);
        if (!any) { return any.error(); }
        if (!*any) { return position{}; }
    }
    for (std::string const& tag : item.tags) {
        auto const last = last_of(key_kind::tag, tag);
        if (!last) { return last.error(); }
        if (*last <= after) { return position{}; }
        found = *last;
    }
    if (key_count == 1 || (item.tags.empty() && (item.streams.empty() || item.types.empty()))) {
        return found;
    }
    if (position const staged = find_staged(item, after); staged != position{}) { return staged; }
    if (committed <= after) { return position{}; }

    query asked;
    for (auto const& name : item.streams) { asked.stream(name); }
    for (auto const& name : item.types) { asked.type(name); }
    for (auto const& name : item.tags) { asked.tag(name); }
    auto index = keys_->snapshot();
    auto view = store_->read();
    if (!view) { return view.error(); }
    auto cursor = position_cursor::open(std::move(index), **view, asked, direction::backwards,
                                        committed, after.next());
    if (!cursor) { return cursor.error(); }
    auto const match = cursor->next();
    if (!match) { return match.error(); }
    return match->value_or(position{});
}

position condition_check::find_staged(query::item const& item, position after) const {
    auto const is_one_of = [](auto const& names, tail_key const& key) {
        return names.empty() || std::any_of(names.begin(), names.end(),
                                            [&](auto const& name) { return key.name == name; });
    };
    for (auto event = stage_->events().rbegin(); event != stage_->events().rend(); ++event) {
        if (event->at <= after) { break; }
        auto const tags = stage_->tags_of(*event);
        auto const has = [&](std::string const& name) {
            return std::any_of(tags.begin(), tags.end(),
                               [&](tail_key const* key) { return key->name == name; });
        };
        if (is_one_of(item.streams, *event->stream) && is_one_of(item.types, *event->type) &&
            std::all_of(item.tags.begin(), item.tags.end(), has)) {
            return event->at;
        }
    }
    return {};
}

} // namespace swarmlog::detail
