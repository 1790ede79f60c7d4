// A file that somebody else has written to: what is not word for word what swarmlog makes is
// refused, and nothing in it runs.
#include "crash/stored_rows.hpp"
#include "projections/task_board.hpp"
#include "support/temporary_folder.hpp"

#include "sqlite/connection.hpp"

#include <swarmlog/backends/sql_reader.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

template <class Event>
void add(producer& to, std::string const& stream, Event const& event) {
    BOOST_REQUIRE(message_of(to.append(stream, expected::any{}, event)) == "success");
}

constexpr std::string_view all_tables[] = {"log",         "index_runs",  "index_blocks",
                                           "checkpoints", "projections", "snapshots",
                                           "meta",        "cards",       "tallies"};
constexpr std::string_view all_changes[] = {"INSERT", "UPDATE", "DELETE"};

std::string trigger_on(std::string_view change, std::string_view table) {
    return "evil_" + std::string{change} + "_" + std::string{table};
}

/// A log with two projections' tables, one of them with indexes.
struct board_file {
    board_file() {
        auto log = must(open());
        auto to = log.make_producer();
        for (int card = 0; card != 20; ++card) {
            std::string const id = std::to_string(card);
            add(to, "card-" + id, board::card_added{id, card, {}});
            add(to, "card-" + id, board::card_taken{id, "ann"});
        }
        must(log.close());
    }

    [[nodiscard]] result<event_log> open() {
        projections = projection_set{};
        projections.add(board::cards{}).add(board::tallies{});
        sqlite_log_options options;
        options.state = projections;
        options.index_tail_events = 16;
        return open_sqlite(path, options);
    }
    /// By plain SQLite, which runs anything.
    void plant(std::string const& sql) const { stored_rows{path}.run(sql); }

    temporary_folder folder;
    std::filesystem::path path = folder / "board.db";
    projection_set projections;
};

struct planted {
    std::string what;
    std::string sql;
    std::string said; ///< by the error
};

/// A change of what the file says of itself, which SQLite does not look at when it is made.
std::string rewritten(std::string const& name, std::string const& from, std::string const& to) {
    return "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql=replace(sql,'" + from + "','" +
           to + "') WHERE name='" + name + "'; PRAGMA writable_schema=RESET";
}

