// SQL over a log's file: what it shows, what it may not do, and what it may cost.
#include "projections/task_board.hpp"
#include "sqlite/sql/events_table.hpp"
#include "support/in_child.hpp"
#include "support/log_under_test.hpp"
#include "support/random_seed.hpp"

#include <swarmlog/backends/sql_reader.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

/// A board of cards in a file, with events of several streams, types and tags.
struct sql_board {
    explicit sql_board(log_options with = small_options()) : log("sqlite", options(with)) {}

    log_options options(log_options made) {
        projections.add(board::cards{});
        projections.add(board::tallies{});
        made.state = projections;
        return made;
    }
    void add(std::string const& id, std::int64_t weight) {
        auto to = log->make_producer();
        must(to.append("card-" + id, expected::any{}, board::card_added{id, weight, {}}));
    }
    void take(std::string const& id, std::string const& by) {
        auto to = log->make_producer();
        must(to.append("card-" + id, expected::any{}, board::card_taken{id, by}));
    }
    void fill(int cards) {
        for (int at = 0; at != cards; ++at) {
            std::string const id = std::to_string(at);
            add(id, at);
            if (at % 3 == 0) { take(id, at % 2 == 0 ? "ann" : "bob"); }
        }
    }
    [[nodiscard]] sql_reader sql(sql_limits const& limits = {}) {
        return must(sql_reader::open(log.path(), limits));
    }

    projection_set projections;
    log_under_test log;
};

/// How many steps SQLite's machine takes to find the last position.
int steps_to_the_head(std::string const& path) {
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
    BOOST_TEST_REQUIRE(
        sqlite3_prepare_v2(database, detail::head_statement, -1, &statement, nullptr) == SQLITE_OK);
    BOOST_TEST_REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
    int const steps = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return steps;
}

std::int64_t number(cell const& value) { return std::get<std::int64_t>(value); }
std::string text(cell const& value) { return std::get<std::string>(value); }

/// The first column of each row.
std::vector<std::int64_t> numbers(sql_rows const& rows) {
    std::vector<std::int64_t> made;
    for (row_cells const& row : rows.rows) { made.push_back(number(row.at(0))); }
    return made;
}

boost::test_tools::predicate_result refuses(sql_reader& sql, std::string_view statement,
                                            std::string_view part_of_message,
                                            errc code = errc::invalid_argument) {
    BOOST_TEST_INFO(statement);
    return failed_with(sql.select(statement), code, {part_of_message});
}

} // namespace

BOOST_AUTO_TEST_SUITE(sql_over_a_log)

BOOST_AUTO_TEST_CASE(projections_are_tables) {
    sql_board on;
    on.fill(10);
    auto sql = on.sql();
    auto const rows =
        must(sql.select("SELECT id, weight, taken_by FROM cards WHERE weight < ? "
                        "ORDER BY weight DESC",
                        {std::int64_t{2}}));
    BOOST_TEST(rows.columns == (std::vector<std::string>{"id", "weight", "taken_by"}),
               boost::test_tools::per_element());
    BOOST_REQUIRE(rows.rows.size() == 2U);
    BOOST_TEST((rows.rows.at(0) == row_cells{std::string{"1"}, std::int64_t{1}, std::monostate{}}));
    BOOST_TEST(
        (rows.rows.at(1) == row_cells{std::string{"0"}, std::int64_t{0}, std::string{"ann"}}));
    auto const reached = must(sql.select("SELECT name, position FROM projections ORDER BY name"));
    BOOST_REQUIRE(reached.rows.size() == 2U);
    BOOST_TEST(text(reached.rows.at(0).at(0)) == "cards");
    BOOST_TEST(number(reached.rows.at(0).at(1)) == static_cast<std::int64_t>(on.log->head().value));
}

