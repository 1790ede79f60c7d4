#include "sqlite/schema.hpp"

#include "sqlite/error_mapping.hpp"
#include "sqlite/store_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <random>
#include <system_error>

namespace swarmlog::detail {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view version_1 = R"(
CREATE TABLE log(
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL);
CREATE TABLE index_runs(
    id INTEGER PRIMARY KEY,
    level INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    block_count INTEGER NOT NULL,
    header BLOB NOT NULL);
CREATE TABLE index_blocks(
    id INTEGER PRIMARY KEY,
    body BLOB NOT NULL);
CREATE TABLE checkpoints(
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE projections(
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    layout TEXT NOT NULL,
    position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE snapshots(
    projection TEXT NOT NULL,
    position INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY(projection, position));
CREATE TABLE meta(
    key TEXT PRIMARY KEY,
    value NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('run_generation', 0);
PRAGMA user_version=1;
)";

constexpr schema_plan shipped{};

store_id random_store_id() {
    std::random_device source;
    store_id id;
    for (auto& byte : id) byte = static_cast<std::uint8_t>(source());
    return id;
}

result<void> insert_store_id(sqlite_connection& connection) {
    auto insert = connection.prepare("INSERT INTO meta VALUES('store_id', ?1)", "create");
    if (!insert) return insert.error();
    store_id const id = random_store_id();
    insert->bind_blob(1, {reinterpret_cast<char const*>(id.data()), id.size()});
    return insert->run();
}

result<void> write_new_store(sqlite_connection& connection, std::uint32_t page_bytes) {
    constexpr std::string_view doing = "create";
    std::string sql = "PRAGMA page_size=" + std::to_string(page_bytes) +
                      ";PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;BEGIN IMMEDIATE;";
    sql.append(version_1);
    sql.append("PRAGMA application_id=" + std::to_string(sqlite_application_id));
    if (auto done = connection.execute(sql, doing); !done) return done;
    if (auto done = insert_store_id(connection); !done) return done;
    if (auto done = connection.execute("COMMIT", doing); !done) return done;

    int const code = sqlite3_wal_checkpoint_v2(connection.handle(), "main",
                                               SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK) return connection.failure(code, doing);
    connection.checkpoint_on_close(true);
    return connection.close();
}

void remove_with_side_files(std::string const& path) {
    std::error_code ignored;
    for (std::string_view const suffix : {"", "-wal", "-shm", "-journal"}) {
        fs::remove(path + std::string{suffix}, ignored);
    }
}

result<void> run_step(sqlite_connection& connection, migration_step const& step) {
    constexpr std::string_view doing = "migrate";
    if (auto begun = connection.execute("BEGIN IMMEDIATE", doing); !begun) return begun;
    auto done = step.apply(connection);
    if (done) {
        done = connection.execute(
            "PRAGMA user_version=" + std::to_string(step.from + 1) + ";COMMIT", doing);
    }
    if (!done && sqlite3_get_autocommit(connection.handle()) == 0) {
        // The step's own failure is the one to tell.
        static_cast<void>(connection.execute("ROLLBACK", doing));
    }
    return done;
}

} // namespace

schema_plan const& shipped_schema() noexcept { return shipped; }
std::string_view new_store_statements() noexcept { return version_1; }

result<void> create_store_file(sqlite_connection_settings const& settings,
                               std::uint32_t page_bytes) {
    std::string const& path = settings.path;
    if (file_bytes(wal_path_of(path)) != 0) {
        return error{errc::corrupt, wal_path_of(path) + " is there but " + path +
                                        " is not: move it away before a new store is made"};
    }
    // SQLite would take what is left of an older file for part of the new one.
    std::error_code ignored;
    for (std::string_view const suffix : {"-wal", "-shm"}) {
        fs::remove(path + std::string{suffix}, ignored);
    }

    sqlite_connection_settings temporary = settings;
    temporary.path = path + ".creating";
    remove_with_side_files(temporary.path);
    if (auto made = create_private_file(temporary.path); !made) return made;
    auto connection = sqlite_connection::open(temporary, sqlite_access::read_write);
    if (!connection) return connection.error();
    auto written = write_new_store(*connection, page_bytes);
    if (!written) {
        *connection = sqlite_connection{};
        remove_with_side_files(temporary.path);
        return written;
    }

    if (fs::symlink_status(path, ignored).type() == fs::file_type::regular) {
        fs::permissions(temporary.path, fs::status(path, ignored).permissions(), ignored);
    }
    if (std::rename(temporary.path.c_str(), path.c_str()) != 0) {
        return system_failure(errno, "create", path);
    }
    return sync_folder_of(path);
}

result<std::uint32_t> read_schema_version(sqlite_connection& connection) {
    auto version = connection.integer("PRAGMA user_version", "read the schema of");
    if (!version) return version.error();
    return static_cast<std::uint32_t>(*version);
}

result<void> check_schema_version(std::uint32_t found, schema_plan const& plan,
                                  std::string const& path) {
    if (found >= 1 && found <= plan.current) return {};
    if (found == 0) return error{errc::corrupt, path + " names no schema version"};
    return error{errc::schema_too_new, path + " has schema version " + std::to_string(found) +
                                           "; this program knows versions up to " +
                                           std::to_string(plan.current)};
}

result<std::uint32_t> migrate(sqlite_connection& connection, schema_plan const& plan,
                              std::string const& path) {
    auto const found = read_schema_version(connection);
    if (!found) return found.error();
    if (auto known = check_schema_version(*found, plan, path); !known) return known.error();
    for (std::uint32_t at = *found; at < plan.current; ++at) {
        auto const step = std::find_if(plan.steps.begin(), plan.steps.end(),
                                       [at](auto const& each) { return each.from == at; });
        if (step == plan.steps.end()) {
            return error{errc::unsupported, path + " has schema version " + std::to_string(at) +
                                                ", from which this program has no way to " +
                                                std::to_string(plan.current)};
        }
        if (auto done = run_step(connection, *step); !done) return done.error();
    }
    return *found;
}

result<store_id> read_store_id(sqlite_connection& connection) {
    auto select =
        connection.prepare("SELECT value FROM meta WHERE key='store_id'", "read the id of");
    if (!select) return select.error();
    result<bool> const row = select->step();
    if (!row) return row.error();
    store_id id{};
    std::string_view const bytes = *row ? select->bytes(0) : std::string_view{};
    if (bytes.size() != id.size()) {
        return error{errc::corrupt, std::string{"no store id in "} +
                                        sqlite3_db_filename(connection.handle(), "main")};
    }
    std::transform(bytes.begin(), bytes.end(), id.begin(),
                   [](char byte) { return static_cast<std::uint8_t>(byte); });
    return id;
}

result<void> erase_unfinished_runs(sqlite_connection& connection) {
    constexpr std::string_view doing = "erase unfinished runs of the index in";
    auto next = connection.prepare(
        "SELECT id >> 24, EXISTS(SELECT 1 FROM index_runs WHERE index_runs.id = "
        "index_blocks.id >> 24) FROM index_blocks WHERE id >= ?1 ORDER BY id LIMIT 1",
        doing);
    if (!next) return next.error();
    auto erase = connection.prepare("DELETE FROM index_blocks WHERE id >= ?1 AND id < ?2", doing);
    if (!erase) return erase.error();

    for (std::int64_t from = 0;;) {
        next->bind(1, from);
        result<bool> const row = next->step();
        if (!row) return row.error();
        if (!*row) return {};
        std::int64_t const run = next->integer(0);
        bool const indexed = next->integer(1) != 0;
        next->reset();
        std::int64_t const begin = run << run_block_bits;
        from = begin + run_block_limit;
        if (indexed) continue;
        erase->bind(1, begin);
        erase->bind(2, from);
        if (auto done = erase->run(); !done) return done;
    }
}

} // namespace swarmlog::detail
