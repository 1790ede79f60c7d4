#include "projections/board_log.hpp"

#include <boost/test/data/monomorphic.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;
using board::card;
using board::card_added;
using board::card_removed;
using board::card_taken;
using board::cards;
using board::tallies;
using board::tally;

namespace {

/// Its name is the store's own.
struct reserved_cards : cards {
    static constexpr std::string_view name = "sqlite_cards";
};

struct nobody {
    std::string id;
};
BOOST_DESCRIBE_STRUCT(nobody, (), (id))

} // namespace

BOOST_AUTO_TEST_SUITE(projections_of_a_log)

BOOST_DATA_TEST_CASE(rows_follow_from_events, all_backends, backend) {
    board_log board{backend};
    must(board.append(card_added{"7", 60, {"x", "y"}}));
    must(board.append(card_taken{"7", "ann"}));
    auto const found = must(board.log->table<card>().find("7"));
    BOOST_REQUIRE(found != nullptr);
    BOOST_TEST(found->state == board::state::taken);
    BOOST_TEST(found->weight == 60);
    BOOST_TEST(found->urgent);
    BOOST_TEST(found->taken_by.value() == "ann");
    BOOST_TEST(found->labels == (std::vector<std::string>{"x", "y"}),
               boost::test_tools::per_element());
    BOOST_TEST((found->added_at == must(board.log->read().first())->recorded_at));
    BOOST_TEST(must(board.log->table<tally>().find("ann"))->taken == 1U);
    BOOST_TEST(must(board.log->table<card>().find("8")) == nullptr);
    must(board.append(card_removed{"7"}));
    BOOST_TEST(must(board.log->table<card>().find("7")) == nullptr);
    BOOST_TEST(must(board.log->table<card>().count()) == 0U);
}

BOOST_DATA_TEST_CASE(rows_and_checkpoints_survive_a_reopen, all_backends, backend) {
    board_log board{backend};
    play(board, 1, 300);
    auto const before = must(board.log->table<card>().all());
    auto const tallies_before = must(board.log->table<tally>().all());
    board.log.reopen();
    BOOST_TEST((must(board.log->table<card>().all()) == before));
    BOOST_TEST((must(board.log->table<tally>().all()) == tallies_before));
    for (auto const& each : must(board.projections.status())) {
        BOOST_TEST((each.checkpoint == board.log->head()));
        BOOST_TEST(each.lag == 0U);
    }
}

BOOST_DATA_TEST_CASE(what_is_queued_when_the_log_closes_is_folded, all_backends, backend) {
    board_log board{backend};
    for (std::size_t round = 0; round != 20; ++round) {
        auto producer = board.log->make_producer();
        for (int step = 0; step != 50; ++step) {
            std::string const id = std::to_string(round) + "." + std::to_string(step);
            must(producer.submit("card-" + id, expected::any{}, card_added{id, step, {}}));
        }
        board.log.drop();
        BOOST_TEST(producer.flush().rejected == 0U);
        board.log.reopen();
        BOOST_TEST(must(board.log->table<card>().count()) == 50 * (round + 1));
        // The writer still tidies up after a command when its caller already closes.
        must(board.projections.drop_snapshots());
    }
}

BOOST_DATA_TEST_CASE(a_decision_sees_rows_with_what_is_staged, all_backends, backend) {
    board_log board{backend};
    must(board.append(card_added{"1", 5, {}}));
    must(board.log->decide([](decision& now) {
        auto const rows = now.table<card>();
        BOOST_TEST(must(rows.count()) == 1U);
        must(now.append("card-2", card_added{"2", 9, {}}));
        must(now.append("card-1", card_taken{"1", "ann"}));
        BOOST_TEST(must(rows.count()) == 2U);
        BOOST_TEST(must(rows.find("1"))->taken_by.value() == "ann");
        auto const taken = must(rows.query()
                                    .where(eq(&card::state, board::state::taken))
                                    .order_by(&card::weight)
                                    .all());
        BOOST_REQUIRE(taken.size() == 1U);
        BOOST_TEST(taken[0].id == "1");
        auto const heaviest =
            must(rows.query().order_by(&card::weight, descending).limit(1).first());
        BOOST_TEST(heaviest.value().id == "2");
        must(now.append("card-1", card_removed{"1"}));
        BOOST_TEST(must(rows.find("1")) == nullptr);
        BOOST_TEST(must(rows.query().where(eq(&card::state, board::state::taken)).count()) == 0U);
    }));
    BOOST_TEST(must(board.log->table<card>().count()) == 1U);
    // What a decision that fails had staged is gone.
    BOOST_TEST(!board.log->decide([](decision& now) -> result<void> {
        must(now.append("card-2", card_removed{"2"}));
        return error{errc::conflict};
    }));
    BOOST_TEST(must(board.log->table<card>().find("2")) != nullptr);
}

