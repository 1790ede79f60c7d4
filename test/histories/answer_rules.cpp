#include "histories/rules.hpp"

#include <algorithm>
#include <unordered_map>

/// The rules about what producers were told.
namespace swarmlog::test {

namespace {

template <class Visit>
void for_each_operation(history const& recorded, Visit visit) {
    for (producer_run const& by : recorded.producers) {
        for (operation const& each : by.operations) { visit(each); }
    }
}

bool have_same_receipt(operation const& left, operation const& right) {
    return left.first == right.first && left.last == right.last && left.versions == right.versions;
}

/// Whether some event of a stream could have come after `position` by `now`.
bool may_have_changed(timeline const& times, std::uint32_t stream, std::uint64_t position,
                      stamp now) {
    std::uint64_t const version = times.version_at_most(stream, now);
    return version != 0 && times.places_of(stream)[version - 1] > position;
}

/// Whether the newest event of a stream before the append is at or before `position`.
bool is_unchanged(timeline const& times, std::uint32_t stream, std::uint64_t position,
                  std::uint64_t append) {
    return times.version_up_to(stream, append - 1) == times.version_up_to(stream, position);
}

bool is_justified(operation const& asked, timeline const& times) {
    std::uint32_t const stream = asked.streams[0];
    std::uint64_t const most = times.version_at_most(stream, asked.end);
    switch (asked.code) {
    case errc::wrong_version:
        return asked.condition == condition_kind::version &&
               !(most == asked.asked && times.version_at_least(stream, asked.start) == asked.asked);
    case errc::stream_already_exists:
        return asked.condition == condition_kind::no_stream && most != 0;
    case errc::stream_not_found:
        return asked.condition == condition_kind::stream_exists &&
               times.version_at_least(stream, asked.start) == 0;
    case errc::condition_failed:
        return asked.condition == condition_kind::none_since &&
               may_have_changed(times, stream, asked.asked, asked.end);
    case errc::conflict:
        return asked.condition == condition_kind::unchanged_since &&
               (may_have_changed(times, stream, asked.asked, asked.end) ||
                may_have_changed(times, asked.streams[1], asked.asked, asked.end));
    case errc::queue_full: return true; // asks nothing of the log
    default: return false;
    }
}

} // namespace

void receipts_name_their_events(history const& recorded, timeline const&, findings& found) {
    auto const& log = recorded.log;
    for_each_operation(recorded, [&](operation const& each) {
        // A repeated receipt equals the first one, or another rule says so.
        if (each.answer != told::accepted) { return; }
        bool is_there = each.first != 0 && each.last == each.first + each.event_count - 1 &&
                        each.last <= log.size();
        for (unsigned part = 0; is_there && part != each.event_count; ++part) {
            stored_event const& stored = log[each.first - 1 + part];
            is_there =
                stored.content == each.content + part && stored.version == each.versions[part];
        }
        if (!is_there) {
            found.add("the data ", each.content, " is not at the positions ", each.first, " to ",
                      each.last, " of its receipt");
        }
    });
}

void rejected_appends_left_nothing(history const& recorded, timeline const& times,
                                   findings& found) {
    for_each_operation(recorded, [&](operation const& each) {
        if (each.answer == told::rejected && times.is_stored(each.content) &&
            (each.key == 0 || each.code == errc::idempotency_conflict)) {
            found.add("the data ", each.content, " was rejected and is there");
        }
    });
}

void flushes_count_what_is_there(history const& recorded, timeline const& times, findings& found) {
    for (producer_run const& by : recorded.producers) {
        for (flush_count const& flush : by.flushes) {
            std::uint64_t stored = 0;
            for (std::size_t each = flush.from; each != flush.to; ++each) {
                stored += times.is_stored(by.operations[each].content) ? 1U : 0U;
            }
            if (stored != flush.accepted) {
                found.add("a flush counted ", flush.accepted, " appends, and ", stored,
                          " are there");
            }
        }
    }
}

void keys_are_used_once(history const& recorded, timeline const&, findings& found) {
    struct use {
        operation const* accepted = nullptr;
        operation const* answered = nullptr; ///< the first that got a receipt
    };
    std::unordered_map<std::uint64_t, use> uses;
    for_each_operation(recorded, [&](operation const& each) {
        if (each.key == 0 || each.answer == told::rejected) { return; }
        use& known = uses[each.key];
        if (each.answer == told::accepted) {
            if (known.accepted != nullptr) { found.add("key ", each.key, " was accepted twice"); }
            known.accepted = &each;
        }
        if (known.answered == nullptr) { known.answered = &each; }
        if (known.answered->content != each.content || !have_same_receipt(*known.answered, each)) {
            found.add("key ", each.key, " got two receipts");
        }
    });
    for (auto const& [key, known] : uses) {
        if (known.accepted == nullptr) { found.add("key ", key, " was repeated but never first"); }
    }
    for_each_operation(recorded, [&](operation const& each) {
        if (each.key == 0 || each.answer != told::rejected) { return; }
        if (each.code != errc::idempotency_conflict) { return; }
        auto const known = uses.find(each.key);
        bool const is_justified = known != uses.end() && known->second.accepted != nullptr &&
                                  known->second.accepted->content != each.content &&
                                  known->second.accepted->start < each.end;
        if (!is_justified) { found.add("key ", each.key, " conflicted with nothing"); }
    });
}

void conditions_held(history const& recorded, timeline const& times, findings& found) {
    for_each_operation(recorded, [&](operation const& each) {
        if (each.answer != told::accepted || each.key != 0) { return; }
        std::uint32_t const before = each.versions[0] - 1;
        bool held = true;
        switch (each.condition) {
        case condition_kind::any: break;
        case condition_kind::no_stream: held = before == 0; break;
        case condition_kind::stream_exists: held = before != 0; break;
        case condition_kind::version: held = before == each.asked; break;
        case condition_kind::unchanged_since:
            held = is_unchanged(times, each.streams[1], each.asked, each.first);
            [[fallthrough]];
        case condition_kind::none_since:
            held = held && is_unchanged(times, each.streams[0], each.asked, each.first);
            break;
        }
        if (!held) {
            found.add("the append at position ", each.first, " was accepted against its condition");
        }
    });
}

void decisions_saw_what_came_before(history const& recorded, timeline const& times,
                                    findings& found) {
    for_each_operation(recorded, [&](operation const& each) {
        if (!each.has_seen) { return; }
        bool const is_transaction = each.condition == condition_kind::unchanged_since;
        if (!is_transaction && each.answer != told::accepted) { return; }
        std::uint64_t const saw_through = is_transaction ? each.asked : each.first - 1;
        for (unsigned which = 0; which != each.seen.size(); ++which) {
            std::uint64_t const was = times.version_up_to(each.streams[which], saw_through);
            if (each.seen[which] != was) {
                found.add("stream ", each.streams[which], " had version ", was, " at position ",
                          saw_through, ", and ", each.seen[which], " was seen");
            }
        }
    });
}

void rejections_were_justified(history const& recorded, timeline const& times, findings& found) {
    for_each_operation(recorded, [&](operation const& each) {
        // A key's conflict is judged with the key's other uses.
        if (each.answer != told::rejected || each.code == errc::idempotency_conflict) { return; }
        if (!is_justified(each, times)) {
            found.add("stream ", each.streams[0], " was never so that ", error{each.code}.message(),
                      " (asked: ", each.asked, ", versions ",
                      times.version_at_least(each.streams[0], each.start), " to ",
                      times.version_at_most(each.streams[0], each.end), ")");
        }
    });
}

void real_time_order_is_kept(history const& recorded, timeline const& times, findings& found) {
    stamp earliest_end_after = ~stamp{0};
    for (std::uint64_t place = recorded.log.size(); place != 0; --place) {
        if (earliest_end_after < times.start_at(place)) {
            found.add("place ", place, " began after one behind it had ended");
        }
        earliest_end_after = std::min(earliest_end_after, times.end_at(place));
    }
}

void producers_keep_their_order(history const& recorded, timeline const&, findings& found) {
    for (producer_run const& by : recorded.producers) {
        std::uint64_t last = 0;
        for (operation const& each : by.operations) {
            if (each.answer != told::accepted) { continue; }
            if (each.first <= last) {
                found.add("position ", each.first, " was sent after position ", last);
            }
            last = each.first;
        }
    }
}

} // namespace swarmlog::test
