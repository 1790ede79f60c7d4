#include "projections/task_board.hpp"
#include "support/log_under_test.hpp"

#include <boost/test/data/monomorphic.hpp>

#include <sqlite3.h>

#include <future>
#include <random>
#include <utility>

using namespace swarmlog;
using namespace swarmlog::test;
using board::card;
using board::card_added;
using board::card_done;
using board::card_removed;
using board::card_taken;
using board::cards;
using board::tallies;
using board::tally;

namespace {

struct board_log {
    explicit board_log(std::string_view backend, projection_options given = {},
                       bool async_tally = false)
        : projections(std::move(given)), log(backend, options(async_tally)) {}

    log_options options(bool async_tally) {
        projections.add(cards{});
        if (async_tally) {
            projections.add_async(tallies{});
        } else {
            projections.add(tallies{});
        }
        log_options made = small_options();
        made.state = projections;
        return made;
    }

    template <class Event>
    result<receipt> append(Event const& event) {
        return log->make_producer().append("card-" + event.id, expected::any{}, event);
    }

    projection_set projections;
    log_under_test log;
};

/// A few hundred random events over some cards.
void play(board_log& board, std::uint64_t seed, int steps) {
    std::mt19937_64 random{seed};
    auto producer = board.log->make_producer();
    for (int step = 0; step != steps; ++step) {
        std::string const id = std::to_string(random() % 20);
        std::string const stream = "card-" + id;
        switch (random() % 5) {
        case 0:
            must(producer.submit(stream, expected::any{},
                                 card_added{id,
                                            static_cast<std::int64_t>(random() % 100),
                                            {"a", std::to_string(random() % 3)}}));
            break;
        case 1:
        case 2:
            must(producer.submit(stream, expected::any{},
                                 card_taken{id, "p" + std::to_string(random() % 4)}));
            break;
        case 3: must(producer.submit(stream, expected::any{}, card_done{id})); break;
        default: must(producer.submit(stream, expected::any{}, card_removed{id})); break;
        }
    }
    BOOST_REQUIRE(producer.flush().rejected == 0);
}

/// Stores what no column can hold: of a weight of 99, and of labels that are broken.
struct careless_cards {
    static constexpr std::string_view name = "cards";
    static constexpr std::uint32_t version = 1;
    using row_type = card;
    static constexpr auto key = &card::id;
    using handles = event_types<card_added>;

    void apply(card_added const& event, event_view const&, rows<card>& all) const {
        card row;
        row.id = event.id;
        row.weight = event.weight;
        if (event.weight == 99) { row.state = static_cast<board::state>(99); }
        row.labels = event.labels;
        if (event.labels == std::vector<std::string>{"broken"}) { row.labels = {"\xff"}; }
        all.put(std::move(row));
    }
};

struct careless_log {
    explicit careless_log(std::string_view backend) : log{backend, made()} {}
    pending_append send(card_added const& card) {
        return must(to.try_append("s", expected::any{}, card));
    }
    log_options made() {
        projections.add(careless_cards{});
        log_options options = by_hand();
        options.state = projections;
        return options;
    }

