// The code of docs/storage.md, docs/operations.md and of the guide for those who come from the
// crate, as it stands there: see snippets_test.cpp. And the limits that the guides name.

#include "docs/in_a_folder.hpp"
#include "docs/markdown.hpp"

#include <swarmlog/backends/memory_store.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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

/// As the documents write it: `16,384`, or `1 MiB` where it is a whole number of these.
std::string as_written(std::uint64_t number) {
    constexpr std::uint64_t mebibyte = 1024 * 1024;
    if (number >= mebibyte && number % mebibyte == 0) {
        return std::to_string(number / mebibyte) + " MiB";
    }
    std::string digits = std::to_string(number);
    for (std::size_t end = digits.size(); end > 3; end -= 3) { digits.insert(end - 3, ","); }
    return digits;
}

/// Every limit that the documents give a default of.
std::map<std::string, std::uint64_t> default_limits() {
    sqlite_log_options const options;
    append_limits const& limits = options.limits;
    return {{"event_bytes_max", limits.event_bytes_max},
            {"append_bytes_max", limits.append_bytes_max},
            {"append_events_max", limits.append_events_max},
            {"tags_max", limits.tags_max},
            {"json_depth_max", limits.json_depth_max},
            {"queue_appends_max", options.queue_appends_max},
            {"queue_bytes_max", options.queue_bytes_max},
            {"readers_max", options.store.readers_max}};
}

/// One line for each limit that no row names with its default.
std::vector<std::string> wrong_limits(std::string_view section) {
    std::vector<std::string> found;
    auto const rows = test::items_and_rows(section);
    for (auto const& [name, number] : default_limits()) {
        std::string const value = as_written(number);
        bool const is_there = std::any_of(rows.begin(), rows.end(), [&](std::string const& row) {
            return row.find(name + '`') != std::string::npos &&
                   row.find(value) != std::string::npos;
        });
        if (!is_there) { found.push_back(name + " is " + value); }
    }
    return found;
}

std::string read_document(std::string const& name) {
    std::ifstream file{SWARMLOG_SOURCE_DIR "/docs/" + name};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(guides)

BOOST_AUTO_TEST_CASE(the_limits_are_those_of_the_options) {
    std::string const operations = read_document("operations.md");
    std::string const guide = read_document("guide.md");
    for (std::string const& each : wrong_limits(test::section(operations, "## Limits"))) {
        BOOST_ERROR("docs/operations.md: " << each);
    }
    for (std::string const& each : wrong_limits(test::section(guide, "## Options"))) {
        BOOST_ERROR("docs/guide.md: " << each);
    }
    BOOST_TEST(as_written(1'048'576) == "1 MiB");
    BOOST_TEST(as_written(65'536) == "65,536");
    BOOST_TEST(wrong_limits("| tags | 65 | `tags_max` |\n").size() == default_limits().size());
}

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