std::vector<planted> schemas() {
    std::string const body = "body BLOB NOT NULL";
    return {
        {"a trigger on the log",
         "CREATE TRIGGER evil AFTER INSERT ON log BEGIN DELETE FROM checkpoints; END",
         "\"trigger\" named \"evil\""},
        {"a trigger on a projection",
         "CREATE TRIGGER evil BEFORE UPDATE ON cards BEGIN SELECT raise(ABORT, 'no'); END",
         "\"trigger\" named \"evil\""},
        {"a view", "CREATE VIEW evil AS SELECT * FROM log", "\"view\" named \"evil\""},
        {"a trigger on a view",
         "CREATE VIEW evil AS SELECT 1 a; CREATE TRIGGER worse INSTEAD OF INSERT ON evil BEGIN "
         "DELETE FROM log; END",
         "\"view\" named \"evil\""},
        {"a view in the place of a table", "DROP TABLE cards; CREATE VIEW cards AS SELECT 1 AS id",
         "\"view\" named \"cards\""},
        {"a view in the place of the log", "DROP TABLE log; CREATE VIEW log AS SELECT 1 AS first",
         "named \"log\""},
        {"another table", "CREATE TABLE evil(a)", "\"table\" named \"evil\""},
        {"a table that looks nearly like ours",
         "CREATE TABLE \"evil\"(\"a\" TEXT PRIMARY KEY NOT NULL DEFAULT 'x') WITHOUT ROWID",
         "\"table\" named \"evil\""},
        {"a table with a check",
         "CREATE TABLE \"evil\"(\"a\" TEXT PRIMARY KEY NOT NULL CHECK(\"a\"<>'')) WITHOUT ROWID",
         "\"table\" named \"evil\""},
        {"a table with a collation",
         "CREATE TABLE \"evil\"(\"a\" TEXT PRIMARY KEY NOT NULL,\"b\" TEXT COLLATE NOCASE) "
         "WITHOUT ROWID",
         "\"table\" named \"evil\""},
        {"a table with a generated column",
         "CREATE TABLE \"evil\"(\"a\" INTEGER PRIMARY KEY NOT NULL,\"b\" TEXT AS (hex(\"a\")))",
         "\"table\" named \"evil\""},
        {"a table with a foreign key",
         "CREATE TABLE \"evil\"(\"a\" INTEGER PRIMARY KEY NOT NULL,\"b\" INTEGER REFERENCES log)",
         "\"table\" named \"evil\""},
        {"a table under one of the store's names",
         "CREATE TABLE \"events\"(\"a\" INTEGER PRIMARY KEY NOT NULL)", "named \"events\""},
        {"a table that counts", "CREATE TABLE evil(a INTEGER PRIMARY KEY AUTOINCREMENT)",
         "\"table\" named"},
        {"an index on the log", "CREATE INDEX evil ON log(recorded_at)",
         "\"index\" named \"evil\""},
        {"a unique index", "CREATE UNIQUE INDEX \"evil\" ON \"cards\"(\"weight\")",
         "\"index\" named \"evil\""},
        {"a partial index", "CREATE INDEX \"evil\" ON \"cards\"(\"weight\") WHERE \"weight\">3",
         "\"index\" named \"evil\""},
        {"an index of an expression", "CREATE INDEX evil ON cards(hex(id))",
         "\"index\" named \"evil\""},
        {"an index that sorts otherwise", "CREATE INDEX \"evil\" ON \"cards\"(\"weight\" DESC)",
         "\"index\" named \"evil\""},
        {"an index like ours", "CREATE INDEX \"evil\" ON \"cards\"(\"weight\")",
         "\"cards\" of other columns or indexes"},
        {"an index that is gone", "DROP INDEX cards_by_taken_by",
         "\"cards\" of other columns or indexes"},
        {"another column of the log", "ALTER TABLE log ADD COLUMN evil", "named \"log\""},
        {"a renamed column of the log", "ALTER TABLE log RENAME COLUMN body TO evil",
         "named \"log\""},
        {"another column of a projection", "ALTER TABLE cards ADD COLUMN \"evil\" TEXT",
         "\"cards\""},
        {"a column of another kind", rewritten("cards", "\"weight\" INTEGER", "\"weight\" TEXT"),
         "\"cards\" of other columns"},
        {"a default", rewritten("log", body, body + " DEFAULT x''00''"), "named \"log\""},
        {"a check that calls a function",
         rewritten("log", body, body + " CHECK(abs(length(body)))"), "named \"log\""},
        {"a generated column of the log",
         rewritten("log", "hash BLOB NOT NULL", "hash BLOB AS (zeroblob(32))"), "named \"log\""},
        {"a collation of a name", rewritten("checkpoints", "name TEXT", "name TEXT COLLATE NOCASE"),
         "named \"checkpoints\""},
        {"a table that is gone", "DROP TABLE checkpoints", "does not have"},
        {"full text search and its shadows", "CREATE VIRTUAL TABLE evil USING fts5(a)",
         "\"table\" named \"evil\""},
        {"a virtual table", "CREATE VIRTUAL TABLE evil USING rtree(a, b, c)",
         "\"table\" named \"evil\""},
        {"statistics that lie",
         "ANALYZE; UPDATE sqlite_stat1 SET stat='1 1'; INSERT INTO sqlite_stat1 VALUES('log','x',"
         "'9999999999 1')",
         "\"table\" named \"sqlite_stat1\""},
        {"two tables in one place",
         "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET rootpage=(SELECT rootpage FROM "
         "sqlite_schema WHERE name='log') WHERE name='snapshots'; PRAGMA writable_schema=RESET",
         "keeps"},
        {"a layout that lies", "UPDATE projections SET layout='cards(id text, key id)'",
         "\"cards\" of other columns"},
        {"a name that colours a terminal", "CREATE TABLE \"\x1b[31m\xe2\x80\xae\n\"(a)",
         R"(named "\x1b[31m\xe2\x80\xae\x0a")"},
    };
}

/// Every way in refuses the file, and leaves it as it is.
void check_refused(board_file& file, planted const& each) {
    std::string const before = bytes_of_file(file.path);
    BOOST_TEST_CONTEXT(each.what) {
        for (std::string const& message :
             {message_of(file.open()), message_of(open_sqlite_read_only(file.path)),
              message_of(sql_reader::open(file.path))}) {
            BOOST_TEST(message.find(each.said) != std::string::npos, message);
            BOOST_TEST(message.find("success") == std::string::npos);
        }
        BOOST_TEST(fails_with(file.open(), errc::corrupt));
    }
    BOOST_TEST((bytes_of_file(file.path) == before), each.what << " changed the file");
}

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_file)

BOOST_AUTO_TEST_CASE(what_swarmlog_does_not_make_is_refused) {
    for (planted const& each : schemas()) {
        board_file file;
        file.plant(each.sql);
        check_refused(file, each);
    }
}

BOOST_AUTO_TEST_CASE(what_swarmlog_makes_is_not_refused) {
    board_file file;
    {
        auto log = must(file.open());
        BOOST_TEST(must(file.projections.rebuild("cards")).is_identical);
        BOOST_TEST(must(file.projections.rebuild("cards")).is_identical);
        must(log.compact());
        must(log.backup_to((file.folder / "copy.db").string()));
    }
    // What is left of a rebuild that was given up, and a table of another program's projection.
    file.plant(
        "CREATE TABLE \"tallies_new\"(\"who\" TEXT PRIMARY KEY NOT NULL,\"taken\" INTEGER NOT "
        "NULL) WITHOUT ROWID");
    file.plant(
        "CREATE TABLE \"theirs\"(\"key\" INTEGER PRIMARY KEY NOT NULL,\"ratio\" REAL); "
        "CREATE INDEX \"theirs_by_ratio_key\" ON \"theirs\"(\"ratio\",\"key\")");
    BOOST_TEST(must(file.open()).head().value == 40U);
    BOOST_TEST(must(open_sqlite_read_only(file.folder / "copy.db")).head().value == 40U);
}