    projection_set projections;
    log_under_test log;
    producer to = log->make_producer();
};

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

BOOST_DATA_TEST_CASE(an_apply_that_throws_rejects_that_append_alone, all_backends, backend) {
    board_log board{backend};
    auto producer = board.log->make_producer();
    auto const make = [&](char const* id, std::int64_t weight) {
        append_request request;
        request.add(std::string{"card-"} + id, card_added{id, 1, {}});
        request.add(std::string{"card-"} + id, card_added{id, weight, {}});
        return request;
    };
    must(producer.submit(make("1", 5)));
    must(producer.submit(make("2", -5)));
    must(producer.submit(make("3", 7)));
    auto const summary = producer.flush();
    BOOST_TEST(summary.rejected == 1U);
    BOOST_TEST(failed_with(result<void>{summary.first_failure}, errc::projection_failed,
                           {"cards", "negative weight"}));
    BOOST_TEST(must(board.log->table<card>().count()) == 2U);
    BOOST_TEST(must(board.log->table<card>().find("2")) == nullptr);
    BOOST_TEST(must(board.log->table<card>().find("3"))->weight == 7);
    BOOST_TEST(must(board.log->version_of("card-2")).value == 0U);
    BOOST_TEST(board.log->head().value == 4U);
}

BOOST_DATA_TEST_CASE(a_row_that_no_table_keeps_rejects_that_append_alone, all_backends, backend) {
    projection_set projections;
    projections.add(cards{}).add(tallies{});
    log_options options = by_hand();
    options.state = projections;
    log_under_test log{backend, options};
    auto to = log->make_producer();
    auto const send = [&](std::string_view data) {
        return must(to.try_append("s", expected::any{}, raw("card.added", data)));
    };
    // One group: JSON may say a zero byte, and a column of text cannot.
    auto before = send(R"({"id":"1","weight":1,"labels":[]})");
    auto bad = send(R"({"id":"x\u0000y","weight":1,"labels":[]})");
    auto after = send(R"({"id":"2","weight":2,"labels":["\u0000"]})");
    BOOST_TEST(log->run_once());
    must(before.get());
    must(after.get());
    BOOST_TEST(failed_with(bad.get(), errc::projection_failed, {"cards", "zero byte"}));
    auto next = send(R"({"id":"3","weight":3,"labels":[]})");
    BOOST_TEST(log->run_once());
    must(next.get());
    BOOST_TEST(must(log->table<card>().all()).size() == 3U);
    BOOST_TEST(must(projections.rebuild("cards")).is_identical);
}

BOOST_DATA_TEST_CASE(an_enumerator_without_a_name_rejects_that_append_alone, all_backends,
                     backend) {
    careless_log log{backend};
    auto before = log.send({"1", 1, {}});
    auto bad = log.send({"2", 99, {}});
    auto after = log.send({"3", 3, {}});
    BOOST_TEST(log.log->run_once());
    must(before.get());
    must(after.get());
    BOOST_TEST(failed_with(bad.get(), errc::projection_failed, {"state", "no name"}));
    BOOST_TEST(must(log.log->table<card>().all()).size() == 2U);
}

BOOST_DATA_TEST_CASE(json_that_cannot_be_written_rejects_its_group, all_backends, backend) {
    careless_log log{backend};
    auto before = log.send({"1", 1, {}});
    auto bad = log.send({"2", 2, {"broken"}});
    BOOST_TEST(log.log->run_once());
    BOOST_TEST(failed_with(before.get(), errc::projection_failed, {"labels"}));
    BOOST_TEST(failed_with(bad.get(), errc::projection_failed, {"labels"}));
    BOOST_TEST(log.log->head().value == 0U);
    auto next = log.send({"1", 1, {}});
    BOOST_TEST(log.log->run_once());
    must(next.get());
    BOOST_TEST(must(log.log->table<card>().all()).size() == 1U);
}

BOOST_DATA_TEST_CASE(a_rejected_append_leaves_rows_as_its_group_had_them, all_backends, backend) {
    board_log board{backend};
    auto producer = board.log->make_producer();
    must(producer.submit("card-1", expected::any{}, card_added{"1", 5, {"x"}}));
    for (int round = 0; round != 50; ++round) {
        must(producer.submit("card-1", expected::any{},
                             card_taken{"1", "p" + std::to_string(round)}));
        append_request half;
        half.add("card-1", card_taken{"1", "nobody"});
        half.add("card-1", card_done{"1"});
        half.add("card-1", round % 2 == 0 ? card_added{"1", 99, {}} : card_added{"2", 99, {}});
        half.add("card-1", card_removed{"1"});
        half.add("card-1", card_added{"3", -1, {}}); // throws
        must(producer.submit(std::move(half)));
    }
    BOOST_TEST(producer.flush().rejected == 50U);
    auto const found = must(board.log->table<card>().find("1"));
    BOOST_REQUIRE(found != nullptr);
    BOOST_TEST(found->state == board::state::taken);
    BOOST_TEST(found->taken_by.value() == "p49");
    BOOST_TEST(found->weight == 5);
    BOOST_TEST(found->changes == 50U);
    BOOST_TEST(must(board.log->table<card>().count()) == 1U);
    BOOST_TEST(must(board.log->table<tally>().find("nobody")) == nullptr);
    BOOST_TEST(must(board.projections.rebuild("cards")).is_identical);
    BOOST_TEST(must(board.projections.rebuild("tallies")).is_identical);
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

BOOST_DATA_TEST_CASE(a_projection_that_comes_later_catches_up_at_open, all_backends, backend) {
    board_log whole{backend};
    play(whole, 2, 300);
    // The same events in a log that learns of the projections afterwards.
    log_under_test late{backend, small_options()};
    {
        auto producer = late->make_producer();
        for (event_view const& event : whole.log->read()) {
            must(producer.submit(event.stream, expected::any{}, raw_event{event.type, event.data}));
        }
        BOOST_REQUIRE(producer.flush().rejected == 0);
    }
    projection_set added{{.batch_events = 16}};
    added.add(tallies{});
    late.options().state = added;
    late.reopen();
    BOOST_TEST((must(late->table<tally>().all()) == must(whole.log->table<tally>().all())));
    BOOST_TEST(failed_with(late->table<card>().all(), errc::not_found));
}

BOOST_DATA_TEST_CASE(a_rebuilt_table_equals_the_one_it_replaces, all_backends, backend) {
    board_log board{backend};
    play(board, 3, 400);
    auto const before = must(board.log->table<card>().all());
    auto const report = must(board.projections.rebuild("cards"));
    BOOST_TEST(report.is_identical);
    BOOST_TEST(report.rows == before.size());
    BOOST_TEST((report.through == board.log->head()));
    BOOST_TEST((must(board.log->table<card>().all()) == before));
    play(board, 4, 100);
    BOOST_TEST(must(board.projections.rebuild("cards")).is_identical);
    BOOST_TEST(failed_with(board.projections.rebuild("nobody"), errc::not_found, {"nobody"}));
}

namespace {

/// The same table, folded otherwise.
struct cards_2 : cards {
    static constexpr std::uint32_t version = 2;
    using handles = event_types<card_added, card_removed>;
};

} // namespace

BOOST_DATA_TEST_CASE(a_changed_version_is_rebuilt_or_refused_at_open, all_backends, backend) {
    board_log board{backend};
    must(board.append(card_added{"1", 5, {}}));
    must(board.append(card_taken{"1", "ann"}));
    board.log.close();
    projection_set refusing{{.on_change = changed_projection::refuse}};
    refusing.add(cards_2{});
    board.log.options().state = refusing;
    BOOST_TEST(
        failed_with(board.log.open(), errc::invalid_argument, {"cards", "version 1", "version 2"}));
    projection_set rebuilding;
    rebuilding.add(cards_2{});
    board.log.options().state = rebuilding;
    board.log.reopen();
    BOOST_TEST(must(board.log->table<card>().find("1"))->state == board::state::open);
}

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

BOOST_DATA_TEST_CASE(an_asynchronous_projection_follows_and_resumes, all_backends, backend) {
    board_log board{backend, {}, true};
    board_log reference{backend};
    for (std::uint64_t round = 0; round != 3; ++round) {
        play(board, 20 + round, 200);
        play(reference, 20 + round, 200);
        must(board.projections.wait_until("tallies", board.log->head(), std::chrono::seconds{60}));
        BOOST_TEST(
            (must(board.log->table<tally>().all()) == must(reference.log->table<tally>().all())));
        board.log.reopen();
    }
    must(board.projections.wait_until("tallies", board.log->head(), std::chrono::seconds{60}));
    BOOST_TEST(must(board.projections.rebuild("tallies")).is_identical);
}

BOOST_DATA_TEST_CASE(a_log_driven_by_hand_drives_its_asynchronous_projections, all_backends,
                     backend) {
    board_log board{backend, {.batch_events = 16}, true};
    board.log.options().drive = writer_drive::by_hand;
    board.log.reopen();
    play(board, 24, 100);
    while (board.log->run_once()) {}
    BOOST_TEST(must(board.projections.status()).at(1).lag == 0U);
    play(board, 25, 100);
    must(board.projections.wait_until("tallies", board.log->head(), std::chrono::milliseconds{0}));
    BOOST_TEST(must(board.projections.rebuild("tallies")).is_identical);
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

namespace {

/// Its name is the store's own.
struct reserved_cards : cards {
    static constexpr std::string_view name = "sqlite_cards";
};

struct more_tallies : tallies {
    static constexpr std::string_view name = "more_tallies";
};

struct nobody {
    std::string id;
};
BOOST_DESCRIBE_STRUCT(nobody, (), (id))

} // namespace

BOOST_AUTO_TEST_CASE(a_set_that_no_log_can_serve_is_refused_at_open) {
    projection_set twice;
    twice.add(cards{}).add(cards{});
    BOOST_TEST(failed_with(open_memory({.state = twice}), errc::invalid_argument,
                           {"two projections are named cards"}));
    projection_set reserved;
    reserved.add(reserved_cards{});
    BOOST_TEST(failed_with(open_memory({.state = reserved}), errc::invalid_argument,
                           {"sqlite_cards", "the store's own"}));
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

BOOST_AUTO_TEST_CASE(waiting_ends_at_its_time_or_when_the_log_closes) {
    board_log board{"memory", {}, true};
    must(board.append(card_added{"1", 5, {}}));
    position const beyond{100};
    BOOST_TEST(
        failed_with(board.projections.wait_until("tallies", beyond, std::chrono::milliseconds{1}),
                    errc::deadline_exceeded, {"tallies", "not yet at 100"}));
    auto waited = std::async(std::launch::async, [&] {
        return board.projections.wait_until("tallies", beyond, std::chrono::minutes{5});
    });
    board.log.close();
    BOOST_TEST(failed_with(waited.get(), errc::closed));
}

BOOST_AUTO_TEST_CASE(an_asynchronous_apply_that_throws_stops_that_projection_alone) {
    projection_set projections;
    projections.add_async(cards{}).add_async(tallies{});
    log_under_test log{"sqlite", {.state = projections}};
    auto to = log->make_producer();
    must(to.append("card-1", expected::any{}, card_added{"1", -1, {}}));
    must(to.append("card-1", expected::any{}, card_taken{"1", "ann"}));
    std::chrono::seconds const wait_max{60};
    BOOST_TEST(failed_with(projections.wait_until("cards", log->head(), wait_max),
                           errc::projection_failed, {"negative weight"}));
    must(projections.wait_until("tallies", log->head(), wait_max));
    must(to.append("card-1", expected::any{}, card_taken{"1", "ann"}));
    must(projections.wait_until("tallies", log->head(), wait_max));
    auto const status = must(projections.status());
    BOOST_TEST(status.at(0).failure.find("negative weight") != std::string::npos);
    BOOST_TEST(status.at(0).lag == 3U);
    BOOST_TEST(status.at(1).failure.empty());
    BOOST_TEST(must(log->table<tally>().find("ann"))->taken == 2U);
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

BOOST_AUTO_TEST_CASE(a_rebuild_can_be_cancelled_and_goes_on_under_appends) {
    board_log board{"memory", {.batch_events = 512}};
    constexpr int events = 4'200; // more than are left for the last batch
    auto to = board.log->make_producer();
    for (int each = 0; each != events; ++each) {
        must(to.submit("s", expected::any{}, card_added{std::to_string(each % 50), each % 90, {}}));
    }
    BOOST_REQUIRE(to.flush().rejected == 0U);
    auto const before = must(board.log->table<card>().all());
    for (std::uint64_t const until : {std::uint64_t{512}, board.log->head().value}) {
        std::uint64_t reached = 0;
        auto const cancelled =
            board.projections.rebuild("cards", [&](std::uint64_t done, std::uint64_t) {
                reached = done;
                return done < until;
            });
        BOOST_TEST(failed_with(cancelled, errc::cancelled, {"cancelled"}));
        BOOST_TEST(reached == until);
        BOOST_TEST((must(board.log->table<card>().all()) == before));
    }
    // What is appended meanwhile is in the rebuilt table too.
    bool is_taken = false;
    auto const report = must(board.projections.rebuild("cards", [&](std::uint64_t, std::uint64_t) {
        if (!std::exchange(is_taken, true)) {
            must(board.append(card_taken{"7", "ann"}));
            must(board.append(card_taken{"new", "ann"}));
        }
        return true;
    }));
    BOOST_TEST(report.is_identical);
    BOOST_TEST(report.rows == 50U);
    BOOST_TEST(must(board.log->table<card>().find("7"))->taken_by.value() == "ann");
}

BOOST_AUTO_TEST_CASE(catching_up_at_open_can_be_cancelled) {
    board_log board{"memory"};
    play(board, 5, 50);
    projection_set late{
        {.batch_events = 8, .on_progress = [](std::uint64_t, std::uint64_t) { return false; }}};
    late.add(tallies{}).add(more_tallies{});
    board.log.close();
    board.log.options().state = late;
    BOOST_TEST(failed_with(board.log.open(), errc::cancelled, {"catching up"}));
    projection_set patient;
    patient.add(tallies{}).add(more_tallies{});
    board.log.options().state = patient;
    board.log.reopen();
    BOOST_TEST(must(patient.rebuild("more_tallies")).is_identical);
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
