#include "read/find_event.hpp"

#include "index/key_lookup.hpp"
#include "read/event_cursor.hpp"

namespace swarmlog::detail {

namespace {

result<std::optional<event>> event_of(std::shared_ptr<record const> const& source,
                                      std::uint32_t ordinal) {
    event_view view;
    if (auto const found = source->event_at(ordinal, view); !found) { return found.error(); }
    return std::optional<event>{std::in_place, view, source};
}

result<std::optional<event>> find_indexed(std::shared_ptr<log_core> const& core,
                                          event_id const& id) {
    auto now = core->begin_reading();
    if (!now) { return now.error(); }
    std::string_view const bytes{reinterpret_cast<char const*>(id.bytes.data()), id.bytes.size()};
    auto const indexed =
        last_position(*now->index, *now->view, key_ref::of(key_kind::event_id, bytes), now->head);
    if (!indexed) { return indexed.error(); }
    if (!*indexed) { return std::optional<event>{}; }
    auto const source = core->record_at(**indexed, *now->view);
    if (!source) { return source.error(); }
    return event_of(*source, (*source)->find_id(id));
}

/// The first event recorded at `time` or later; the one after the head if there is none.
result<position> first_recorded_from(std::shared_ptr<log_core> const& core, timestamp time) {
    event_cursor cursor{core};
    cursor.before(time);
    cursor.backwards();
    cursor.limit(1);
    auto const last = cursor.step();
    if (!last) { return last.error(); }
    return *last == nullptr ? position{1} : (*last)->position.next();
}

} // namespace

result<std::optional<event>> find_event(std::shared_ptr<log_core> const& core, event_id const& id) {
    auto const indexed = find_indexed(core, id);
    if (!indexed || *indexed) { return indexed; }
    // Beyond what nanoseconds in 64 bits can say, no record has that millisecond.
    std::uint64_t const milliseconds = id.unix_milliseconds();
    constexpr auto milliseconds_max = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::milliseconds>(timestamp::max()).time_since_epoch().count());
    if (milliseconds >= milliseconds_max) { return std::optional<event>{}; }
    timestamp const begin{std::chrono::milliseconds{static_cast<std::int64_t>(milliseconds)}};
    // One read view at a time: calls that each held one and waited for another could block
    // each other.
    auto const first = first_recorded_from(core, begin);
    if (!first) { return first.error(); }
    auto now = core->begin_reading();
    if (!now) { return now.error(); }
    for (position at = *first; at <= now->head;) {
        auto const source = core->record_at(at, *now->view);
        if (!source) { return source.error(); }
        record const& here = **source;
        if (here.header().recorded_at >= begin + std::chrono::milliseconds{1}) { break; }
        if (auto const ordinal = here.find_id(id); ordinal != here.header().event_count) {
            return event_of(*source, ordinal);
        }
        at = here.last().next();
    }
    return std::optional<event>{};
}

} // namespace swarmlog::detail
