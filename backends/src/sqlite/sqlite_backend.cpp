#include "sqlite/sqlite_backend.hpp"

#include "sqlite/backup.hpp"
#include "sqlite/read_view.hpp"
#include "sqlite/schema_check.hpp"
#include "sqlite/sizes.hpp"
#include "sqlite/store_file.hpp"
#include "sqlite/write_transaction.hpp"

#include <new>
#include <utility>

namespace swarmlog::detail {

namespace {

sqlite_connection_settings writer_settings(std::string const& path,
                                           sqlite_store_options const& options) {
    return {.path = path,
            .vfs = options.vfs,
            .cache_bytes = options.cache_bytes / 2,
            .lock_wait_max = options.lock_wait_max};
}

sqlite_connection_settings reader_settings(std::string const& path,
                                           sqlite_store_options const& options) {
    sqlite_connection_settings settings = writer_settings(path, options);
    settings.cache_bytes /= options.readers_max;
    return settings;
}

/// What stands in the path, as long as this program can read it.
result<store_file> inspect(std::string const& path, sqlite_store_options const& options,
                           schema_plan const& plan) {
    auto found = inspect_store_file(path, options.vfs);
    if (!found || !found->exists) return found;
    auto known = check_schema_version(found->schema_version, plan, path);
    if (!known) return known.error();
    return found;
}

} // namespace

result<std::unique_ptr<backend>> sqlite_backend::open(std::string const& path,
                                                      sqlite_store_options const& options,
                                                      schema_plan const& plan) {
    // Once before the lock, so that nothing is made beside a file that is not ours; and once
    // with it, because another process may have been making the store.
    if (auto seen = inspect(path, options, plan); !seen) return seen.error();
    auto lock = lock_file::acquire(path);
    if (!lock) return lock.error();
    auto found = inspect(path, options, plan);
    if (!found) return found.error();
    auto const settings = writer_settings(path, options);
    if (!found->exists) {
        if (auto made = create_store_file(settings, options.page_bytes); !made) {
            return made.error();
        }
    }
    bool const flush = options.mode == durability::durable;
    auto writer = sqlite_writer::connect(settings, flush, options.wal_bytes_max);
    if (!writer) return writer.error();

    auto store =
        std::make_unique<sqlite_backend>(path, options, std::move(*lock), std::move(*writer));
    auto recovered = store->recover(plan, !found->exists);
    if (!recovered) {
        store->writer_->broken = recovered.error(); // closing writes nothing
        return recovered.error();
    }
    return store;
}

sqlite_backend::sqlite_backend(std::string path, sqlite_store_options options, lock_file lock,
                               sqlite_connection writer)
    : path_(std::move(path)),
      options_(std::move(options)),
      lock_(std::move(lock)),
      writer_(std::make_unique<sqlite_writer>(std::move(writer))),
      readers_(std::make_shared<reader_pool>(
          reader_settings(path_, options_), sqlite_access::read_only,
          reader_pool::limits{options_.readers_max, options_.reader_wait_max})) {}

sqlite_backend::~sqlite_backend() {
    try {
        static_cast<void>(close());
    } catch (std::bad_alloc const&) {
        // Nothing is lost by it: the next open finds what is stored.
    }
}

result<void> sqlite_backend::recover(schema_plan const& plan, bool created) {
    sqlite_connection& connection = writer_->connection;
    auto const found = read_schema_version(connection);
    if (!found) return found.error();
    // Before anything is written, by a migration too.
    if (auto same = check_schema(connection, *found, path_); !same) return same;
    auto const migrated_from = migrate(connection, plan, path_);
    if (!migrated_from) return migrated_from.error();
    auto const id = read_store_id(connection);
    if (!id) return id.error();
    if (auto prepared = writer_->prepare(); !prepared) return prepared;
    facts_.high_water_mark = read_high_water_mark(lock_, *id);
    keeps_evidence_ = facts_.high_water_mark && *facts_.high_water_mark > writer_->head;
    mark_comes_down_ = keeps_evidence_;
    if (!keeps_evidence_) {
        if (auto tidied = tidy(); !tidied) return tidied;
    }
    auto const page_bytes = connection.integer("PRAGMA page_size", "open");
    if (!page_bytes) return page_bytes.error();

    log_.emplace(connection,
                 write_ahead_log::limits{options_.mode, options_.wal_bytes_max,
                                         static_cast<std::uint32_t>(*page_bytes),
                                         options_.relaxed_sync_interval},
                 [this] { return readers_->wait_for_older_loans(options_.wal_reader_wait_max); });
    if (options_.mode == durability::durable) {
        // A killed process, or a relaxed one, has left what it had not flushed. What is shown from
        // now on may not be lost.
        if (auto flushed = log_->flush(); !flushed) return flushed;
    }
    facts_.id = *id;
    facts_.schema_version = plan.current;
    facts_.migrated_from = *migrated_from;
    facts_.created = created;
    facts_.warnings = loose_modes(path_);
    facts_.mode = options_.mode;
    if (options_.mode == durability::relaxed) {
        facts_.sync_interval = options_.relaxed_sync_interval;
    }
    facts_.loss_possible = may_have_lost(lock_, *id, options_.mode);
    return write_session_opened(lock_, *id, options_.mode, facts_.loss_possible);
}

result<void> sqlite_backend::tidy() {
    if (auto cut = writer_->cut_off_log(); !cut) return cut;
    return erase_unfinished_runs(writer_->connection);
}

result<void> sqlite_backend::let_evidence_go() {
    if (!keeps_evidence_) return {};
    auto const tidied = tidy();
    if (tidied) {
        keeps_evidence_ = false;
    } else if (!(tidied.error() == errc::disk_full)) { // else the next one tries again
        writer_->broken = tidied.error();
    }
    return tidied;
}

result<void> sqlite_backend::check_writable() const {
    if (readers_->is_abandoned()) return error{errc::forked_handle};
    if (is_closed_) return error{errc::closed};
    if (writer_->broken) return *writer_->broken;
    return {};
}

result<std::unique_ptr<write_transaction>> sqlite_backend::begin() {
    if (auto writable = check_writable(); !writable) return writable.error();
    if (auto ready = let_evidence_go(); !ready) return ready.error();
    return sqlite_write_transaction::begin(*writer_);
}

result<std::unique_ptr<read_view>> sqlite_backend::read() {
    auto view = sqlite_read_view::open(readers_);
    if (!view) return view.error();
    return std::unique_ptr<read_view>{std::move(*view)};
}

result<std::optional<row_cells>> sqlite_backend::find_row(table_spec const& table,
                                                          cell const& key) {
    return find_committed_row(readers_, table, key);
}

result<void> sqlite_backend::after_commit(position head) {
    if (auto writable = check_writable(); !writable) return writable;
    auto marked = write_high_water_mark(lock_, facts_.id, head);
    // A mark that the power takes is followed by an older one, which would tell of a loss again
    // that was accepted.
    if (marked && std::exchange(mark_comes_down_, false)) marked = lock_.sync();
    if (!marked && !mark_failure_) mark_failure_ = marked.error();
    if (std::exchange(writer_->is_log_cut, false)) log_->measure_again();
    return judge(log_->after_commit());
}

result<void> sqlite_backend::checkpoint() {
    if (auto writable = check_writable(); !writable) return writable;
    return judge(log_->move_all());
}

result<void> sqlite_backend::judge(result<void> done) {
    if (done) return done;
    bool const is_harmless =
        done.error() == errc::disk_full || done.error() == errc::deadline_exceeded;
    if (is_harmless) return done;
    // A flush is never repeated: the system may have dropped what it could not write, and the
    // second one would succeed. What relaxed commits rest on is then unknown.
    bool const is_lost = options_.mode == durability::relaxed && done.error() == errc::io_error;
    writer_->broken = is_lost ? error{errc::in_doubt, done.error().message()} : done.error();
    return *writer_->broken;
}

result<void> sqlite_backend::backup_to(std::string const& path, progress const& report) {
    // A connection of its own: a backup lasts long, and the pool is for short views.
    if (readers_->is_abandoned()) return error{errc::forked_handle};
    auto source = sqlite_reader::open(reader_settings(path_, options_), sqlite_access::read_only);
    if (!source) return source.error();
    reader_pool::hold const held{*readers_};
    if (auto const head = source->begin_snapshot(); !head) return head.error();
    auto done = back_up(source->connection, path, options_.vfs, report);
    static_cast<void>(source->end_snapshot());
    return done;
}

result<void> sqlite_backend::compact() {
    if (auto writable = check_writable(); !writable) return writable;
    if (auto ready = let_evidence_go(); !ready) return ready;
    // In memory, the temporary copy of the store would know no bound.
    writer_->connection.let_vacuum(true);
    auto vacuumed = writer_->connection.execute("PRAGMA temp_store=FILE;VACUUM", "compact");
    writer_->connection.let_vacuum(false);
    auto restored = writer_->connection.execute("PRAGMA temp_store=MEMORY", "compact");
    if (vacuumed) vacuumed = restored;
    if (!vacuumed) { // rolled back as a whole
        if (auto cut = writer_->cut_off_log(); !cut) return judge(cut);
        return judge(vacuumed);
    }
    auto moved = judge(log_->move_all());
    // Readers only delay it: the file shrinks at a later checkpoint.
    if (!moved && moved.error() == errc::deadline_exceeded) return {};
    return moved;
}

result<storage_sizes> sqlite_backend::sizes() {
    auto view = sqlite_read_view::open(readers_);
    if (!view) return view.error();
    return measure_sizes((*view)->connection(), path_);
}

result<void> sqlite_backend::close() {
    if (is_closed_ || readers_->is_abandoned()) return {};
    is_closed_ = true;
    readers_->close();

    result<void> done;
    sqlite_connection& connection = writer_->connection;
    if (log_ && !writer_->broken && !keeps_evidence_) {
        // Another process that reads need not be waited for: the log stays, and is found.
        sqlite3_busy_timeout(connection.handle(), 0);
        done = log_->move_all();
        bool const is_held = !done && done.error() == errc::deadline_exceeded;
        if (is_held) done = result<void>{};
        connection.checkpoint_on_close(done && !is_held);
    }
    log_.reset();
    writer_->drop_statements();
    if (auto closed = connection.close(); done) done = closed;
    if (done && !writer_->broken) done = write_session_closed(lock_, facts_.id, options_.mode);
    lock_.release();
    if (done && mark_failure_) return *mark_failure_;
    return done;
}

void sqlite_backend::abandon() noexcept {
    readers_->abandon();
    // Closing the child's copy of the descriptor leaves the parent's lock as it is.
    lock_.release();
    if (!writer_) return;
    writer_->abandoned.store(true, std::memory_order_relaxed);
    // SQLite must not hear of any of this: its locks belong to the parent, and its mutexes may
    // have been held by a thread that is not here. So what owns a connection is never freed.
    static_cast<void>(writer_.release());
    new (std::nothrow) std::shared_ptr<reader_pool>{readers_};
}

} // namespace swarmlog::detail
