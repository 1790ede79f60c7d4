// The test kit, tested: what it accepts, and that it can fail.
#include "projections/task_board.hpp"

#include <swarmlog/projections/scenario.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>

using namespace swarmlog;

namespace {

projection_set the_swarm() {
    projection_set projections;
    swarm::add_projections(projections);
    return projections;
}

projection_set the_board() {
    projection_set projections;
    projections.add(board::cards{});
    return projections;
}

bool fails(std::function<void()> const& run, std::string_view part_of_message) {
    try {
        run();
    } catch (scenario_failed const& failed) {
        bool const is_said =
            std::string_view{failed.what()}.find(part_of_message) != std::string_view::npos;
        if (!is_said) { BOOST_TEST_MESSAGE("it said: " << failed.what()); }
        return is_said;
    }
    BOOST_TEST_MESSAGE("it did not fail");
    return false;
}

swarm::agent_registered agent(std::string id) {
    swarm::agent_registered made;
    made.agent_id = std::move(id);
    return made;
}

swarm::task_created task(std::string id) {
    swarm::task_created made;
    made.task_id = std::move(id);
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scenarios)

BOOST_AUTO_TEST_CASE(commands_are_tried_on_what_has_happened) {
    timestamp const noon = scenario::begin + std::chrono::hours{12};
    scenario on{the_swarm(), open_memory};
    on.given(in("agent-ann", agent("ann")), in("agent-bob", agent("bob")), in("task-7", task("7")))
        .at(noon)
        .when(swarm::claim_task{"7", "ann"})
        .then(in("task-7", swarm::task_assigned{"7", "ann"}))
        .then_row<swarm::task>("7",
                               [&](swarm::task const& row) {
                                   return row.assigned_to == "ann" && row.updated_at == noon &&
                                          row.created_at < noon;
                               })
        .when(swarm::claim_task{"7", "bob"})
        .then_rejected(swarm::swarm_errc::task_already_claimed)
        .when([](decision&) {})
        .then_nothing()
        .then_no_row<swarm::task>("8");
}

BOOST_AUTO_TEST_CASE(projections_are_tried_on_events) {
    board::card expected;
    expected.id = "1";
    expected.weight = 60;
    expected.ratio = 20;
    expected.urgent = true;
    expected.added_at = scenario::begin;
    scenario on{the_board(), open_memory};
    on.given(in("card-1", board::card_added{"1", 60, {}})).then_row("1", expected);
}

BOOST_AUTO_TEST_CASE(what_goes_another_way_is_said) {
    scenario on{the_swarm(), open_memory};
    on.given(in("agent-ann", agent("ann")), in("task-7", task("7")));
    BOOST_TEST(fails([&] { on.then_nothing(); }, "before any `when`"));
    on.when(swarm::claim_task{"7", "ann"});
    BOOST_TEST(fails([&] { on.then_nothing(); }, "task.assigned in task-7"));
    BOOST_TEST(fails(
        [&] {
            on.then(in("task-7", swarm::task_assigned{"7", "bob"}));
        },
        "should have appended\n  task.assigned in task-7: "
        R"({"task_id":"7","agent_id":"bob"})"));
    BOOST_TEST(fails([&] { on.then(in("task-8", swarm::task_assigned{"7", "ann"})); }, "task-8"));
    BOOST_TEST(
        fails([&] { on.then_rejected(swarm::swarm_errc::agent_not_found); }, "was not refused"));
    BOOST_TEST(fails([&] { on.then_no_row<swarm::task>("7"); }, "there is a row"));
    BOOST_TEST(fails([&] { on.then_row<swarm::task>("8", [](auto const&) { return true; }); },
                     "no such row"));
    BOOST_TEST(fails([&] { on.then_row<swarm::task>("7", [](auto const&) { return false; }); },
                     "status: \"assigned\""));
    BOOST_TEST(fails([&] { on.then_row("7", swarm::task{}); }, "id is \"7\", not \"\""));
    on.when(swarm::claim_task{"9", "ann"});
    BOOST_TEST(fails([&] { on.then_nothing(); }, "was refused"));
    BOOST_TEST(
        fails([&] { on.then_rejected(swarm::swarm_errc::agent_not_found); }, "another reason"));
    BOOST_TEST(fails(
        [&] {
            scenario{the_board(), open_memory}.given(in("card-1", board::card_added{"1", -1, {}}));
        },
        "negative weight"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_tried_is_said) {
    BOOST_TEST(fails(
        [] {
            scenario{the_board(), [](log_options) -> result<event_log> {
                         return error{errc::io_error, "no device"};
                     }};
        },
        "no device"));
    BOOST_TEST(fails([] { static_cast<void>(in("s", board::card_done{"\xff"})); },
                     "an event does not encode"));
    scenario on{the_board(), open_memory};
    on.given(in("card-1", board::card_added{"1", 60, {}}));
    BOOST_TEST(fails([&] { on.then_no_row<swarm::task>("7"); }, "no projection"));
    BOOST_TEST(fails([&] { on.then_row<swarm::task>("7", [](auto const&) { return true; }); },
                     "no projection"));
    board::card unnamed;
    unnamed.id = "1";
    unnamed.state = board::state{9};
    BOOST_TEST(fails([&] { on.then_row("1", unnamed); }, "holds a value that has no name"));
}

BOOST_AUTO_TEST_CASE(an_expected_event_is_the_one_in_all_its_parts) {
    auto const adding = [](decision& now) {
        return now.append("s", raw_event{.type = "noted", .data = R"({"a":1})"});
    };
    scenario_event const noted{"s", "noted", 1, R"({ "a": 1 })"};
    scenario on{the_board(), open_memory};
    on.when(adding).then(noted);
    auto const differs = [&](auto const& change) {
        scenario_event other = noted;
        change(other);
        return fails([&] { on.then(other); }, "should have appended");
    };
    BOOST_TEST(differs([](scenario_event& other) { other.stream = "t"; }));
    BOOST_TEST(differs([](scenario_event& other) { other.type = "ended"; }));
    BOOST_TEST(differs([](scenario_event& other) { other.schema_version = 2; }));
    BOOST_TEST(differs([](scenario_event& other) { other.data = R"({"a":2})"; }));
    on.when([](decision&) {});
    BOOST_TEST(fails([&] { on.then(noted); }, "the command appended\n  nothing"));
}

BOOST_AUTO_TEST_SUITE_END()
