#include "projections/board_log.hpp"

#include <boost/test/data/monomorphic.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

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

/// The same table, folded otherwise.
struct cards_2 : cards {
    static constexpr std::uint32_t version = 2;
    using handles = event_types<card_added, card_removed>;
};

struct more_tallies : tallies {
    static constexpr std::string_view name = "more_tallies";
};

} // namespace

BOOST_AUTO_TEST_SUITE(projections_of_a_log)

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

BOOST_AUTO_TEST_CASE(a_set_whose_opening_threw_serves_the_next_one) {
    board_log board{"memory"};
    play(board, 5, 50);
    bool throws = true;
    projection_set late{{.batch_events = 8, .on_progress = [&](std::uint64_t, std::uint64_t) {
                             return throws ? throw std::runtime_error{"no"} : true;
                         }}};
    late.add(tallies{}).add(more_tallies{});
    board.log.close();
    board.log.options().state = late;
    BOOST_CHECK_THROW(static_cast<void>(board.log.open()), std::runtime_error);
    BOOST_TEST(failed_with(late.status(), errc::closed));
    throws = false;
    board.log.reopen();
    BOOST_TEST(must(late.rebuild("more_tallies")).is_identical);
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

BOOST_AUTO_TEST_SUITE_END()
