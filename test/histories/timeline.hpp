#pragma once

#include "histories/history.hpp"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace swarmlog::test {

/// What could have been in the log at any moment, as far as the calls tell: an event is there at
/// the latest when the first call that speaks of it, or of one behind it, ends; and at the
/// earliest when its own append and all before it have begun. Any moment by binary search.
///
/// Places are counted in the log as it was read, whatever positions and versions it claims.
/// The history must outlive it.
class timeline {
public:
    explicit timeline(history const& recorded);

    /// The operation that stored the event at `place` (from 1); null when there is none, and for
    /// an event whose data has come before.
    [[nodiscard]] operation const* owner_at(std::uint64_t place) const {
        return events_[place - 1].owner;
    }
    [[nodiscard]] stamp start_at(std::uint64_t place) const { return events_[place - 1].start; }
    [[nodiscard]] stamp end_at(std::uint64_t place) const { return events_[place - 1].end; }
    /// Whether some event of the append with this content is in the log.
    [[nodiscard]] bool is_stored(content_number content) const;

    // The whole log's head.
    [[nodiscard]] std::uint64_t head_at_least(stamp now) const;
    [[nodiscard]] std::uint64_t head_at_most(stamp now) const;

    // One stream: how many events it has.
    [[nodiscard]] std::uint64_t version_at_least(std::uint32_t stream, stamp now) const {
        return version_up_to(stream, head_at_least(now));
    }
    [[nodiscard]] std::uint64_t version_at_most(std::uint32_t stream, stamp now) const {
        return version_up_to(stream, head_at_most(now));
    }
    [[nodiscard]] std::uint64_t version_up_to(std::uint32_t stream, std::uint64_t place) const;
    /// The places of its events, rising.
    [[nodiscard]] std::span<std::uint64_t const> places_of(std::uint32_t stream) const {
        return streams_[stream];
    }

private:
    struct timed_event {
        operation const* owner = nullptr;
        stamp start = 0;
        stamp end = ~stamp{0};
    };
    /// The operation that stored a key's content, and the first answer that spoke of it.
    struct keyed_owner {
        operation const* stored_by = nullptr;
        stamp end = ~stamp{0};
    };

    void find_keys(history const& recorded);
    [[nodiscard]] timed_event timed(history const& recorded, content_number content) const;
    void bound_heads();

    std::unordered_map<content_number, keyed_owner> keyed_;
    std::unordered_map<content_number, unsigned> stored_parts_; ///< a bit for each part
    std::vector<timed_event> events_;
    std::vector<stamp> latest_start_; ///< of the events up to each place
    std::vector<stamp> earliest_end_; ///< of the events from each place on
    std::vector<std::vector<std::uint64_t>> streams_;
};

} // namespace swarmlog::test