BOOST_AUTO_TEST_CASE(triggers_planted_in_an_open_log_never_fire) {
    board_file file;
    {
        auto log = must(file.open());
        stored_rows rows{file.path};
        for (std::string_view const table : all_tables) {
            for (std::string_view const change : all_changes) {
                rows.run("CREATE TRIGGER " + trigger_on(change, table) + " AFTER " +
                         std::string{change} + " ON " + std::string{table} +
                         " BEGIN DELETE FROM checkpoints; SELECT raise(ABORT, 'fired'); END");
            }
        }
        must(must(log.open_consumer("reader")).acknowledge(position{7}));
        auto to = log.make_producer();
        for (int card = 0; card != 60; ++card) {
            std::string const id = "new-" + std::to_string(card % 10);
            add(to, id, board::card_added{id, card, {}});
            add(to, id, board::card_taken{id, "bob"});
            add(to, id, board::card_removed{id});
        }
        must(file.projections.drop_snapshots());
        BOOST_TEST(must(log.consumers()).size() == 1U);
        BOOST_TEST(must(log.verify()).sound());
        must(log.close());
    }
    BOOST_TEST(fails_with(file.open(), errc::corrupt));
    for (std::string_view const table : all_tables) {
        for (std::string_view const change : all_changes) {
            file.plant("DROP TRIGGER " + trigger_on(change, table));
        }
    }
    BOOST_TEST(must(file.open()).head().value == 220U);
}

BOOST_AUTO_TEST_CASE(a_connection_trusts_its_file_with_nothing) {
    board_file file;
    auto connection = must(detail::sqlite_connection::open({.path = file.path.string(), .vfs = ""},
                                                           detail::sqlite_access::read_write));
    struct setting {
        int which;
        int wanted;
    };
    for (auto const& [which, wanted] :
         {setting{SQLITE_DBCONFIG_DEFENSIVE, 1}, setting{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
          setting{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, setting{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
          setting{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
          setting{SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
          setting{SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0}, setting{SQLITE_DBCONFIG_DQS_DDL, 0},
          setting{SQLITE_DBCONFIG_DQS_DML, 0}}) {
        int is = -1;
        sqlite3_db_config(connection.handle(), which, -1, &is);
        BOOST_TEST(is == wanted, "setting " << which);
    }
    BOOST_TEST(must(connection.integer("PRAGMA cell_size_check", "read")) == 1);
    BOOST_TEST(must(connection.integer("PRAGMA mmap_size", "read")) == 0);
    for (auto const& [which, most] :
         {setting{SQLITE_LIMIT_ATTACHED, 0}, setting{SQLITE_LIMIT_EXPR_DEPTH, 500},
          setting{SQLITE_LIMIT_VDBE_OP, 25'000'000}, setting{SQLITE_LIMIT_SQL_LENGTH, 1'048'576},
          setting{SQLITE_LIMIT_COLUMN, 1'000}, setting{SQLITE_LIMIT_FUNCTION_ARG, 16},
          setting{SQLITE_LIMIT_VARIABLE_NUMBER, 8'192}, setting{SQLITE_LIMIT_TRIGGER_DEPTH, 0},
          setting{SQLITE_LIMIT_WORKER_THREADS, 0}}) {
        BOOST_TEST(sqlite3_limit(connection.handle(), which, -1) == most, "limit " << which);
    }
    for (std::string const attack :
         {"SELECT load_extension('evil.so')", "ATTACH ':memory:' AS evil",
          "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql='x' WHERE name='log'",
          "SELECT \"no such column\" FROM log",
          "SELECT fts3_tokenizer('simple', x'0000000000000000')",
          "CREATE TABLE swarmlog_evil(a CHECK(swarmlog_like(a, 'x')))"}) {
        BOOST_TEST(!connection.execute(attack, "try"), attack);
    }
}

BOOST_AUTO_TEST_CASE(a_projection_under_one_of_the_stores_names_opens_nothing) {
    board_file file;
    file.plant("INSERT INTO projections VALUES('meta', 1, '', 0), ('sqlite_schema', 1, '', 0)");
    auto sql = must(sql_reader::open(file.path));
    BOOST_TEST(fails_with(sql.select("SELECT * FROM meta"), errc::invalid_argument));
    BOOST_TEST(fails_with(sql.select("SELECT * FROM sqlite_schema"), errc::invalid_argument));
    BOOST_TEST(must(sql.select("SELECT count(*) FROM cards")).rows.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
