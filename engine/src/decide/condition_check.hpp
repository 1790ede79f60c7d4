#pragma once

#include "apply/group_stage.hpp"
#include "index/index.hpp"
#include "producer/append_draft.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

namespace swarmlog::detail {

/// Judges what an append asks for against everything before it: what is committed, and what
/// the group in hand has staged. Writer's thread.
class condition_check {
public:
    condition_check(index& keys, group_stage const& stage, backend& store)
        : keys_(&keys), stage_(&stage), store_(&store) {}

    /// Every condition of a draft. `committed` is the published head, `next` the position that
    /// the draft's first event would get.
    [[nodiscard]] result<void> check(append_draft const& draft, position committed, position next);

    /// A key of the tail whose count and last position are known.
    [[nodiscard]] result<tail_key*> resolved(key_ref const& key);

private:
    [[nodiscard]] result<void> check_stream(append_draft const& draft,
                                            draft_condition const& condition);
    [[nodiscard]] result<void> check_none_since(expected::none_since const& condition,
                                                position committed, position next);
    /// Where an event after `after` matches the item; 0: nowhere.
    [[nodiscard]] result<position> find_since(query::item const& item, position after,
                                              position committed);
    [[nodiscard]] position find_staged(query::item const& item, position after) const;

    index* keys_;
    group_stage const* stage_;
    backend* store_;
};

} // namespace swarmlog::detail