BOOST_AUTO_TEST_CASE(events_are_rows) {
    sql_board on;
    auto to = on.log->make_producer();
    must(to.append("s", expected::any{}, raw("noted", R"({"a":1})"),
                   {.tags = {"x", "y"},
                    .metadata = R"({"m":2})",
                    .correlation_id = "c-1",
                    .occurred_at = timestamp{std::chrono::nanoseconds{77}}}));
    must(to.append("s", expected::any{}, raw("ended")));
    auto const all = all_events(*on.log);
    auto sql = on.sql();
    auto const rows = must(sql.select("SELECT * FROM events"));
    std::vector<std::string> const columns{
        "position", "stream",      "version",     "type",           "schema_version",
        "id",       "recorded_at", "occurred_at", "correlation_id", "causation_id",
        "tags",     "metadata",    "data"};
    BOOST_TEST(rows.columns == columns, boost::test_tools::per_element());
    BOOST_REQUIRE(rows.rows.size() == 2U);
    row_cells const first{std::int64_t{1},
                          std::string{"s"},
                          std::int64_t{1},
                          std::string{"noted"},
                          std::int64_t{1},
                          to_string(all.at(0).id),
                          std::int64_t{all.at(0).recorded_at.time_since_epoch().count()},
                          std::int64_t{77},
                          std::string{"c-1"},
                          std::monostate{},
                          std::string{R"(["x","y"])"},
                          std::string{R"({"m":2})"},
                          std::string{R"({"a":1})"}};
    BOOST_TEST((rows.rows.at(0) == first));
    BOOST_TEST((rows.rows.at(1).at(7) == cell{}));
    BOOST_TEST(text(rows.rows.at(1).at(10)) == "[]");
    BOOST_TEST((rows.rows.at(1).at(11) == cell{}));
    auto const tagged = must(sql.select("SELECT position FROM events WHERE tag = 'y'"));
    BOOST_TEST(numbers(tagged) == std::vector<std::int64_t>{1}, boost::test_tools::per_element());
    BOOST_TEST(must(sql.select("SELECT 1 FROM events WHERE tag = 'x' AND tag = 'y'")).rows.empty());
    // Where no tag is asked for, its column is of NULLs.
    BOOST_TEST(must(sql.select("SELECT 1 FROM events WHERE tag > 'w'")).rows.empty());
    auto const joined =
        must(sql.select("SELECT json_extract(e.data, '$.a') FROM (SELECT 1 AS p) t JOIN events e "
                        "ON e.position = t.p"));
    BOOST_TEST(numbers(joined) == std::vector<std::int64_t>{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_pushed_down_changes_no_answer) {
    sql_board on;
    on.fill(60);
    on.log.clock().advance(std::chrono::seconds{5});
    on.fill(20);
    auto const all = all_events(*on.log);
    auto sql = on.sql();
    std::mt19937_64 random{random_seed()};
    auto const pick = [&](std::size_t below) {
        return std::uniform_int_distribution<std::size_t>{0, below - 1}(random);
    };
    auto const a_number = [&](std::string_view column) -> std::string {
        static constexpr std::string_view odd[] = {
            "NULL", "-1", "0", "9223372036854775807", "-9223372036854775808", "1.5", "'7'", "'x'"};
        if (pick(8) == 0) { return std::string{odd[pick(std::size(odd))]}; }
        event const& one = all.at(pick(all.size()));
        if (column == "position") { return std::to_string(one.position.value); }
        return std::to_string(one.recorded_at.time_since_epoch().count());
    };
    auto const a_name = [&](std::string_view column) -> std::string {
        static std::string const odd[] = {"NULL", "''", "'no such'", "7",
                                          '\'' + std::string(5'000, 'l') + '\''};
        if (pick(8) == 0) { return odd[pick(std::size(odd))]; }
        event const& one = all.at(pick(all.size()));
        return '\'' + std::string{column == "stream" ? one.stream : one.type} + '\'';
    };
    // Of an expression the table learns nothing: SQLite reads every event and compares itself.
    auto const a_condition = [&](std::string& pushed, std::string& naive) {
        static constexpr std::string_view columns[] = {"position", "recorded_at", "stream", "type"};
        static constexpr std::string_view compared[] = {"=", "<", "<=", ">", ">=", "<>", "IS"};
        std::size_t const which = pick(4);
        std::string_view const column = columns[which];
        auto const value = [&] { return which < 2 ? a_number(column) : a_name(column); };
        std::string rest;
        if (pick(3) == 0) {
            rest = " IN (" + value() + ", " + value() + ", " + value() + ")";
        } else {
            rest = ' ' + std::string{compared[pick(which < 2 ? std::size(compared) : 1)]} + ' ' +
                   value();
        }
        pushed += std::string{column} + rest;
        naive += "CAST(" + std::string{column} + (which < 2 ? " AS INTEGER)" : " AS TEXT)") + rest;
    };
    for (int round = 0; round != 600; ++round) {
        std::string pushed;
        std::string naive;
        for (std::size_t left = 1 + pick(3); left != 0; --left) {
            a_condition(pushed, naive);
            if (left != 1) {
                std::string_view const with = pick(4) == 0 ? " OR " : " AND ";
                pushed += with;
                naive += with;
            }
        }
        std::string const order = pick(2) == 0 ? " ORDER BY position" : " ORDER BY position DESC";
        std::string const tail = order + (pick(3) == 0 ? " LIMIT 5 OFFSET 2" : "");
        auto const fast = must(sql.select("SELECT position FROM events WHERE " + pushed + tail));
        auto const slow = must(sql.select("SELECT position FROM events WHERE " + naive + tail));
        BOOST_TEST_INFO(pushed << tail);
        BOOST_TEST(numbers(fast) == numbers(slow), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(nothing_lies_beyond_the_last_number) {
    sql_board on;
    on.fill(3);
    auto sql = on.sql();
    for (std::string_view const column : {"position", "recorded_at"}) {
        auto const count = [&](std::string_view rest) {
            auto const all = "SELECT position FROM events WHERE ";
            return must(sql.select(all + std::string{column} + std::string{rest})).rows.size();
        };
        for (std::string_view const narrowed : {" > 1 AND ", " < 1 AND ", " = 1 AND "}) {
            std::string const before = std::string{narrowed} + std::string{column};
            BOOST_TEST(count(before + " < -9223372036854775808") == 0U);
            BOOST_TEST(count(before + " > 9223372036854775807") == 0U);
        }
        BOOST_TEST(count(" < -9223372036854775808") == 0U);
        BOOST_TEST(count(" > 9223372036854775807") == 0U);
        BOOST_TEST(count(" >= -9223372036854775808") == on.log->head().value);
        BOOST_TEST(count(" <= 9223372036854775807") == on.log->head().value);
    }
}

BOOST_AUTO_TEST_CASE(a_bound_condition_reads_only_what_it_asks_for) {
    sql_board on;
    on.fill(20);
    auto sql = on.sql();
    // SQLite's own account names the conditions that the table took.
    auto const plan = [&](std::string const& rest) {
        auto const rows = must(sql.select("EXPLAIN QUERY PLAN SELECT * FROM events " + rest));
        std::string all;
        for (row_cells const& row : rows.rows) { all += text(row.at(3)) + '\n'; }
        return all;
    };
    std::string const scan = "SCAN events VIRTUAL TABLE INDEX ";
    BOOST_TEST(plan("WHERE position = 17") == scan + "0:p=\n");
    BOOST_TEST(plan("WHERE stream = 'card-3'") == scan + "0:s=\n");
    BOOST_TEST(plan("WHERE stream IN ('card-3', 'card-4')") == scan + "0:si\n");
    BOOST_TEST(plan("WHERE type = 'card.taken' AND position > 7") == scan + "0:y=p>\n");
    BOOST_TEST(plan("WHERE tag = 'x' AND recorded_at BETWEEN 1 AND 2") == scan + "0:g=tgtl\n");
    BOOST_TEST(plan("ORDER BY position DESC LIMIT 3") == scan + "1:\n"); // and no sorting
    auto const newest =
        must(sql.select("SELECT position FROM events ORDER BY position DESC LIMIT 3"));
    auto const head = static_cast<std::int64_t>(on.log->head().value);
    BOOST_TEST(numbers(newest) == (std::vector<std::int64_t>{head, head - 1, head - 2}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_statement_sees_one_moment) {
    sql_board on;
    on.add("0", 1);
    auto sql = on.sql();
    std::jthread adding{[&](std::stop_token is_over) {
        auto to = on.log->make_producer();
        for (int at = 1; !is_over.stop_requested(); ++at) {
            auto const id = std::to_string(at);
            static_cast<void>(
                to.append("card-" + id, expected::any{}, board::card_added{id, 1, {}}));
        }
    }};
    std::int64_t most = 0;
    for (int round = 0; round != 200; ++round) {
        auto const rows =
            must(sql.select("SELECT (SELECT count(*) FROM cards), "
                            "(SELECT count(*) FROM events), "
                            "(SELECT max(position) FROM projections)"));
        row_cells const& row = rows.rows.at(0);
        BOOST_TEST((row.at(0) == row.at(1)));
        BOOST_TEST((row.at(1) == row.at(2)));
        BOOST_TEST(number(row.at(0)) >= most);
        most = number(row.at(0));
    }
}

BOOST_AUTO_TEST_CASE(the_moment_costs_as_little_in_a_long_log_as_in_a_short_one) {
    sql_board short_one;
    short_one.add("a", 1);
    short_one.log.close();
    sql_board long_one;
    long_one.fill(100); // a record for each answer that was waited for
    long_one.log.close();
    int const steps = steps_to_the_head(short_one.log.path());
    BOOST_TEST(steps > 0);
    BOOST_TEST(steps_to_the_head(long_one.log.path()) == steps);
}

BOOST_AUTO_TEST_CASE(nothing_but_reading_is_allowed) {
    sql_board on;
    on.fill(5);
    auto sql = on.sql();
    auto const before = must(sql.select("SELECT * FROM cards"));
    std::string const folder = on.log.folder().path().string();
    for (std::string const& attack :
         {std::string{"DELETE FROM cards"},
          std::string{"INSERT INTO cards(id) VALUES ('x')"},
          std::string{"UPDATE cards SET weight = 0"},
          std::string{"DROP TABLE cards"},
          std::string{"CREATE TABLE mine(a)"},
          std::string{"CREATE TEMP TABLE mine(a)"},
          std::string{"CREATE VIEW mine AS SELECT 1"},
          std::string{"CREATE TEMP TRIGGER t AFTER INSERT ON cards BEGIN SELECT 1; END"},
          std::string{"INSERT INTO events(stream) VALUES ('x')"},
          std::string{"DELETE FROM events"},
          "ATTACH '" + folder + "/other.db' AS other",
          "VACUUM INTO '" + folder + "/copy.db'",
          std::string{"DETACH main"},
          std::string{"VACUUM"},
          std::string{"REINDEX"},
          std::string{"ANALYZE"},
          std::string{"BEGIN"},
          std::string{"COMMIT"},
          std::string{"ROLLBACK"},
          std::string{"SAVEPOINT s"},
          std::string{"PRAGMA user_version"},
          std::string{"PRAGMA query_only = 0"},
          std::string{"PRAGMA writable_schema = 1"},
          std::string{"SELECT * FROM pragma_database_list"},
          std::string{"SELECT * FROM pragma_table_info('log')"},
          std::string{"SELECT load_extension('x.so')"},
          std::string{"SELECT readfile('/etc/passwd')"},
          std::string{"SELECT * FROM log"},
          std::string{"SELECT * FROM meta"},
          std::string{"SELECT * FROM sqlite_schema"},
          std::string{"SELECT count(*) FROM log"},
          std::string{"SELECT count(*) FROM LOG"},
          std::string{"SELECT count(*) FROM main.\"Log\""},
          std::string{"SELECT 1 FROM [meta]"},
          std::string{"SELECT count(*) FROM sqlite_schema"},
          std::string{"SELECT count(*) FROM dbstat"},
          std::string{"SELECT count(*) FROM pragma_table_list"},
          std::string{"SELECT * FROM sqlite_master"},
          std::string{"SELECT * FROM dbstat"},
          std::string{"SELECT (SELECT body FROM log LIMIT 1)"},
          std::string{"WITH t AS (SELECT * FROM log) SELECT * FROM t"},
          std::string{"EXPLAIN DELETE FROM cards"},
          std::string{"SELECT 1; DELETE FROM cards"},
          std::string{"SELECT 1; SELECT 2"},
          std::string{"SELECT 1; -- two\n SELECT 2"}}) {
        BOOST_TEST(refuses(sql, attack, ""));
    }
    BOOST_TEST(refuses(sql, "SELECT * FROM log", "reads \"log\""));
    BOOST_TEST(refuses(sql, "SELECT 1; SELECT 2", "more than one statement"));
    BOOST_TEST(refuses(sql, "DELETE FROM cards", "does more than read"));
    BOOST_TEST(refuses(sql, "", "no statement"));
    BOOST_TEST(refuses(sql, " ; ", "no statement"));
    BOOST_TEST(refuses(sql, "SELEC 1", "syntax error"));
    BOOST_TEST(refuses(sql, "SELECT nobody FROM cards", "no such column: nobody"));
    BOOST_TEST(refuses(sql, "SELECT ?", "1 parameters, but 0 values"));
    BOOST_TEST(refuses(sql, "SELECT x'00ff' AS bytes", "column bytes is a BLOB"));
    BOOST_TEST((must(sql.select("SELECT * FROM cards")).rows == before.rows));
    BOOST_TEST(must(sql.select("SELECT 1 ; \n")).rows.size() == 1U);
    for (auto const& entry : std::filesystem::directory_iterator{on.log.folder().path()}) {
        BOOST_TEST(entry.path().filename().string().starts_with("log.db"));
    }
}

BOOST_AUTO_TEST_CASE(values_are_never_read_as_sql) {
    sql_board on;
    std::vector<std::string> const attacks{"'; DROP TABLE cards; --",
                                           "\" OR 1=1 --",
                                           "x' UNION SELECT * FROM log --",
                                           "%",
                                           "_",
                                           "\\",
                                           "Robert'); DELETE FROM events;--",
                                           "\xC3\xA9\xE2\x82\xAC"};
    for (std::string const& each : attacks) { on.add(each, 1); }
    auto sql = on.sql();
    for (std::string const& each : attacks) {
        auto const row = must(sql.select("SELECT id FROM cards WHERE id = ?", {each}));
        BOOST_TEST(row.rows.size() == 1U);
        auto const found =
            must(sql.select("SELECT stream FROM events WHERE stream = :s", {"card-" + each}));
        BOOST_REQUIRE(found.rows.size() == 1U);
        BOOST_TEST(text(found.rows.at(0).at(0)) == "card-" + each);
    }
    BOOST_TEST(number(must(sql.select("SELECT count(*) FROM cards")).rows.at(0).at(0)) ==
               static_cast<std::int64_t>(attacks.size()));
}

BOOST_AUTO_TEST_CASE(a_statement_has_limits) {
    sql_board on;
    on.fill(30);
    auto few = on.sql({.rows_max = 5, .bytes_max = 2'000, .statement_bytes_max = 200});
    BOOST_TEST(refuses(few, "SELECT id FROM cards", "more than 5 rows"));
    BOOST_TEST(must(few.select("SELECT id FROM cards LIMIT 5")).rows.size() == 5U);
    BOOST_TEST(refuses(few, "SELECT '" + std::string(300, 'x') + "'", "the limit is 200"));
    BOOST_TEST(refuses(few, "SELECT hex(zeroblob(5000))", "2000"));
    BOOST_TEST(refuses(few,
                       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 4) "
                       "SELECT hex(zeroblob(400)) FROM n",
                       "more than 2000 bytes"));
    auto brief = on.sql({.time_max = std::chrono::milliseconds{20}});
    BOOST_TEST(refuses(brief,
                       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                       "SELECT count(*) FROM n",
                       "limit of 20 ms", errc::deadline_exceeded));
    BOOST_TEST(must(brief.select("SELECT 1")).rows.size() == 1U);
    BOOST_TEST(refuses(
        brief, std::string{"SELECT "} + std::string(150, '(') + '1' + std::string(150, ')'), ""));
}

BOOST_AUTO_TEST_CASE(what_analysis_needs_is_there) {
    sql_board on;
    on.fill(12);
    auto sql = on.sql();
    // A CTE, a join with events, a window, an array of JSON; and the same after the tables' change.
    std::string const statement =
        "WITH takers AS (SELECT json_extract(data, '$.by') AS who, position FROM events "
        "WHERE type = 'card.taken'), counted AS (SELECT who, count(*) AS taken FROM takers GROUP "
        "BY "
        "who) SELECT who, taken, rank() OVER (ORDER BY taken DESC, who), "
        "(SELECT count(*) FROM json_each('[1,2]')) FROM counted ORDER BY who";
    auto const before = must(sql.select(statement));
    BOOST_REQUIRE(before.rows.size() == 2U);
    BOOST_TEST(text(before.rows.at(0).at(0)) == "ann");
    BOOST_TEST(number(before.rows.at(0).at(1)) == 2);
    BOOST_TEST(number(before.rows.at(0).at(3)) == 2);
    must(on.projections.rebuild("cards"));
    BOOST_TEST((must(sql.select(statement)).rows == before.rows));
    BOOST_TEST(number(must(sql.select("SELECT count(*) FROM Cards")).rows.at(0).at(0)) == 12);
}

BOOST_AUTO_TEST_CASE(it_opens_what_a_log_opens) {
    temporary_folder folder;
    BOOST_TEST(failed_with(sql_reader::open(folder / "none.db"), errc::not_found));
    sql_board on;
    on.fill(3);
    on.log.close();
    auto sql = on.sql();
    BOOST_TEST(number(must(sql.select("SELECT count(*) FROM events")).rows.at(0).at(0)) == 4);
    sql_reader moved = std::move(sql);
    BOOST_TEST(number(must(moved.select("SELECT count(*) FROM events")).rows.at(0).at(0)) == 4);
}

BOOST_AUTO_TEST_CASE(what_the_events_table_cannot_narrow_is_compared_row_by_row) {
    sql_board on;
    on.fill(7);
    auto to = on.log->make_producer();
    must(to.append("tagged", expected::any{}, raw("noted"), {.tags = {"x", "y"}}));
    auto sql = on.sql();
    auto const count = [&](std::string const& condition) {
        return must(sql.select("SELECT 1 FROM events WHERE " + condition)).rows.size();
    };
    struct condition {
        std::string text;
        std::size_t rows;
    };
    for (auto const& [text, rows] :
         std::vector<condition>{{"version = 1", 8},
                                {"schema_version = 1 AND type = 'card.added'", 7},
                                {"stream > 'card-5'", 3},
                                {"stream = 'CARD-5' COLLATE NOCASE", 1},
                                {"stream LIKE 'card-%'", 10},
                                {"stream IN (NULL)", 0},
                                {"stream IN (NULL, 'card-5')", 1},
                                {"stream IN (NULL) AND type IN (NULL)", 0},
                                {"stream IN (NULL) AND type IN ('noted')", 0},
                                {"type = NULL AND stream IN ('card-5')", 0},
                                {"position > NULL AND position < NULL", 0},
                                {"position > NULL AND position < 'x'", 0},
                                {"position > 'x'", 0},
                                {"position < 'x'", 11},
                                {"tag = 'x'", 1},
                                {"tag = 'x' AND tag = 'x'", 1},
                                {"tag = 'x' AND tag = 'z'", 0},
                                {"tag = 'z'", 0},
                                {"tag = NULL", 0}}) {
        BOOST_TEST(count(text) == rows, text);
    }
    // A tag that only another row tells.
    auto const joined =
        must(sql.select("SELECT e.position FROM (SELECT 'y' AS t) s "
                        "JOIN events e ON e.tag = s.t"));
    BOOST_TEST(joined.rows.size() == 1U);
}

BOOST_AUTO_TEST_CASE(names_are_compared_in_small_letters_only) {
    sql_board on;
    on.fill(2);
    auto sql = on.sql();
    BOOST_TEST(must(sql.select("SELECT ID FROM CARDS")).rows.size() == 2U);
    BOOST_TEST(must(sql.select("WITH t2 AS (SELECT 1 AS a) SELECT count(*) FROM t2")).rows.size() ==
               1U);
    BOOST_TEST(refuses(sql, "SELECT count(*) FROM sqlite_STAT1", ""));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_damaged_under_a_reader_is_an_error) {
    struct damage {
        std::string statement;
        std::string question;
    };
    for (auto const& [statement, question] : std::vector<damage>{
             {"UPDATE log SET body = x'00'", "SELECT * FROM events"},
             {"DELETE FROM log WHERE first = 1", "SELECT * FROM events WHERE position = 1"},
             {"DROP TABLE projections", "SELECT * FROM cards"},
             {"DROP TABLE log", "SELECT 1"}}) {
        sql_board on;
        on.fill(3);
        on.log.close();
        auto sql = on.sql();
        sqlite3* file = nullptr;
        BOOST_REQUIRE(sqlite3_open(on.log.path().c_str(), &file) == SQLITE_OK);
        BOOST_TEST(sqlite3_exec(file, statement.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
                   sqlite3_errmsg(file));
        sqlite3_close(file);
        auto const answer = sql.select(question);
        BOOST_TEST_MESSAGE(statement << ": " << (answer ? "answered" : answer.error().message()));
        BOOST_TEST(!answer.has_value(), statement);
    }
}

BOOST_AUTO_TEST_CASE(functions_in_the_place_of_sqlites_have_limits) {
    sql_board on;
    on.add("1", 1);
    auto sql = on.sql({.value_bytes_max = 10'000});
    struct sample {
        std::string expression;
        std::string answer;
    };
    std::string const longest(1'000, 's');
    for (auto const& [expression, answer] :
         std::vector<sample>{{"instr('banana', 'an')", "2"},
                             {"instr('banana', 'x')", "0"},
                             {"instr('banana', '')", "1"},
                             {"instr('h\xc3\xa4\xc3\xa4n', 'n')", "4"},
                             {"instr(x'00c3a461', x'61')", "4"},
                             {"instr(x'6161', 'a')", "1"},
                             {"instr(x'', x'61')", "0"},
                             {"instr(12345, 34)", "3"},
                             {"instr(NULL, 'x')", "null"},
                             {"instr('x', '" + longest + "')", "0"},
                             {"replace('banana', 'an', 'x')", "bxxa"},
                             {"replace('abc', '', 'x')", "abc"},
                             {"replace('abc', 'x', '" + longest + "')", "abc"},
                             {"replace('x', NULL, 'y')", "null"},
                             {"trim('xxaxx', 'x')", "a"},
                             {"trim('  a  ')", "a"},
                             {"ltrim('xyxa', 'xy')", "a"},
                             {"rtrim('a\xc3\xa4\xc3\xb6', '\xc3\xb6\xc3\xa4')", "a"},
                             {"trim('xxx', 'x')", ""},
                             {"trim('abc', '')", "abc"},
                             {"ltrim('abc', NULL)", "null"},
                             {"rtrim(NULL, 'a')", "null"}}) {
        auto const rows =
            must(sql.select("SELECT coalesce(CAST(" + expression + " AS TEXT), 'null')"));
        BOOST_TEST(text(rows.rows.at(0).at(0)) == answer, expression);
    }
    for (char const* const attack :
         {"instr('x', hex(zeroblob(501)))", "replace('x', hex(zeroblob(501)), 'y')",
          "trim('x', hex(zeroblob(51)))", "ltrim('x', hex(zeroblob(51)))",
          "rtrim('x', hex(zeroblob(51)))"}) {
        BOOST_TEST(refuses(sql, std::string{"SELECT "} + attack, "what is sought in a text has 1"));
    }
    // What is made is bounded before it is made.
    for (char const* const attack : {"replace(hex(zeroblob(4000)), '0', '0123456789')",
                                     "replace('aa', 'a', hex(zeroblob(4000)))"}) {
        BOOST_TEST(refuses(sql, std::string{"SELECT "} + attack, "10000 bytes"));
    }
}

BOOST_AUTO_TEST_CASE(the_memory_that_all_statements_may_use_is_bounded) {
    sql_board on;
    on.fill(3);
    on.log.close();
    std::string many = "hex(zeroblob(400000))";
    for (int more = 0; more != 9; ++more) { many += ", hex(zeroblob(400000))"; }
    // The bound is the process's, so it is another one.
    BOOST_TEST(in_child([&] {
                   auto sql = sql_reader::open(on.log.path(), {.process_bytes_max = 3'000'000});
                   if (!sql) { return 2; }
                   auto const answer = sql->select("SELECT " + many + " FROM cards");
                   bool const is_said = !answer && answer.error() == errc::invalid_argument &&
                                        answer.error().message().find(
                                            "more memory than the "
                                            "3000000 bytes") != std::string::npos;
                   return is_said && sql->select("SELECT * FROM cards") ? 0 : 1;
               }) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
