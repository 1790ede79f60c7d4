#include "histories/rules.hpp"

#include <algorithm>
#include <unordered_map>

/// The rules about what readers and subscribers saw.
namespace swarmlog::test {

namespace {

template <class Visit>
void for_each_reader(history const& recorded, Visit visit) {
    for (producer_run const& by : recorded.producers) { visit(by.observations); }
    for (auto const& each : recorded.readers) { visit(each); }
}

template <class Visit>
void for_each_observation(history const& recorded, Visit visit) {
    for_each_reader(recorded, [&](std::vector<observation> const& all) {
        for (observation const& each : all) { visit(each); }
    });
}

std::uint64_t least(observation const& seen, timeline const& times) {
    return seen.kind == read_kind::head ? times.head_at_least(seen.start)
                                        : times.version_at_least(seen.stream, seen.start);
}

std::uint64_t most(observation const& seen, timeline const& times) {
    return seen.kind == read_kind::head ? times.head_at_most(seen.end)
                                        : times.version_at_most(seen.stream, seen.end);
}

} // namespace

void reads_see_what_was_acknowledged(history const& recorded, timeline const& times,
                                     findings& found) {
    for_each_observation(recorded, [&](observation const& each) {
        if (!each.was_limited && each.through < least(each, times)) {
            found.add("stream ", each.stream, " was read through ", each.through, ", and ",
                      least(each, times), " was acknowledged before");
        }
    });
}

void reads_see_nothing_early(history const& recorded, timeline const& times, findings& found) {
    for_each_observation(recorded, [&](observation const& each) {
        // A read that found nothing after its bound says nothing about what is before.
        bool const found_any = each.kind != read_kind::events || !each.contents.empty();
        if (found_any && each.through > most(each, times)) {
            found.add("stream ", each.stream, " was read through ", each.through, ", and only ",
                      most(each, times), " could be there");
        }
    });
}

void reads_never_go_back(history const& recorded, timeline const&, findings& found) {
    for_each_reader(recorded, [&](std::vector<observation> const& all) {
        std::uint64_t head = 0;
        std::unordered_map<std::uint32_t, std::uint64_t> versions;
        for (observation const& each : all) {
            std::uint64_t& last = each.kind == read_kind::head ? head : versions[each.stream];
            if (!each.was_limited && each.through < last) {
                found.add("stream ", each.stream, " was at ", last, " and then at ", each.through);
            }
            last = std::max(last, each.through);
        }
    });
}

void reads_show_what_is_stored(history const& recorded, timeline const& times, findings& found) {
    for_each_observation(recorded, [&](observation const& each) {
        if (each.kind != read_kind::events) { return; }
        auto const places = times.places_of(each.stream);
        bool is_same = each.through == each.after + each.contents.size();
        for (std::size_t which = 0; is_same && which != each.contents.size(); ++which) {
            // What nobody has stored is seen too early, which another rule finds.
            if (each.after + which >= places.size()) { break; }
            std::uint64_t const place = places[each.after + which];
            is_same = recorded.log[place - 1].content == each.contents[which];
        }
        if (!is_same) {
            found.add("stream ", each.stream, " read after version ", each.after,
                      " shows other events than the log has");
        }
    });
}

void subscribers_get_everything_in_order(history const& recorded, timeline const&,
                                         findings& found) {
    for (subscriber_run const& by : recorded.subscribers) {
        auto next = by.delivered.begin();
        for (stored_event const& each : recorded.log) {
            if (each.position <= by.after || each.stream % by.modulus != by.remainder) { continue; }
            if (next == by.delivered.end()) {
                found.add("a subscriber never got position ", each.position);
                break;
            }
            if (*next != delivery{each.position, each.content}) {
                found.add("a subscriber got position ", next->position, " and not ", each.position);
                break;
            }
            ++next;
        }
        if (next != by.delivered.end()) {
            found.add("a subscriber was left with position ", next->position);
        }
    }
}

} // namespace swarmlog::test