BOOST_DATA_TEST_CASE(a_small_cache_gives_the_same_rows, all_backends, backend) {
    projection_options options;
    options.cache_rows = 16; // one for each of the cache's shards
    board_log small{backend, options};
    board_log large{backend};
    for (std::uint64_t round = 0; round != 5; ++round) {
        play(small, 30 + round, 100);
        play(large, 30 + round, 100);
        for (int id = 0; id != 20; ++id) {
            auto const key = std::to_string(id);
            auto const one = must(small.log->table<card>().find(key));
            auto const other = must(large.log->table<card>().find(key));
            BOOST_REQUIRE((one == nullptr) == (other == nullptr));
            if (one != nullptr) {
                BOOST_TEST(one->changes == other->changes);
                BOOST_TEST(one->state == other->state);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(inline_projections_share_a_reader_however_many_they_are) {
    projection_set projections;
    projections.add(cards{}).add(tallies{});
    temporary_folder const folder;
    sqlite_log_options options;
    options.state = projections;
    options.store.readers_max = 1;
    options.store.reader_wait_max = std::chrono::milliseconds{0};
    for (int round = 0; round != 3; ++round) { // nothing is in memory when it is opened
        auto log = must(open_sqlite(folder / "log.db", options));
        auto to = log.make_producer();
        must(to.append("card-1", expected::any{}, card_added{"1", round, {}}));
        must(to.append("card-1", expected::any{}, card_taken{"1", "ann"}));
        BOOST_TEST(must(log.table<tally>().find("ann"))->taken ==
                   static_cast<std::uint64_t>(round) + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_set_that_no_log_can_serve_is_refused_at_open) {
    projection_set twice;
    twice.add(cards{}).add(cards{});
    BOOST_TEST(failed_with(open_memory({.state = twice}), errc::invalid_argument,
                           {"two projections are named cards"}));
    projection_set reserved;
    reserved.add(reserved_cards{});
    BOOST_TEST(failed_with(open_memory({.state = reserved}), errc::invalid_argument,
                           {"sqlite_cards", "the store's own"}));
    projection_set never{{.batch_events = 0}};
    never.add(cards{});
    BOOST_TEST(
        failed_with(open_memory({.state = never}), errc::invalid_argument, {"batch_events is 0"}));
    projection_set shared;
    shared.add(cards{});
    {
        event_log const first = must(open_memory({.state = shared}));
        BOOST_TEST(failed_with(open_memory({.state = shared}), errc::invalid_argument,
                               {"serve another open log"}));
        BOOST_TEST(must(first.table<card>().count()) == 0U);
    }
    must(must(open_memory({.state = shared})).table<card>().count());
}

BOOST_AUTO_TEST_CASE(what_a_set_does_not_have_is_not_found) {
    board_log board{"memory", {}, true};
    must(board.append(card_added{"1", 5, {}}));
    projection_set const& of = board.projections;
    position const head = board.log->head();
    std::string_view const known = "there are: cards, tallies";
    BOOST_TEST(failed_with(of.wait_until("no", head, std::chrono::milliseconds{0}), errc::not_found,
                           {known}));
    BOOST_TEST(failed_with(of.table_of("no"), errc::not_found, {known}));
    BOOST_TEST(failed_with(of.diff("no", position{}, head), errc::not_found, {known}));
    BOOST_TEST(failed_with(of.diff("cards", head.next(), head), errc::invalid_argument));
    BOOST_TEST(failed_with(of.diff("cards", head, head.next()), errc::invalid_argument));
    as_of_view const then = must(of.as_of(head));
    BOOST_TEST(failed_with(then.cells("no"), errc::not_found, {known}));
    BOOST_TEST(failed_with(then.table<nobody>().all(), errc::not_found));
    BOOST_TEST(failed_with(then.find<nobody>("1"), errc::not_found));
    BOOST_TEST(failed_with(of.table<nobody>().find("1"), errc::not_found));
    BOOST_TEST(failed_with(of.table<nobody>().count(), errc::not_found));
    BOOST_TEST(must(of.table_of("cards")).columns.size() == 9U);
    // A decision sees the inline ones alone.
    must(board.log->decide([](decision& now) {
        BOOST_TEST(must(now.table<card>().count()) == 1U);
        BOOST_TEST(failed_with(now.table<tally>().count(), errc::not_found, {"inline"}));
        BOOST_TEST(failed_with(now.table<nobody>().all(), errc::not_found));
    }));
    BOOST_TEST(failed_with(of.staged_table<nobody>().all(), errc::not_found));
    projection_set empty;
    BOOST_TEST(failed_with(empty.table_of("no"), errc::not_found, {"there are: none"}));
}

BOOST_AUTO_TEST_CASE(without_an_open_log_a_set_answers_closed) {
    board_log board{"memory"};
    must(board.append(card_added{"1", 5, {}}));
    as_of_view const then = must(board.projections.as_of(board.log->head()));
    auto const table = board.log->table<card>();
    board.log.close();
    projection_set& of = board.projections;
    auto const wait_max = std::chrono::milliseconds{0};
    BOOST_TEST(failed_with(of.status(), errc::closed));
    BOOST_TEST(failed_with(of.wait_until("cards", position{}, wait_max), errc::closed));
    BOOST_TEST(failed_with(of.rebuild("cards"), errc::closed));
    BOOST_TEST(failed_with(of.as_of(position{}), errc::closed));
    BOOST_TEST(failed_with(of.as_of(timestamp{}), errc::closed));
    BOOST_TEST(failed_with(of.diff("cards", position{}, position{}), errc::closed));
    BOOST_TEST(failed_with(of.drop_snapshots(), errc::closed));
    BOOST_TEST(failed_with(table.find("1"), errc::closed));
    BOOST_TEST(failed_with(table.count(), errc::closed));
    BOOST_TEST(failed_with(then.table<card>().all(), errc::closed));
    BOOST_TEST(failed_with(then.find<card>("1"), errc::closed));
}

BOOST_AUTO_TEST_CASE(a_reading_handle_rebuilds_nothing) {
    board_log board{"sqlite"};
    must(board.append(card_added{"1", 5, {}}));
    must(board.append(card_taken{"1", "ann"}));
    position const head = board.log->head();
    projection_set reading{{.snapshot_events = 1}};
    reading.add(cards{}).add(tallies{});
    sqlite_log_options options;
    options.state = reading;
    event_log const log = must(open_sqlite_read_only(board.log.path(), options));
    BOOST_TEST(must(log.table<card>().find("1"))->taken_by.value() == "ann");
    BOOST_TEST(must(log.table<card>().all()).size() == 1U);
    BOOST_TEST(failed_with(reading.rebuild("cards"), errc::read_only));
    as_of_view const then = must(reading.as_of(position{1}));
    BOOST_TEST(!must(then.table<card>().all()).front().taken_by.has_value());
    BOOST_TEST(must(then.table<card>().find("1"))->weight == 5);
    BOOST_TEST(must(then.table<card>().find("2")) == nullptr);
    BOOST_TEST(must(then.table<card>().count()) == 1U);
    for (auto const& each : must(reading.status())) { BOOST_TEST((each.checkpoint == head)); }
    // Its snapshots would have to be written.
    BOOST_TEST(must(must(board.log->as_of(position{1})).table<card>().count()) == 1U);
}

BOOST_DATA_TEST_CASE(a_condition_on_a_value_that_no_column_holds_is_an_error, all_backends,
                     backend) {
    board_log board{backend};
    must(board.append(card_added{"1", 5, {}}));
    board::state const unnamed{9};
    auto const bad = [&] { return eq(&card::state, unnamed); };
    auto const good = [&] { return eq(&card::weight, 5); };
    event_log& log = *board.log;
    auto const answers = [&log](predicate<card> const& condition) {
        auto const query = log.query<card>().where(condition);
        std::string_view const reason = "has no name";
        BOOST_TEST(failed_with(query.all(), errc::invalid_argument, {reason}));
        BOOST_TEST(failed_with(query.count(), errc::invalid_argument, {reason}));
        BOOST_TEST(failed_with(query.first(), errc::invalid_argument, {reason}));
        BOOST_TEST(failed_with(query.for_each([](card const&) { return true; }),
                               errc::invalid_argument, {reason}));
        BOOST_TEST(failed_with(query.aggregate(count_of_rows()), errc::invalid_argument, {reason}));
    };
    answers(bad());
    answers(!bad());
    answers(bad() && good());
    answers(good() && bad());
    answers(good() || bad());
    answers(in(&card::state, {board::state::open, unnamed}));
    BOOST_TEST(must(board.log->query<card>().where(good()).count()) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
