#pragma once

#include "digest.hpp"
#include "stopwatch.hpp"
#include "swarm_log.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace swarmlog::perf {

/// The states of the agents that are made, by their number in `swarm::agent_status`.
inline constexpr std::array<std::string_view, 4> agent_states{"initializing", "active", "idle",
                                                              "busy"};

inline void add_agent(digest& to, swarm::agent const& row) {
    std::string capabilities;
    for (std::string const& each : row.capabilities) {
        capabilities += (capabilities.empty() ? "[\"" : ",\"") + each + '"';
    }
    to.add(row.id, agent_states.at(static_cast<std::size_t>(row.status)), capabilities + ']');
}

/// Calls `find(id)` for each number below `events`, which answers whether it got that agent. What
/// `add(read, id)` adds of every agent afterwards is the digest.
template <class Find, class Add>
[[nodiscard]] sample time_lookups(std::uint64_t events, Find const& find, Add const& add) {
    std::string id;
    std::uint64_t found = 0;
    stopwatch const watch;
    for (std::uint64_t each = 0; each != events; ++each) {
        id = agent_id(each * 7'919);
        found += find(id) ? 1U : 0U;
    }
    sample taken = watch.stop(static_cast<double>(events));
    if (found != events) { throw std::runtime_error{"an agent was not found"}; }
    digest read;
    for (std::uint64_t each = 0; each != agent_count; ++each) { add(read, agent_id(each)); }
    taken.digest = read.value();
    return taken;
}

} // namespace swarmlog::perf
