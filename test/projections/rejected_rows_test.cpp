#include "projections/board_log.hpp"

#include <boost/test/data/monomorphic.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

BOOST_AUTO_TEST_SUITE_END()
