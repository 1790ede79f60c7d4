#include "sqlite/reader.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace swarmlog::detail {

namespace {

struct reader_query {
    sqlite_statement sqlite_reader::*statement;
    std::string_view sql;
    std::string_view doing;
};

constexpr std::array reader_queries{
    reader_query{&sqlite_reader::begin, "BEGIN", "begin to read"},
    reader_query{&sqlite_reader::end, "COMMIT", "end reading"},
    reader_query{&sqlite_reader::head, "SELECT last FROM log ORDER BY first DESC LIMIT 1",
                 "read the head of"},
    // The columns of a record stand in one order everywhere: read_view.cpp.
    reader_query{&sqlite_reader::record_at,
                 "SELECT first,last,recorded_at,hash,body FROM log WHERE first<=?1 "
                 "ORDER BY first DESC LIMIT 1",
                 "read records of"},
    reader_query{&sqlite_reader::records_after,
                 "SELECT first,last,recorded_at,hash,body FROM log WHERE first>?1 ORDER BY first",
                 "read records of"},
    reader_query{&sqlite_reader::records_back,
                 "SELECT first,last,recorded_at,hash,body FROM log WHERE first<=?1 "
                 "ORDER BY first DESC",
                 "read records of"},
    reader_query{&sqlite_reader::runs,
                 "SELECT id,level,first,last,block_count FROM index_runs ORDER BY first,id",
                 "read the index of"},
    reader_query{&sqlite_reader::runs_with_headers,
                 "SELECT id,level,first,last,block_count,header FROM index_runs ORDER BY first,id",
                 "read the index of"},
    reader_query{&sqlite_reader::run_header, "SELECT header FROM index_runs WHERE id=?1",
                 "read the index of"},
    reader_query{&sqlite_reader::run_block, "SELECT body FROM index_blocks WHERE id=?1",
                 "read the index of"},
    reader_query{&sqlite_reader::run_generation,
                 "SELECT value FROM meta WHERE key='run_generation'", "read the index of"},
    reader_query{&sqlite_reader::checkpoint, "SELECT position FROM checkpoints WHERE name=?1",
                 "read checkpoints of"},
    reader_query{&sqlite_reader::checkpoints, "SELECT name,position FROM checkpoints ORDER BY name",
                 "read checkpoints of"},
    reader_query{&sqlite_reader::projections,
                 "SELECT name,version,layout,position FROM projections ORDER BY name",
                 "read projections of"},
    reader_query{
        &sqlite_reader::snapshot,
        "SELECT projection,position,body FROM snapshots WHERE projection=?1 AND position<=?2 "
        "ORDER BY position DESC LIMIT 1",
        "read snapshots of"},
    reader_query{&sqlite_reader::snapshots,
                 "SELECT projection,position FROM snapshots ORDER BY projection,position",
                 "read snapshots of"},
};

} // namespace

result<sqlite_reader> sqlite_reader::open(sqlite_connection_settings const& settings,
                                          sqlite_access access) {
    auto connection = sqlite_connection::open(settings, access);
    if (!connection) return connection.error();
    sqlite_reader reader;
    reader.connection = std::move(*connection);
    for (reader_query const& each : reader_queries) {
        auto prepared = reader.connection.prepare(each.sql, each.doing);
        if (!prepared) return prepared.error();
        reader.*each.statement = std::move(*prepared);
    }
    return reader;
}

result<position> sqlite_reader::begin_snapshot() {
    if (auto begun = begin.run(); !begun) return begun.error();
    statement_scope const scope{head};
    result<bool> const row = head.step();
    if (!row) {
        error failure = row.error();
        head.reset();
        static_cast<void>(end_snapshot());
        return failure;
    }
    return *row ? head.position_at(0) : position{};
}

bool sqlite_reader::end_snapshot() noexcept {
    int const code = end.step_code();
    end.reset();
    return code == SQLITE_DONE || sqlite3_get_autocommit(connection.handle()) != 0;
}

} // namespace swarmlog::detail
