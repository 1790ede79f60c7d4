// What a `select` of somebody else's can reach, and what it can cost.
#include "projections/task_board.hpp"
#include "support/log_under_test.hpp"

#include <swarmlog/backends/sql_reader.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

struct attacked_board {
    attacked_board() : log("sqlite", options()) {
        auto to = log->make_producer();
        for (int card = 0; card != 50; ++card) {
            std::string const id = std::to_string(card);
            must(to.append("card-" + id, expected::any{}, board::card_added{id, card, {}}));
        }
        log.close();
        before = bytes();
    }
    log_options options() {
        projections.add(board::cards{});
        log_options made;
        made.state = projections;
        return made;
    }
    [[nodiscard]] sql_reader sql(sql_limits const& limits = {}) const {
        return must(sql_reader::open(log.path(), limits));
    }
    [[nodiscard]] std::string bytes() const {
        std::ifstream file{log.path(), std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    /// The file and its folder are as they were; opening may have made the empty helpers of reading.
    void check_untouched() const {
        BOOST_TEST((bytes() == before));
        for (auto const& entry : std::filesystem::directory_iterator{log.folder().path()}) {
            std::string const name = entry.path().filename().string();
            BOOST_TEST((name == "log.db" || name == "log.db.lock" || name == "log.db-shm" ||
                        (name == "log.db-wal" && entry.file_size() == 0)),
                       name);
        }
    }

    projection_set projections;
    log_under_test log;
    std::string before;
};

/// A sequence without an end.
constexpr std::string_view endless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) ";

std::vector<std::string> reaching_out() {
    return {
        "ATTACH '/etc/passwd' AS p",
        "ATTACH ':memory:' AS m",
        "SELECT load_extension('evil.so')",
        "SELECT load_extension('evil.so', 'entry')",
        "PRAGMA writable_schema=ON",
        "PRAGMA trusted_schema=ON",
        "PRAGMA query_only=OFF",
        "PRAGMA temp_store_directory='/tmp'",
        "PRAGMA journal_mode=DELETE",
        "PRAGMA user_version=9",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA hard_heap_limit=1",
        "SELECT * FROM pragma_table_xinfo('log')",
        "SELECT * FROM pragma_function_list",
        "SELECT * FROM pragma_database_list",
        "SELECT name FROM sqlite_schema",
        "SELECT name FROM main.sqlite_master",
        "SELECT name FROM temp.sqlite_schema",
        "SELECT name FROM sqlite_temp_master",
        "SELECT rowid FROM sqlite_schema",
        "SELECT * FROM cards, sqlite_schema",
        "SELECT * FROM cards WHERE id IN (SELECT name FROM sqlite_schema)",
        "SELECT * FROM cards UNION ALL SELECT * FROM meta",
        "SELECT value FROM meta",
        "SELECT EXISTS(SELECT 1 FROM log)",
        "SELECT * FROM snapshots",
        "SELECT * FROM checkpoints",
        "SELECT * FROM index_blocks",
        "SELECT * FROM dbstat",
        "SELECT * FROM sqlite_stmt",
        "SELECT * FROM bytecode('SELECT 1')",
        "SELECT * FROM fts3tokenize('simple')",
        "SELECT * FROM generate_series(1, 10)",
        "UPDATE sqlite_schema SET sql = ''",
        "INSERT INTO cards(id) VALUES ('evil')",
        "REPLACE INTO cards(id) VALUES ('evil')",
        "DELETE FROM log",
        "WITH t AS (SELECT 1) DELETE FROM cards",
        "DELETE FROM cards RETURNING id",
        "INSERT INTO cards(id) VALUES ('evil') RETURNING id",
        "UPDATE cards SET weight = 1 RETURNING id",
        "CREATE TEMP TABLE t AS SELECT * FROM cards",
        "CREATE TABLE t AS SELECT * FROM cards",
        "CREATE VIRTUAL TABLE t USING fts5(a)",
        "DROP TABLE cards",
        "ALTER TABLE cards RENAME TO mine",
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "ANALYZE",
        "REINDEX",
        "BEGIN EXCLUSIVE",
        "COMMIT",
        "END",
        "ROLLBACK",
        "SAVEPOINT a",
        "RELEASE a",
        "EXPLAIN DELETE FROM cards",
        "SELECT 1; DELETE FROM cards",
        "SELECT 1;;;DELETE FROM cards",
        "SELECT 1 /* */; -- \n DELETE FROM cards",
        "SELECT sqlite_version()",
        "SELECT sqlite_source_id()",
        "SELECT sqlite_compileoption_get(1)",
        "SELECT changes()",
        "SELECT total_changes()",
        "SELECT last_insert_rowid()",
        "SELECT sqlite_log(1, 'x')",
        "SELECT fts3_tokenizer('simple')",
        "SELECT fts3_tokenizer('simple', x'00')",
        "SELECT fts5(1)",
        "SELECT rtreecheck('log')",
        "SELECT rtreenode(2, x'00')",
        "SELECT rtreedepth(x'00')",
        "SELECT swarmlog_like('a', 'b')",
        "SELECT json_patch('{}', '{}')",
        "SELECT subtype(1)",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('evil', 'x')",
        "SELECT edit('x')",
        "SELECT \"no such column\" FROM cards",
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(sql_attack)

BOOST_AUTO_TEST_CASE(a_select_reaches_nothing_but_rows) {
    attacked_board on;
    {
        auto sql = on.sql();
        for (std::string const& attack : reaching_out()) {
            BOOST_TEST_INFO(attack);
            BOOST_TEST(failed_with(sql.select(attack), errc::invalid_argument));
        }
        BOOST_TEST(must(sql.select("SELECT * FROM cards")).rows.size() == 50U);
    }
    on.check_untouched();
}

BOOST_AUTO_TEST_CASE(a_statement_without_an_end_is_cut_off) {
    attacked_board on;
    auto sql = on.sql({.time_max = std::chrono::milliseconds{50}});
    std::string const from_itself =
        "SELECT count(*) FROM events a, events b, events c, events d, events e, events f";
    for (std::string const& attack :
         {std::string{endless} + "SELECT count(*) FROM n",
          std::string{endless} + "SELECT max(i) FROM n",
          std::string{endless} + "SELECT count(DISTINCT i) FROM n",
          std::string{endless} + "SELECT sum(length(hex(randomblob(1000)))) FROM n",
          std::string{endless} + "SELECT i FROM n WHERE i < 0", from_itself,
          std::string{"SELECT count(*) FROM cards a, cards b, cards c, cards d, cards e, cards f"},
          std::string{endless} + "SELECT i FROM n ORDER BY random()"}) {
        BOOST_TEST_INFO(attack);
        BOOST_TEST(failed_with(sql.select(attack), errc::deadline_exceeded, {"limit of 50 ms"}));
    }
    BOOST_TEST(must(sql.select("SELECT 1")).rows.size() == 1U);
}

BOOST_AUTO_TEST_CASE(values_and_answers_have_sizes) {
    attacked_board on;
    auto sql = on.sql({.rows_max = 1'000, .bytes_max = 100'000, .value_bytes_max = 10'000});
    std::string const many = std::string{endless} + "SELECT ";
    for (std::string const& attack :
         {std::string{"SELECT zeroblob(1000000000)"},
          std::string{"SELECT hex(zeroblob(1000000000))"},
          std::string{"SELECT hex(zeroblob(9000))"}, std::string{"SELECT randomblob(1000000000)"},
          std::string{"SELECT replace(hex(zeroblob(4000)), '0', '0123456789')"},
          std::string{"SELECT quote(zeroblob(9000))"},
          std::string{"SELECT group_concat(hex(zeroblob(500))) FROM cards"},
          std::string{"SELECT group_concat(id, hex(zeroblob(500))) FROM cards"},
          std::string{"WITH RECURSIVE s(t) AS (SELECT 'x' UNION ALL SELECT t || t FROM s) "
                      "SELECT max(length(t)) FROM s"}}) {
        BOOST_TEST_INFO(attack);
        BOOST_TEST(failed_with(sql.select(attack), errc::invalid_argument, {"10000 bytes"}));
    }
    // These answer nothing in the place of what is too long.
    for (char const* const attack :
         {"SELECT printf('%.*c', 1000000000, 'x')", "SELECT printf('%1000000000d', 1)",
          "SELECT format('%-20000s|', 'x')", "SELECT printf('%.1000000000f', 1.0)"}) {
        BOOST_TEST((must(sql.select(attack)).rows.at(0).at(0) == cell{}), attack);
    }
    BOOST_TEST(failed_with(sql.select(many + "i FROM n"), errc::invalid_argument, {"1000 rows"}));
    BOOST_TEST(failed_with(sql.select(many + "hex(zeroblob(2000)) FROM n"), errc::invalid_argument,
                           {"more than 100000 bytes"}));
}

BOOST_AUTO_TEST_CASE(a_function_call_is_short) {
    attacked_board on;
    auto sql = on.sql();
    std::string const text = "hex(zeroblob(1000000))";
    for (std::string const& attack :
         {"SELECT instr(" + text + ", hex(zeroblob(400000)) || '1')",
          "SELECT replace(" + text + ", hex(zeroblob(400000)) || '1', 'x')",
          "SELECT trim(" + text + ", hex(zeroblob(400000)))",
          "SELECT ltrim(" + text + ", hex(zeroblob(400000)))",
          "SELECT rtrim(" + text + ", hex(zeroblob(400000)))", "SELECT " + text + " LIKE " + text,
          "SELECT " + text + " GLOB '*' || " + text,
          "SELECT " + text + " LIKE '%" + std::string(200, '_') + "'"}) {
        BOOST_TEST_INFO(attack);
        BOOST_TEST(failed_with(sql.select(attack), errc::invalid_argument));
    }
    // The longest that are allowed end by themselves.
    std::string pattern;
    for (int part = 0; part != 33; ++part) { pattern += "%0_"; }
    must(sql.select("SELECT " + text + " LIKE '" + pattern + "1'"));
    must(sql.select("SELECT " + text + " GLOB '" + std::string(90, '*') + "1'"));
    must(sql.select("SELECT instr(" + text + ", '" + std::string(999, '0') + "1')"));
    must(sql.select("SELECT length(trim(" + text + ", '" + std::string(99, '1') + "0'))"));
}

BOOST_AUTO_TEST_CASE(statements_have_a_shape) {
    attacked_board on;
    auto sql = on.sql();
    std::string deep = "1";
    for (int level = 0; level != 200; ++level) { deep = "abs(" + deep + ")"; }
    std::string wide = "1";
    for (int column = 0; column != 300; ++column) { wide += ",1"; }
    std::string compound = "SELECT 1";
    for (int part = 0; part != 100; ++part) { compound += " UNION SELECT 1"; }
    std::string joined = "SELECT 1 FROM cards";
    for (int part = 0; part != 100; ++part) { joined += ", cards c" + std::to_string(part); }
    std::string const parameter = "SELECT ?2000";
    for (std::string const& attack :
         {"SELECT " + deep, "SELECT " + wide, compound, joined, parameter,
          "SELECT max(" + wide + ")", "SELECT '" + std::string(70'000, 'x') + "'"}) {
        BOOST_TEST(failed_with(sql.select(attack), errc::invalid_argument), attack.substr(0, 40));
    }
}

BOOST_AUTO_TEST_CASE(functions_in_the_place_of_sqlites_answer_as_they_do) {
    attacked_board on;
    auto sql = on.sql();
    struct sample {
        std::string expression;
        std::string answer; ///< as SQLite's own functions gave it
    };
    for (auto const& [expression, answer] :
         std::vector<sample>{{"instr('banana', 'an')", "2"},
                             {"instr('banana', 'x')", "0"},
                             {"instr('banana', '')", "1"},
                             {"instr('h\xc3\xa4\xc3\xa4n', 'n')", "4"},
                             {"instr(x'00c3a461', x'61')", "4"},
                             {"instr(12345, 34)", "3"},
                             {"instr(NULL, 'x')", ""},
                             {"instr('x', NULL)", ""},
                             {"replace('banana', 'an', 'x')", "bxxa"},
                             {"replace('aaa', 'a', '')", ""},
                             {"replace('abc', '', 'x')", "abc"},
                             {"replace(12321, 2, 0)", "10301"},
                             {"replace('x', NULL, 'y')", ""},
                             {"trim('xxaxx', 'x')", "a"},
                             {"trim('  a  ')", "a"},
                             {"ltrim('xyxa', 'xy')", "a"},
                             {"rtrim('a\xc3\xa4\xc3\xb6', '\xc3\xb6\xc3\xa4')", "a"},
                             {"trim('xxx', 'x')", ""},
                             {"trim('abc', '')", "abc"},
                             {"rtrim('a', NULL)", ""}}) {
        auto const rows = must(sql.select("SELECT coalesce(CAST(" + expression + " AS TEXT), '')"));
        BOOST_TEST(std::get<std::string>(rows.rows.at(0).at(0)) == answer, expression);
    }
    BOOST_TEST((must(sql.select("SELECT typeof(instr('a', NULL))")).rows.at(0).at(0) ==
                cell{std::string{"null"}}));
}

BOOST_AUTO_TEST_SUITE_END()
