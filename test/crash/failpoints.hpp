#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace swarmlog::test {

/// What a process is doing when it is killed.
enum class errand { opening, appending, consuming, checkpointing, rebuilding, backing_up, closing };

/// A place in the library where processes are killed: as a function is entered.
struct failpoint {
    std::string_view stage;
    errand during;
    std::string_view function;  ///< as function_entries knows it
    bool is_of_new_log = false; ///< reached in a log's first round only
};

/// Every stage of an append, and what else writes. Each has to be reached in a run of kills.
///
/// They are called from other sources than their own, or virtual: what is called within one source
/// alone may be inlined there, and then has no entry.
inline constexpr std::array all_failpoints{
    failpoint{"producer", errand::appending, "swarmlog::producer::append"},
    failpoint{"producer", errand::appending, "swarmlog::producer::try_append"},
    failpoint{"producer", errand::appending, "swarmlog::detail::append_draft::content_hash"},
    failpoint{"ingestion queue", errand::appending, "swarmlog::detail::ingestion_queue::put"},
    failpoint{"ingestion queue", errand::appending, "swarmlog::detail::ingestion_queue::take"},
    failpoint{"commit group", errand::appending, "swarmlog::detail::commit_group::drain"},
    failpoint{"decide", errand::appending, "swarmlog::detail::decider::begin_group"},
    failpoint{"decide", errand::appending, "swarmlog::detail::decider::decide"},
    failpoint{"decide", errand::appending, "swarmlog::detail::condition_check::check"},
    failpoint{"decide", errand::appending, "swarmlog::detail::decision_scope::run"},
    failpoint{"decide", errand::appending, "swarmlog::detail::record_builder::add_event"},
    failpoint{"decide", errand::appending, "swarmlog::detail::record_builder::content"},
    failpoint{"apply", errand::appending, "swarmlog::detail::group_stage::apply"},
    failpoint{"apply", errand::appending, "swarmlog::detail::group_stage::cut_back"},
    failpoint{"apply", errand::appending, "swarmlog::detail::projector::apply"},
    failpoint{"apply", errand::appending, "swarmlog::detail::projector::cut_back"},
    failpoint{"commit", errand::appending, "swarmlog::detail::sqlite_write_transaction::begin"},
    failpoint{"commit", errand::appending,
              "swarmlog::detail::sqlite_write_transaction::append_record"},
    failpoint{"commit", errand::appending, "swarmlog::detail::projector::write"},
    failpoint{"commit", errand::appending, "swarmlog::detail::sqlite_write_transaction::put_row"},
    failpoint{"commit", errand::appending, "swarmlog::detail::sqlite_write_transaction::commit"},
    failpoint{"commit", errand::appending, "pwrite64"},
    failpoint{"commit", errand::appending, "fdatasync"},
    failpoint{"publish", errand::appending, "swarmlog::detail::record_cache::publish"},
    failpoint{"publish", errand::appending, "swarmlog::detail::group_stage::publish"},
    failpoint{"publish", errand::appending, "swarmlog::detail::projector::publish"},
    failpoint{"publish", errand::appending, "swarmlog::detail::published_head::move_to"},
    failpoint{"publish", errand::appending, "swarmlog::detail::sqlite_backend::after_commit"},
    failpoint{"publish", errand::appending, "swarmlog::detail::write_high_water_mark"},
    failpoint{"publish", errand::appending, "swarmlog::detail::index::flush"},
    failpoint{"publish", errand::appending, "swarmlog::detail::run_writer::finish"},
    failpoint{"publish", errand::appending, "swarmlog::detail::index::flush_committed"},
    failpoint{"opening", errand::opening, "swarmlog::detail::inspect_store_file"},
    failpoint{"opening", errand::opening, "swarmlog::detail::create_store_file", true},
    failpoint{"opening", errand::opening, "swarmlog::detail::sqlite_writer::connect"},
    failpoint{"opening", errand::opening, "swarmlog::detail::read_high_water_mark"},
    failpoint{"opening", errand::opening, "swarmlog::detail::erase_unfinished_runs"},
    failpoint{"opening", errand::opening, "swarmlog::detail::write_session_opened"},
    failpoint{"opening", errand::opening, "swarmlog::detail::index::load"},
    failpoint{"opening", errand::opening, "swarmlog::detail::replay_tail"},
    failpoint{"opening", errand::opening, "swarmlog::detail::record::decode"},
    failpoint{"opening", errand::opening, "swarmlog::detail::projector::start"},
    failpoint{"opening", errand::opening, "swarmlog::detail::table_fold::open"},
    failpoint{"opening", errand::opening, "pwrite64"},
    failpoint{"consumer's checkpoint", errand::consuming,
              "swarmlog::detail::sqlite_write_transaction::put_checkpoint"},
    failpoint{"SQLite's checkpoint", errand::checkpointing,
              "swarmlog::detail::write_ahead_log::move_all"},
    failpoint{"SQLite's checkpoint", errand::checkpointing, "sqlite3_wal_checkpoint_v2"},
    failpoint{"SQLite's checkpoint", errand::checkpointing, "pwrite64"},
    failpoint{"SQLite's checkpoint", errand::checkpointing, "ftruncate64"},
    failpoint{"rebuild", errand::rebuilding, "swarmlog::detail::table_fold::rebuild"},
    failpoint{"rebuild", errand::rebuilding,
              "swarmlog::detail::sqlite_write_transaction::create_table"},
    failpoint{"rebuild", errand::rebuilding,
              "swarmlog::detail::sqlite_write_transaction::drop_table"},
    failpoint{"rebuild", errand::rebuilding,
              "swarmlog::detail::sqlite_write_transaction::rename_table"},
    failpoint{"rebuild", errand::rebuilding,
              "swarmlog::detail::sqlite_write_transaction::put_projection"},
    failpoint{"backup", errand::backing_up, "swarmlog::detail::back_up"},
    failpoint{"backup", errand::backing_up, "swarmlog::detail::create_private_file"},
    failpoint{"backup", errand::backing_up, "sqlite3_backup_step"},
    failpoint{"backup", errand::backing_up, "renameat2"},
    failpoint{"backup", errand::backing_up, "swarmlog::detail::sync_folder_of"},
    failpoint{"closing", errand::closing, "swarmlog::detail::sqlite_backend::close"},
    failpoint{"closing", errand::closing, "swarmlog::detail::write_session_closed"},
};

} // namespace swarmlog::test
