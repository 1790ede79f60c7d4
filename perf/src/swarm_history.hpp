#pragma once

#include "sample_events.hpp"

#include <cstdint>

namespace swarmlog::perf {

inline constexpr std::uint64_t history_agents = 64;
inline constexpr std::uint64_t history_tasks_at_a_time = 256;

/// Event `number` of a swarm's history: the agents are registered, and then each task is created,
/// assigned, started and completed, a few hundred of them at a time.
void make_swarm_history(std::uint64_t number, sample_event& out);

} // namespace swarmlog::perf
