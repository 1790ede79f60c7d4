# The bugs, each a place in the engine and what would be wrong there. In the replacement, BUG is
# whether this one is awake. The place has to be there exactly once.
#
# planted_bugs.cpp says which test has to catch which.

# Stage 1 and 2: the queue
plant(queue_without_bound engine/src/ingestion_queue/ingestion_queue.cpp
    [[if ((now >> bytes_bits) >= appends_max_ ||]]
    [[if (BUG) { continue; }
        if ((now >> bytes_bits) >= appends_max_ ||]])
plant(writer_not_woken engine/src/ingestion_queue/ingestion_queue.cpp
    [[if (wakes == waking::now) { wake_writer(); }]]
    [[if (wakes == waking::now && !BUG) { wake_writer(); }]])

# Stage 4: decide
plant(version_check_skipped engine/src/decide/condition_check.cpp
    [[if (now == condition.version) { return {}; }]]
    [[if (BUG || now == condition.version) { return {}; }]])
plant(existence_check_skipped engine/src/decide/condition_check.cpp
    [[if (now == 0) { return {}; }]]
    [[if (BUG || now == 0) { return {}; }]])
plant(none_since_off_by_one engine/src/decide/condition_check.cpp
    [[if (*last <= after) { return position{}; }
        found = *last;]]
    [[if (*last <= (BUG ? after.next() : after)) { return position{}; }
        found = *last;]])
plant(idempotency_key_ignored engine/src/decide/decider.cpp
    [[if (staged_last(*idempotency_key) != 0) {]]
    [[if (!BUG && staged_last(*idempotency_key) != 0) {]])
plant(idempotency_content_ignored engine/src/decide/decider.cpp
    [[if (entry->content_hash != draft.content_hash()) {]]
    [[if (!BUG && entry->content_hash != draft.content_hash()) {]])
plant(time_stands_still engine/src/decide/decider.cpp
    [[return staged_.recorded_at < now ? now]]
    [[return BUG || staged_.recorded_at < now ? now]])
plant(version_of_the_committed engine/src/decide/decider.cpp
    [[version const in_stream{staged_version(**stream) + 1};]]
    [[version const in_stream{(BUG ? (*stream)->writer.count : staged_version(**stream)) + 1};]])
plant(decision_not_taken_back engine/src/decide/decider.cpp
    [[stage_.cut_back(to.stage);]]
    [[if (BUG) { return; }
    stage_.cut_back(to.stage);]])

# Stage 5: apply
plant(half_an_append_left engine/src/decide/decider.cpp
    [[stage_.cut_back(stage_mark);]]
    [[if (BUG) { return staged.error(); }
            stage_.cut_back(stage_mark);]])
plant(rows_of_a_rejected_append_left engine/src/decide/decider.cpp
    [[if (state_ != nullptr) { state_->cut_back(state_mark); }]]
    [[if (state_ != nullptr && !BUG) { state_->cut_back(state_mark); }]])
plant(posting_lost engine/src/apply/group_stage.cpp
    [[keys.append(*each.key, each.at);]]
    [[if (!BUG || each.at.value % 8 != 0) { keys.append(*each.key, each.at); }]])
plant(index_entries_lost engine/src/index/tail_flush.cpp
    [[if (auto added = writer.add(transaction, entry); !added) { return added; }]]
    [[if (BUG && entry.kind == key_kind::type) { continue; }
            if (auto added = writer.add(transaction, entry); !added) { return added; }]])

# Stage 6: commit
plant(answer_before_commit engine/src/log/writer.cpp
    [[commit_group_in_hand(); // stage 6]]
    [[if (BUG) { answer_all(); }
    commit_group_in_hand(); // stage 6]])
plant(group_kept_after_a_failure engine/src/log/writer.cpp
    [[decider_.group_dropped();
    checkpoints_.clear();]]
    [[if (BUG) { decider_.group_committed(); }
    decider_.group_dropped();
    checkpoints_.clear();]])
plant(rows_left_out projections/src/table_fold.cpp
    [[if (auto const written = live_->write(transaction, definition_->table()); !written) {]]
    [[if (BUG) { return transaction.put_projection(stored_at(head)); }
    if (auto const written = live_->write(transaction, definition_->table()); !written) {]])
plant(flush_tried_again backends/src/sqlite/write_transaction.cpp
    [[if (was_taken_back && !writer_.broken) {]]
    [[if ((BUG || was_taken_back) && !writer_.broken) {]])
plant(failed_commit_left backends/src/sqlite/write_transaction.cpp
    [[result<void> const gone = writer_.cut_off_log();]]
    [[result<void> const gone = BUG ? result<void>{} : writer_.cut_off_log();]])
plant(failed_flush_forgotten backends/src/sqlite/sqlite_backend.cpp
    [[if (is_harmless) return done;]]
    [[if (BUG || is_harmless) return done;]])
plant(durable_without_flush backends/src/sqlite/writer.cpp
    [[(flush_each_commit ? "FULL"]]
    [[(flush_each_commit && !BUG ? "FULL"]])
plant(mark_never_written backends/src/sqlite/sqlite_backend.cpp
    [[auto marked = write_high_water_mark(]]
    [[if (BUG) return judge(log_->after_commit());
    auto marked = write_high_water_mark(]])
plant(second_writer_let_in backends/src/sqlite/lock_file.cpp
    [[if (::fcntl(file.descriptor_, F_OFD_SETLK, &whole) == 0) return file;]]
    [[if (BUG || ::fcntl(file.descriptor_, F_OFD_SETLK, &whole) == 0) return file;]])

# Stage 7: publish
plant(publish_before_commit engine/src/log/writer.cpp
    [[commit_result const written = write_group();]]
    [[if (BUG && !decider_.records().empty()) {
        core_->head.move_to(decider_.records().back().content->last());
    }
    commit_result const written = write_group();]])
plant(subscribers_not_woken engine/src/publish/published_head.cpp
    [[if (waiting_.load() != 0) { wake_all(); }]]
    [[if (waiting_.load() != 0 && !BUG) { wake_all(); }]])
plant(subscriber_skips_one engine/src/read/subscription.cpp
    [[looked_at_.value - source->first().value + 1));]]
    [[looked_at_.value - source->first().value + (BUG ? 2 : 1)));]])
plant(subscriber_sees_one_twice engine/src/read/subscription.cpp
    [[if (source->first() <= looked_at_) {]]
    [[if (!BUG && source->first() <= looked_at_) {]])

# Opening and rebuilding
plant(chain_not_checked engine/src/apply/replay.cpp
    [[if (decoded.header().previous != end.hash) {]]
    [[if (!BUG && decoded.header().previous != end.hash) {]])
plant(missing_record_not_noticed engine/src/apply/replay.cpp
    [[if (stored.first != end.head.next()) {]]
    [[if (!BUG && stored.first != end.head.next()) {]])
plant(idempotency_keys_lost_by_opening engine/src/apply/replay.cpp
    [[if (next_key != source.keys().end() &&]]
    [[if (!BUG && next_key != source.keys().end() &&]])
plant(end_of_a_rebuild_left_out projections/src/table_fold.cpp
    [[if (auto const written = fold.write(transaction, shadow); !written) { return written; }]]
    [[if (BUG) { return transaction.drop_table(shadow.name); }
            if (auto const written = fold.write(transaction, shadow); !written) { return written; }]])
