/// What goes wrong in the crate that swarmlog replaces, each as a promise that it does not here.
/// Three more are elsewhere: concurrent changes are all kept, units are never mixed and a
/// removed agent keeps its events (swarm_test.cpp).

#include "projections/swarm_log.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(replaced_crate)

BOOST_DATA_TEST_CASE(an_agent_that_was_rolled_back_is_gone, all_backends, backend) {
    swarm_log on{backend};
    {
        auto transaction = on.log->begin();
        swarm::agent_registered registered;
        registered.agent_id = "a";
        must(transaction.append("agent-a", registered));
        transaction.rollback();
    }
    auto const decided = on.log->decide([](decision& now) -> result<void> {
        must(swarm::register_agent{.id = "a"}(now));
        return error{errc::conflict, "changed my mind"};
    });
    BOOST_TEST(failed_with(decided, errc::conflict));
    BOOST_TEST(must(on.desk.find_agent("a")) == nullptr);
    BOOST_TEST(must(on.desk.agents()).empty());
    BOOST_TEST(on.log->head().value == 0U);
}

BOOST_DATA_TEST_CASE(a_claim_survives_a_later_update_of_the_task, all_backends, backend) {
    swarm_log on{backend};
    must(on.desk.run(swarm::register_agent{.id = "a"}));
    must(on.desk.run(swarm::create_task{.id = "1"}));
    must(on.desk.run(swarm::claim_task{"1", "a"}));
    must(on.desk.run(swarm::update_task{{.task_id = "1",
                                         .priority = swarm::task_priority::critical,
                                         .payload = boost::json::value{"new"}}}));
    auto const task = must(on.desk.find_task("1"));
    BOOST_TEST((task->status == swarm::task_status::assigned));
    BOOST_TEST(task->assigned_to.value() == "a");
    BOOST_TEST((task->priority == swarm::task_priority::critical));
}

BOOST_DATA_TEST_CASE(a_read_receipt_shows_as_read, all_backends, backend) {
    swarm_log on{backend};
    for (char const* id : {"a", "b"}) { must(on.desk.run(swarm::register_agent{.id = id})); }
    must(on.desk.run(swarm::send_message{.id = "m", .from_agent = "a", .to_agent = "b"}));
    BOOST_TEST(!must(on.desk.messages_between("a", "b")).at(0).read);
    must(on.desk.run(swarm::mark_read{"m", "b"}));
    auto const read = must(on.desk.messages_between("a", "b")).at(0);
    BOOST_TEST(read.read);
    BOOST_TEST(read.read_at.has_value());
    BOOST_TEST(must(on.desk.unread_messages("b")).empty());
}

BOOST_DATA_TEST_CASE(reading_since_the_last_event_gives_all_once, all_backends, backend) {
    swarm_log on{backend};
    must(on.desk.run(swarm::register_agent{.id = "a"}));
    constexpr std::uint64_t count = 300;
    std::atomic<std::uint64_t> failed{0};
    std::jthread const writing{[&] {
        for (std::uint64_t each = 0; each != count; ++each) {
            if (!on.desk.run(swarm::heartbeat{"a"})) { ++failed; }
        }
    }};
    std::vector<std::uint64_t> positions;
    timestamp last{};
    while (positions.size() + failed < count + 1) {
        for (event const& each : must(on.desk.events_since(last))) {
            positions.push_back(each.position.value);
            last = each.recorded_at;
        }
    }
    for (std::uint64_t each = 0; each != positions.size(); ++each) {
        BOOST_TEST(positions[each] == each + 1);
    }
    BOOST_TEST(failed.load() == 0U);
}

BOOST_DATA_TEST_CASE(order_within_one_moment_is_kept, all_backends, backend) {
    swarm_log on{backend}; // its clock stands still
    must(on.desk.run(swarm::register_agent{.id = "a"}));
    for (int each = 0; each != 50; ++each) {
        must(on.desk.run(swarm::create_task{.id = std::to_string(each)}));
    }
    auto const events = must(on.desk.events_of_type(swarm::task_created::type, 100));
    BOOST_REQUIRE(events.size() == 50U);
    for (std::size_t each = 0; each != events.size(); ++each) {
        BOOST_TEST(events[each].stream == "task-" + std::to_string(49 - each)); // newest first
    }
    for (std::size_t each = 1; each != events.size(); ++each) {
        BOOST_TEST((events[each].recorded_at < events[each - 1].recorded_at));
    }
    for (int each = 0; each != 50; ++each) {
        BOOST_TEST(must(on.desk.claim_next("a")).id == std::to_string(each)); // oldest first
    }
}

BOOST_DATA_TEST_CASE(an_event_of_an_unknown_agent_is_stored_and_its_command_rejected, all_backends,
                     backend) {
    swarm_log on{backend};
    // As a fact it is taken down, and changes no row.
    swarm::agent_heartbeat fact;
    fact.agent_id = "nobody";
    must(on.log->make_producer().append("agent-nobody", expected::any{}, fact,
                                        {.tags = {"agent:nobody"}}));
    BOOST_TEST(must(on.desk.agents()).empty());
    BOOST_TEST(must(on.desk.events_of_agent("nobody", 10)).size() == 1U);
    // As a command it makes no sense.
    auto const refused = on.desk.run(swarm::heartbeat{"nobody"});
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error() == swarm::swarm_errc::agent_not_found));
    BOOST_TEST(on.log->head().value == 1U);
    BOOST_TEST(must(on.projections.rebuild("agents")).is_identical);
}

BOOST_AUTO_TEST_SUITE_END()
