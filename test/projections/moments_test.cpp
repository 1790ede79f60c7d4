#include "projections/board_log.hpp"

#include <boost/test/data/monomorphic.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;
using board::card;
using board::card_added;
using board::card_removed;
using board::card_taken;
using board::tally;

BOOST_AUTO_TEST_SUITE(projections_of_a_log)

BOOST_DATA_TEST_CASE(as_of_gives_the_rows_of_that_moment, all_backends, backend) {
    projection_options options;
    options.snapshot_events = 64;
    board_log board{backend, options};
    std::vector<std::pair<position, std::vector<card>>> moments;
    for (std::uint64_t round = 0; round != 6; ++round) {
        play(board, 10 + round, 50);
        moments.emplace_back(board.log->head(), must(board.log->table<card>().all()));
    }
    for (int pass = 0; pass != 3; ++pass) {
        for (std::pair<position, std::vector<card>> const& moment : moments) {
            std::vector<card> const& rows = moment.second;
            as_of_view const then = must(board.log->as_of(moment.first));
            BOOST_TEST((must(then.table<card>().all()) == rows));
            for (card const& row : rows) {
                auto const one = must(must(board.log->as_of(moment.first)).find<card>(row.id));
                BOOST_REQUIRE(one != nullptr);
                BOOST_TEST((*one == row));
            }
            BOOST_TEST(must(then.find<card>("none")) == nullptr);
        }
        // The first pass stores snapshots, the second uses them, the third does without.
        if (pass == 1) { must(board.projections.drop_snapshots()); }
    }
    BOOST_TEST(failed_with(board.log->as_of(board.log->head().next()), errc::invalid_argument,
                           {"beyond"}));
}

BOOST_AUTO_TEST_CASE(damaged_snapshots_change_no_answer) {
    projection_options options;
    options.snapshot_events = 64;
    board_log board{"sqlite", options};
    play(board, 31, 400);
    position const then{300};
    auto const expected = must(must(board.log->as_of(then)).table<card>().all());
    for (char const* damage : {"zeroblob(length(body))", "substr(body, 1, length(body) / 2)", "x''",
                               "substr(body, 1, length(body) - 1) || x'ff'"}) {
        board.log.close();
        sqlite3* file = nullptr;
        BOOST_REQUIRE(sqlite3_open(board.log.path().c_str(), &file) == SQLITE_OK);
        std::string const sql =
            std::string{"UPDATE snapshots SET body=CAST("} + damage + " AS BLOB)";
        BOOST_TEST(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        BOOST_TEST(sqlite3_changes(file) > 0);
        sqlite3_close(file);
        board.log.reopen();
        auto const rows = must(must(board.log->as_of(then)).table<card>().all());
        BOOST_TEST((rows == expected));
    }
}

BOOST_DATA_TEST_CASE(a_diff_leads_from_one_moment_to_the_other, all_backends, backend) {
    board_log board{backend};
    must(board.append(card_added{"1", 5, {}}));
    must(board.append(card_added{"2", 6, {}}));
    position const then = board.log->head();
    must(board.append(card_taken{"1", "ann"}));
    must(board.append(card_removed{"2"}));
    must(board.append(card_added{"3", 7, {}}));
    auto const changes = must(board.projections.diff("cards", then, board.log->head()));
    BOOST_REQUIRE(changes.size() == 3U);
    BOOST_TEST((changes[0].what == row_change::kind::changed));
    BOOST_REQUIRE(changes[0].fields.size() == 3U);
    BOOST_TEST(changes[0].fields[0].column == "state");
    BOOST_TEST((changes[0].fields[0].before == cell{"open"}));
    BOOST_TEST((changes[0].fields[0].after == cell{"taken"}));
    BOOST_TEST((changes[1].what == row_change::kind::removed));
    BOOST_TEST((changes[2].what == row_change::kind::added));
    BOOST_TEST(must(board.projections.diff("cards", then, then)).empty());
}

BOOST_DATA_TEST_CASE(a_moment_shows_rows_by_key_and_by_count, all_backends, backend) {
    board_log board{backend};
    must(board.append(card_added{"1", 5, {}}));
    must(board.append(card_taken{"1", "ann"}));
    // Another card in the same stream.
    must(board.log->make_producer().append("card-1", expected::any{}, card_added{"2", 6, {}}));
    position const then_at = board.log->head();
    must(board.append(card_removed{"1"}));
    as_of_view const then = must(board.log->as_of(then_at));
    as_of_view const now = must(board.log->as_of(board.log->head()));
    BOOST_TEST(must(then.find<tally>("ann"))->taken == 1U);
    BOOST_TEST(must(then.find<tally>("bob")) == nullptr);
    BOOST_TEST(must(then.find<card>("1"))->weight == 5);
    BOOST_TEST(must(now.find<card>("1")) == nullptr);
    BOOST_TEST(must(then.table<card>().find("2"))->weight == 6);
    BOOST_TEST(must(then.table<card>().find("3")) == nullptr);
    BOOST_TEST(must(then.table<card>().count()) == 2U);
    BOOST_TEST(must(then.query<card>().where(gt(&card::weight, 5)).count()) == 1U);
    BOOST_TEST(must(then.cells("cards"))->size() == 2U);
    BOOST_TEST((must(then.cells("cards")) == must(then.cells("cards"))));
    // Rows that come before, between and after others.
    auto const back = must(board.projections.diff("cards", board.log->head(), then_at));
    BOOST_REQUIRE(back.size() == 1U);
    BOOST_TEST((back[0].what == row_change::kind::added));
    auto const gone = must(board.projections.diff("cards", then_at, position{}));
    BOOST_REQUIRE(gone.size() == 2U);
    BOOST_TEST((gone[1].what == row_change::kind::removed));
}

BOOST_AUTO_TEST_SUITE_END()
