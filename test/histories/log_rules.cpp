#include "histories/rules.hpp"

#include <unordered_set>

/// The rules about the log by itself.
namespace swarmlog::test {

void positions_are_dense(history const& recorded, timeline const&, findings& found) {
    std::uint64_t expected = 0;
    for (stored_event const& each : recorded.log) {
        if (each.position != ++expected) {
            found.add("event ", expected, " has position ", each.position);
        }
    }
}

void versions_are_dense(history const& recorded, timeline const&, findings& found) {
    std::vector<std::uint32_t> versions(recorded.stream_count);
    for (stored_event const& each : recorded.log) {
        if (each.version != ++versions[each.stream]) {
            found.add("position ", each.position, ": event ", versions[each.stream], " of stream ",
                      each.stream, " has version ", each.version);
        }
    }
}

void data_is_there_once(history const& recorded, timeline const& times, findings& found) {
    std::unordered_set<content_number> seen;
    seen.reserve(recorded.log.size());
    std::uint64_t place = 0;
    for (stored_event const& each : recorded.log) {
        ++place;
        if (!seen.insert(each.content).second) {
            found.add("position ", each.position, " repeats the data ", each.content);
        }
        // Whether a rejected append may be there is another rule's question.
        operation const* const owner = times.owner_at(place);
        unsigned const part = part_of(each.content);
        if (owner == nullptr || part >= owner->event_count) {
            found.add("position ", each.position, " has data that nobody sent: ", each.content);
        } else if (owner->streams[part] != each.stream) {
            found.add("position ", each.position, " is in stream ", each.stream, " and not in ",
                      owner->streams[part]);
        }
    }
}

void appends_are_whole(history const& recorded, timeline const& times, findings& found) {
    auto const& log = recorded.log;
    for (std::size_t at = 0; at != log.size(); ++at) {
        operation const* const owner = times.owner_at(at + 1);
        if (owner == nullptr) { continue; }
        unsigned const part = part_of(log[at].content);
        bool const has_before =
            part == 0 || (at != 0 && log[at - 1].content == log[at].content - 1);
        bool const has_after = part + 1 >= owner->event_count ||
                               (at + 1 != log.size() && log[at + 1].content == log[at].content + 1);
        if (!has_before || !has_after) {
            found.add("position ", log[at].position, ": part ", part, " of ",
                      unsigned{owner->event_count}, " lacks its neighbour");
        }
    }
}

} // namespace swarmlog::test
