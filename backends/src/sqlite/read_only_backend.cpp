#include "sqlite/read_only_backend.hpp"

#include "sqlite/backup.hpp"
#include "sqlite/high_water_mark.hpp"
#include "sqlite/read_view.hpp"
#include "sqlite/schema.hpp"
#include "sqlite/schema_check.hpp"
#include "sqlite/sizes.hpp"
#include "sqlite/store_file.hpp"

#include <new>
#include <utility>

namespace swarmlog::detail {

namespace {

error read_only(std::string const& path) {
    return {errc::read_only, path + " is open for reading only"};
}

/// The reason behind SQLite's "unable to open database file".
error explain(error failure, std::string const& path) {
    if (is_folder_writable(path) || file_bytes(wal_path_of(path)) == 0 ||
        failure == errc::corrupt) {
        return failure;
    }
    return {errc::permission_denied,
            wal_path_of(path) +
                " must be recovered before it can be read, for which SQLite "
                "needs to write to the folder (" +
                failure.message() + ")"};
}

/// Before a statement is made that takes the tables for what they should be.
result<void> look_at_schema(sqlite_connection_settings const& settings, sqlite_access access) {
    auto connection = sqlite_connection::open(settings, access);
    if (!connection) return connection.error();
    auto const schema = read_schema_version(*connection);
    if (!schema) return schema.error();
    auto known = check_schema_version(*schema, shipped_schema(), settings.path);
    if (!known) return known;
    return check_schema(*connection, *schema, settings.path);
}

} // namespace

result<std::unique_ptr<backend>>
sqlite_read_only_backend::open(std::string const& path, sqlite_store_options const& options) {
    auto const found = inspect_store_file(path, options.vfs);
    if (!found) return found.error();
    if (!found->exists) return error{errc::not_found, "there is no store " + path};
    auto known = check_schema_version(found->schema_version, shipped_schema(), path);
    if (!known) return known.error();

    // Where nothing can be written, SQLite cannot make the files by which readers and a writer
    // share the write-ahead log; and where there is no log, they are not needed.
    bool const is_immutable = !is_folder_writable(path) && file_bytes(wal_path_of(path)) == 0;
    sqlite_connection_settings const settings{
        .path = path,
        .vfs = options.vfs,
        .cache_bytes = options.cache_bytes / options.readers_max,
        .lock_wait_max = options.lock_wait_max};
    auto const access = is_immutable ? sqlite_access::immutable : sqlite_access::read_only;
    if (auto same = look_at_schema(settings, access); !same) return explain(same.error(), path);
    auto readers = std::make_shared<reader_pool>(
        settings, access, reader_pool::limits{options.readers_max, options.reader_wait_max});
    auto store = std::make_unique<sqlite_read_only_backend>(path, options.vfs, std::move(readers));
    if (auto done = store->read_facts(); !done) return explain(done.error(), path);
    return store;
}

sqlite_read_only_backend::sqlite_read_only_backend(std::string path, std::string vfs,
                                                   std::shared_ptr<reader_pool> readers) noexcept
    : path_(std::move(path)), vfs_(std::move(vfs)), readers_(std::move(readers)) {}

result<void> sqlite_read_only_backend::read_facts() {
    auto view = sqlite_read_view::open(readers_);
    if (!view) return view.error();
    auto const schema = read_schema_version((*view)->connection());
    if (!schema) return schema.error();
    if (*schema != shipped_schema().current) {
        return error{errc::read_only, path_ + " has schema version " + std::to_string(*schema) +
                                          "; open it for writing once to migrate it"};
    }
    auto const id = read_store_id((*view)->connection());
    if (!id) return id.error();

    facts_.id = *id;
    facts_.schema_version = *schema;
    facts_.migrated_from = *schema;
    facts_.read_only = true;
    facts_.warnings = loose_modes(path_);
    // Read before any view that the caller opens: a writer only ever moves the head past it.
    if (auto const lock = lock_file::peek(path_)) {
        facts_.high_water_mark = read_high_water_mark(*lock, *id);
        facts_.loss_possible = may_have_lost(*lock, *id, facts_.mode);
    }
    return {};
}

result<std::unique_ptr<write_transaction>> sqlite_read_only_backend::begin() {
    return read_only(path_);
}

result<std::unique_ptr<read_view>> sqlite_read_only_backend::read() {
    auto view = sqlite_read_view::open(readers_);
    if (!view) return view.error();
    return std::unique_ptr<read_view>{std::move(*view)};
}

result<std::optional<row_cells>> sqlite_read_only_backend::find_row(table_spec const& table,
                                                                    cell const& key) {
    return find_committed_row(readers_, table, key);
}

result<void> sqlite_read_only_backend::after_commit(position) { return read_only(path_); }
result<void> sqlite_read_only_backend::checkpoint() { return read_only(path_); }
result<void> sqlite_read_only_backend::compact() { return read_only(path_); }

result<void> sqlite_read_only_backend::backup_to(std::string const& path, progress const& report) {
    auto view = sqlite_read_view::open(readers_);
    if (!view) return view.error();
    return back_up((*view)->connection(), path, vfs_, report);
}

result<storage_sizes> sqlite_read_only_backend::sizes() {
    auto view = sqlite_read_view::open(readers_);
    if (!view) return view.error();
    return measure_sizes((*view)->connection(), path_);
}

result<void> sqlite_read_only_backend::close() {
    if (!readers_->is_abandoned()) readers_->close();
    return {};
}

void sqlite_read_only_backend::abandon() noexcept {
    readers_->abandon();
    // The child must not close the parent's connections, so it never frees them.
    new (std::nothrow) std::shared_ptr<reader_pool>{readers_};
}

} // namespace swarmlog::detail
