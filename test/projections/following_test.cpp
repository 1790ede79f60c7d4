#include "projections/board_log.hpp"

#include <boost/test/data/monomorphic.hpp>

#include <chrono>
#include <cstdint>
#include <future>
#include <string>

using namespace swarmlog;
using namespace swarmlog::test;
using board::card_added;
using board::card_taken;
using board::cards;
using board::tallies;
using board::tally;

BOOST_AUTO_TEST_SUITE(projections_of_a_log)

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

BOOST_AUTO_TEST_SUITE_END()
