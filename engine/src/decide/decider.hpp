#pragma once

/// Stage 4 of 7, decide: an append's condition is judged; what passes gets its place and time.

#include "apply/group_stage.hpp"
#include "commit/sealed_record.hpp"
#include "decide/condition_check.hpp"
#include "index/index.hpp"
#include "producer/append_draft.hpp"
#include "record/record_builder.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/options.hpp>
#include <swarmlog/engine/receipt.hpp>
#include <swarmlog/engine/state_fold.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// Where the log ends: what the next commit follows.
struct log_end {
    position head;
    timestamp recorded_at{timestamp::min()}; ///< of the last event
    record_hash hash{};                      ///< of the last record
};

/// A generator whose whole state comes from the system's entropy: its numbers become event ids.
[[nodiscard]] inline std::mt19937_64 seeded_random() {
    std::random_device entropy;
    std::seed_seq seed{entropy(), entropy(), entropy(), entropy(),
                       entropy(), entropy(), entropy(), entropy()};
    return std::mt19937_64{seed};
}

/// Turns drafts into positions, versions, times and record bytes, and stages what follows from
/// them. One group at a time: `begin_group`, any number of decisions, `finish_group`, and then
/// either `group_committed` or `group_dropped`. Writer's thread.
class decider {
public:
    decider(index& keys, backend& store, log_options const& options);

    void set_end(log_end const& end) {
        end_ = end;
        staged_ = end;
    }
    [[nodiscard]] log_end const& end() const noexcept { return end_; }

    void begin_group(position committed);
    /// Judges and stages one draft, all or nothing.
    [[nodiscard]] result<receipt> decide(append_draft const& draft);
    /// Seals what is open. The group's records are then complete.
    [[nodiscard]] result<void> finish_group();
    void group_committed();
    void group_dropped();

    [[nodiscard]] std::vector<sealed_record> const& records() const noexcept { return records_; }
    [[nodiscard]] group_stage const& stage() const noexcept { return stage_; }
    [[nodiscard]] state_fold* state() const noexcept { return state_; }
    [[nodiscard]] condition_check& conditions() noexcept { return conditions_; }

    // For closures that decide at the write.
    /// Everything staged so far can be taken back to here. Room is made first, so that what the
    /// closure appends stays in one record.
    struct savepoint {
        group_stage::mark stage;
        record_builder::mark record;
        std::size_t record_count;
        log_end staged;
        bool open;
        std::size_t state;
    };
    [[nodiscard]] result<savepoint> save();
    void restore(savepoint const& to);
    /// Stages further events of the append that began at the savepoint: never starts a record.
    [[nodiscard]] result<receipt> decide_more(append_draft const& draft);
    [[nodiscard]] position next_position() const noexcept { return staged_.head.next(); }
    [[nodiscard]] timestamp next_time();
    /// The records of the group so far, the open one included.
    [[nodiscard]] result<std::vector<std::shared_ptr<record const>>> staged_records();

private:
    [[nodiscard]] result<receipt> repeated(append_draft const& draft, tail_key const& key);
    [[nodiscard]] result<receipt> stage_events(append_draft const& draft, bool may_seal,
                                               tail_key* idempotency_key);
    [[nodiscard]] result<void> check_restored_times(append_draft const& draft, timestamp first);
    [[nodiscard]] result<void> stage_event(append_draft const& draft, draft_event const& event,
                                           timestamp recorded_at, tail_key* idempotency_key,
                                           receipt& answer);
    /// Shows the event just staged to what is folded from the log.
    [[nodiscard]] result<void> apply_to_state(record_event const& packed, draft_texts const& texts);
    [[nodiscard]] std::size_t state_mark_now() const {
        return state_ == nullptr ? 0 : state_->marked();
    }
    [[nodiscard]] result<void> seal_open();
    void open_record(timestamp recorded_at);
    [[nodiscard]] std::uint32_t string_slot(tail_key& key);
    [[nodiscard]] std::uint32_t stream_slot(tail_key& key);
    [[nodiscard]] result<std::shared_ptr<record const>> record_with(position at);

    log_options const* options_;
    backend* store_;
    index* keys_;
    state_fold* state_; ///< null when nothing is folded
    group_stage stage_;
    condition_check conditions_;
    record_builder builder_;
    bool open_ = false;
    position committed_;
    log_end end_;    ///< as committed
    log_end staged_; ///< as the group in hand leaves it
    std::vector<sealed_record> records_;
    std::mt19937_64 random_ = seeded_random();

    // Kept from event to event for their memory.
    std::vector<tail_key*> event_tags_;
    std::vector<std::uint32_t> tag_slots_;
    std::vector<std::string_view> tag_names_;
    std::string tag_places_;
    std::shared_ptr<record const> open_snapshot_;
    std::uint64_t open_snapshot_epoch_ = 0;
};

} // namespace swarmlog::detail
