#pragma once

/// Stage 5 of 7, apply: what a commit changes, staged so that it can be dropped again.

#include "index/index.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/position.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// An event as the state sees it: its place, and the keys that it touches.
struct applied_event {
    position at;
    tail_key* stream = nullptr;
    tail_key* type = nullptr;
    std::span<tail_key* const> tags;
    tail_key* id = nullptr;              ///< only an id that the index has to know
    tail_key* idempotency_key = nullptr; ///< only on the first event of its append
};

/// The state that follows from the log, as one group of commits changes it.
///
/// `apply` is the one function that folds an event into the state: for a commit that was just
/// decided, and for one that is read back at recovery. What it changes lies in three layers:
/// an append's delta (cut back to a mark), the group's (dropped by `drop`), and what is
/// published. Readers see the third only. Writer's thread.
class group_stage {
public:
    /// One event staged, for conditions that look at what the group did before them.
    struct staged_event {
        position at;
        tail_key const* stream = nullptr;
        tail_key const* type = nullptr;
        std::uint32_t first_tag = 0;
        std::uint32_t tag_count = 0;
    };
    struct mark {
        std::size_t postings, events, tags;
    };

    explicit group_stage(index& keys) : index_(&keys) {}

    void apply(applied_event const& event);

    [[nodiscard]] mark marked() const noexcept {
        return {postings_.size(), events_.size(), tags_.size()};
    }
    /// Takes back what was applied since the mark.
    void cut_back(mark const& to);

    /// Makes the group's delta part of what readers see, up to the head that is moved next.
    void publish();
    /// Forgets the group's delta.
    void drop();

    [[nodiscard]] std::vector<staged_event> const& events() const noexcept { return events_; }
    [[nodiscard]] std::span<tail_key const* const> tags_of(staged_event const& event) const {
        return {tags_.data() + event.first_tag, event.tag_count};
    }

private:
    struct posting {
        tail_key* key;
        position at;
        std::uint64_t staged_before; ///< the key's staged_last, to go back to
    };

    void post(tail_key& key, position at);

    index* index_;
    std::vector<posting> postings_;
    std::vector<staged_event> events_;
    std::vector<tail_key const*> tags_;
};

/// A stream's version, with what the group in hand has added.
[[nodiscard]] inline std::uint64_t staged_version(tail_key const& stream) noexcept {
    return stream.writer.count + stream.writer.staged_count;
}

/// Where a resolved key occurs last, with what the group in hand has added; 0: nowhere.
[[nodiscard]] inline std::uint64_t staged_last(tail_key const& key) noexcept {
    return key.writer.staged_count != 0 ? key.writer.staged_last : key.writer.last_position;
}

} // namespace swarmlog::detail
