#include "agent_contestants.hpp"

#include "agent_lookups.hpp"

#include <string>
#include <unordered_map>

namespace swarmlog::perf {

namespace {

swarm::register_agent registration(std::uint64_t number) {
    return {.id = agent_id(number),
            .status = static_cast<swarm::agent_status>(number % 4),
            .capabilities = {"cpp", "docs"}};
}

} // namespace

contestant find_agents(log_place place, bool cached) {
    return [place, cached](setting const& given) {
        projection_options options;
        if (!cached) { options.cache_rows = 16; }
        swarm_log on{given.folder, place, options};
        swarm::desk desk{on.log};
        run_all_commands(desk, agent_count, registration);
        auto const agents = on.log.table<swarm::agent>();
        return time_lookups(
            given.events,
            [&](std::string const& id) {
                auto const row = agents.find(id).value();
                return row != nullptr && row->id == id;
            },
            [&](digest& read, std::string const& id) {
                add_agent(read, *agents.find(id).value());
            });
    };
}

contestant list_agents(std::uint64_t lists) {
    return [lists](setting const& given) {
        swarm_log on{given.folder};
        swarm::desk desk{on.log};
        run_all_commands(desk, given.events, registration);
        digest listed;
        stopwatch const watch;
        for (std::uint64_t each = 0; each != lists; ++each) {
            for (auto const& row : desk.agents_by_status(swarm::agent_status::idle).value()) {
                add_agent(listed, row);
            }
        }
        sample taken = watch.stop(static_cast<double>(lists));
        taken.digest = listed.value();
        return taken;
    };
}

contestant copy_agents_from_map() {
    return [](setting const& given) {
        std::unordered_map<std::string, swarm::agent> agents;
        for (std::uint64_t each = 0; each != agent_count; ++each) {
            swarm::agent row;
            row.id = agent_id(each);
            row.status = static_cast<swarm::agent_status>(each % 4);
            row.capabilities = {"cpp", "docs"};
            agents.emplace(row.id, row);
        }
        return time_lookups(
            given.events,
            [&](std::string const& id) {
                auto const found = agents.find(id);
                if (found == agents.end()) { return false; }
                swarm::agent const row = found->second;
                return row.id == id;
            },
            [&](digest& read, std::string const& id) { add_agent(read, agents.at(id)); });
    };
}

} // namespace swarmlog::perf
