// The code of docs/storage.md, docs/operations.md and of the guide for those who come from the
// crate, as it stands there: see snippets_test.cpp.

#include "docs/in_a_folder.hpp"

#include <swarmlog/backends/memory_store.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <iostream>
#include <string>

namespace {

using namespace swarmlog;
using test::in_a_folder;

//[open_at
result<event_log> open_at(std::string const& place, projection_set const& projections) {
    if (place == "memory") {
        log_options options{.codec = record_codec::none};
        options.state = projections;
        return open_memory(options);
    }
    sqlite_log_options options;
    options.state = projections;
    return open_sqlite(place, options);
}
//]

} // namespace

BOOST_AUTO_TEST_SUITE(guides)

BOOST_FIXTURE_TEST_CASE(a_log_is_opened_where_the_argument_says, in_a_folder) {
    for (std::string const place : {"memory", "swarm.db"}) {
        projection_set projections;
        swarm::add_projections(projections);
        auto log = open_at(place, projections).value();
        swarm::desk{log}.run(swarm::register_agent{.id = "ann"}).value();
        BOOST_TEST(log.table<swarm::agent>().count().value() == 1U);
        BOOST_TEST(std::filesystem::exists("swarm.db") == (place != "memory"));
    }
}

BOOST_AUTO_TEST_CASE(a_log_in_memory_has_a_bound) {
    //[bounded_memory
    auto store = open_memory_store({.bytes_max = 64 * 1024 * 1024}).value();
    auto log = event_log::open(std::move(store), {.codec = record_codec::none}).value();
    //]
    auto writer = log.make_producer();
    std::string const large = '"' + std::string(1'000'000, 'x') + '"';
    result<receipt> stored = writer.append("s", expected::any{}, raw_event{"t", large});
    for (int each = 0; each != 70 && stored; ++each) {
        stored = writer.append("s", expected::any{}, raw_event{"t", large});
    }
    BOOST_REQUIRE(stored.has_error());
    BOOST_TEST((stored.error() == errc::disk_full));
}

BOOST_FIXTURE_TEST_CASE(a_log_says_what_it_takes_and_how_it_does, in_a_folder) {
    auto log = open_sqlite("swarm.db").value();
    log.make_producer().append("s", expected::any{}, raw_event{"t", "{}"}).value();
    //[sizes
    storage_sizes const sizes = log.sizes().value();
    std::cout << sizes.total_bytes << " bytes: log " << sizes.log_bytes << ", index "
              << sizes.index_bytes << ", tables " << sizes.row_bytes << ", write-ahead log "
              << sizes.wal_bytes << '\n';
    //]
    BOOST_TEST(sizes.total_bytes > 0U);
    //[watch
    open_report const& found = log.opened();
    if (!found.message.empty()) std::cerr << found.message << '\n'; // loss, damage, a migration
    log_statistics const now = log.statistics();
    std::cout << "head " << now.head.value << ", " << now.queued_appends << " queued, "
              << now.appends_rejected << " rejected, " << now.events_appended << " events in "
              << now.groups << " flushes\n";
    //]
    BOOST_TEST(found.message.empty());
    BOOST_TEST(now.events_appended == 1U);
    BOOST_TEST(now.groups == 1U);
}

BOOST_FIXTURE_TEST_CASE(what_the_crate_did_is_done_by_commands, in_a_folder) {
    //[open_swarm
    projection_set projections;
    swarm::add_projections(projections); // what the crate's schema.sql makes
    sqlite_log_options options;
    options.state = projections;
    auto log = open_sqlite("swarm.db", options).value();
    swarm::desk desk{log};
    //]
    //[both_tasks
    auto const both = desk.run([](decision& now) -> result<void> {
        if (auto made = swarm::create_task{.id = "build"}(now); !made) return made;
        return swarm::create_task{.id = "publish", .dependencies = {"build"}}(now);
    });
    //]
    BOOST_TEST(both.has_value());
    BOOST_TEST(desk.pending_tasks().value().size() == 2U);
    desk.run(swarm::register_agent{
                 .id = "ann", .agent_type = "researcher", .status = swarm::agent_status::active})
        .value();
    desk.run(swarm::register_agent{.id = "bob", .agent_type = "researcher"}).value();
    //[active_agents
    auto const active = log.query<swarm::agent>()
                            .where(eq(&swarm::agent::status, swarm::agent_status::active) &&
                                   like(&swarm::agent::agent_type, "research%"))
                            .order_by(&swarm::agent::created_at, descending)
                            .limit(50)
                            .all();
    //]
    BOOST_REQUIRE(active.value().size() == 1U);
    BOOST_TEST(active.value()[0].id == "ann");
}

BOOST_AUTO_TEST_SUITE_END()
