/// Stage 6 of 7, commit: the group's records, checkpoints and index runs become durable.

#include "log/writer.hpp"

namespace swarmlog::detail {

namespace {

/// Before COMMIT a full disk has changed nothing, nor has a row that no table takes. Of any other
/// failure nobody can say what the device did, so the commit counts as in doubt.
commit_result failed_before_commit(error const& failure) {
    return {failure.is_rejected() ? commit_outcome::not_committed : commit_outcome::in_doubt,
            failure};
}

} // namespace

commit_result writer::write_group() {
    auto transaction = core_->store->begin();
    if (!transaction) {
        // Nothing of this group was written; only a device that fails makes the log doubtful.
        bool const is_doubtful =
            transaction.error() == errc::io_error || transaction.error() == errc::corrupt;
        return {is_doubtful ? commit_outcome::in_doubt : commit_outcome::not_committed,
                transaction.error()};
    }
    for (sealed_record const& record : decider_.records()) {
        if (auto const put = (*transaction)->append_record(record.stored()); !put) {
            return failed_before_commit(put.error());
        }
    }
    for (checkpoint_change const& change : checkpoints_) {
        auto const put = change.at ? (*transaction)->put_checkpoint(change.consumer, *change.at)
                                   : (*transaction)->erase_checkpoint(change.consumer);
        if (!put) { return failed_before_commit(put.error()); }
    }
    if (state_fold* const state = decider_.state(); state != nullptr) {
        position const head = decider_.records().empty()
                                  ? decider_.end().head
                                  : decider_.records().back().content->last();
        if (auto const put = state->write(**transaction, head); !put) {
            return failed_before_commit(put.error());
        }
    }
    return (*transaction)->commit();
}

void writer::maintain_index() {
    if (!core_->keys.wants_flush()) { return; }
    // A run is only ever derived from the log, so a failure loses nothing: the tail stays as it
    // is, and is written the next time. In doubt is in doubt, though.
    auto transaction = core_->store->begin();
    if (!transaction) { return; }
    auto const flushed = core_->keys.flush(**transaction, core_->head.get());
    if (!flushed) {
        core_->keys.flush_failed();
        return;
    }
    commit_result const written = (*transaction)->commit();
    if (written.outcome == commit_outcome::committed) {
        core_->keys.flush_committed();
    } else {
        core_->keys.flush_failed();
    }
    if (written.outcome == commit_outcome::in_doubt) {
        failed_ =
            error{errc::in_doubt, "an index run's commit failed: " + written.failure.message()};
    }
}

} // namespace swarmlog::detail
