#include "sqlite/writer.hpp"

#include "sqlite/stale_frames.hpp"

#include <array>
#include <string>
#include <string_view>

namespace swarmlog::detail {

namespace {

struct writer_query {
    sqlite_statement sqlite_writer::*statement;
    std::string_view sql;
    std::string_view doing;
};

constexpr std::array writer_queries{
    writer_query{&sqlite_writer::begin, "BEGIN IMMEDIATE", "begin a transaction in"},
    writer_query{&sqlite_writer::commit, "COMMIT", "commit to"},
    writer_query{&sqlite_writer::rollback, "ROLLBACK", "roll back in"},
    writer_query{&sqlite_writer::append_record, "INSERT INTO log VALUES(?1,?2,?3,?4,?5)",
                 "append a record to"},
    writer_query{&sqlite_writer::put_run_block, "INSERT INTO index_blocks VALUES(?1,?2)",
                 "put an index block into"},
    writer_query{&sqlite_writer::put_run, "INSERT INTO index_runs VALUES(?1,?2,?3,?4,?5,?6)",
                 "put an index run into"},
    writer_query{&sqlite_writer::drop_run, "DELETE FROM index_runs WHERE id=?1",
                 "drop an index run from"},
    writer_query{&sqlite_writer::erase_run_blocks,
                 "DELETE FROM index_blocks WHERE id>=?1 AND id<?2", "erase index blocks from"},
    writer_query{&sqlite_writer::run_block, "SELECT body FROM index_blocks WHERE id=?1",
                 "read an index block of"},
    writer_query{&sqlite_writer::put_checkpoint,
                 "INSERT INTO checkpoints VALUES(?1,?2) "
                 "ON CONFLICT(name) DO UPDATE SET position=excluded.position",
                 "put a checkpoint into"},
    writer_query{&sqlite_writer::erase_checkpoint, "DELETE FROM checkpoints WHERE name=?1",
                 "erase a checkpoint from"},
    writer_query{&sqlite_writer::put_run_generation,
                 "UPDATE meta SET value=?1 WHERE key='run_generation'", "put an index run into"},
    writer_query{&sqlite_writer::put_projection,
                 "INSERT INTO projections VALUES(?1,?2,?3,?4) ON CONFLICT(name) DO UPDATE SET "
                 "version=excluded.version,layout=excluded.layout,position=excluded.position",
                 "put a projection into"},
    writer_query{&sqlite_writer::erase_projection, "DELETE FROM projections WHERE name=?1",
                 "erase a projection from"},
    writer_query{&sqlite_writer::put_snapshot,
                 "INSERT INTO snapshots VALUES(?1,?2,?3) "
                 "ON CONFLICT(projection,position) DO UPDATE SET body=excluded.body",
                 "put a snapshot into"},
    writer_query{&sqlite_writer::erase_snapshots,
                 "DELETE FROM snapshots WHERE projection=?1 AND position>=?2",
                 "erase snapshots from"},
};

} // namespace

result<sqlite_connection> sqlite_writer::connect(sqlite_connection_settings const& settings,
                                                 bool flush_each_commit,
                                                 std::uint64_t wal_bytes_max) {
    auto connection = sqlite_connection::open(settings, sqlite_access::read_write);
    if (!connection) return connection.error();
    // The size limit is for what an unusual transaction leaves behind; a log of the usual
    // length keeps its file, because writing over it is quicker than growing it.
    std::string const sql = std::string{"PRAGMA journal_mode=WAL;PRAGMA locking_mode=NORMAL;"} +
                            "PRAGMA synchronous=" + (flush_each_commit ? "FULL" : "NORMAL") +
                            ";PRAGMA journal_size_limit=" + std::to_string(2 * wal_bytes_max);
    if (auto set = connection->execute(sql, "open"); !set) return set.error();
    return connection;
}

result<void> sqlite_writer::prepare() {
    for (writer_query const& each : writer_queries) {
        auto prepared = connection.prepare(each.sql, each.doing);
        if (!prepared) return prepared.error();
        this->*each.statement = std::move(*prepared);
    }
    auto const last =
        connection.integer("SELECT last FROM log ORDER BY first DESC LIMIT 1", "read the head of");
    if (!last) return last.error();
    head = position{static_cast<std::uint64_t>(*last)};
    auto const generation = connection.integer("SELECT value FROM meta WHERE key='run_generation'",
                                               "read the index of");
    if (!generation) return generation.error();
    run_generation = static_cast<std::uint64_t>(*generation);
    return {};
}

result<void> sqlite_writer::cut_off_log() {
    is_log_cut = true;
    return cut_off_stale_frames(connection);
}

void sqlite_writer::drop_statements() noexcept {
    for (writer_query const& each : writer_queries) this->*each.statement = sqlite_statement{};
    rows.drop_statements();
}

} // namespace swarmlog::detail
