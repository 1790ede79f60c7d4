#include "agent_contestants.hpp"
#include "append_contestants.hpp"
#include "claim_contestants.hpp"
#include "history_contestants.hpp"
#include "swarm_history.hpp"
#include "workload_lists.hpp"

#include <string>
#include <utility>

namespace swarmlog::perf {

namespace {

workload claim_workload(std::string name, std::string says, unsigned claims_under_way) {
    constexpr unsigned claimers = 16;
    return {.name = std::move(name),
            .says = std::move(says),
            .events = 10 * thousand,
            .run = claim_tasks(claimers, claims_under_way),
            .rivals = {{"sqlite_update, 1 a transaction, FULL", update_next_row(claimers), 300}},
            .rows = {{.unit = "claims/s", .promised = at_least(1e5)}}};
}

} // namespace

std::vector<workload> table_workloads(bool is_full) {
    log_place const file{};
    log_place const memory{true, durability::volatile_memory};
    return {
        {.name = "inline",
         .says = "a swarm's history with the swarm's projections folded in each commit",
         .events = 100 * thousand,
         .run = append_with_projections(),
         .rivals = {{"the same without", append_pipelined(make_swarm_history, file, 1)}},
         .rows = {{.unit = "events/s", .promised = ratio_at_least(0.4)}}},
        {.name = "rebuild",
         .says = "agents and tasks folded anew from " + in_words(million) + " events",
         .events = million,
         .run = rebuild_swarm(),
         .rivals = {{"sqlite_upsert, 16,384 a transaction", upsert_rows(),
                     baseline_max(is_full, 100 * thousand)}},
         .rows = {{.unit = "events/s", .promised = at_least(1e6)}}},
        claim_workload("claim", "claim_next until 10,000 tasks are gone, by 16 claimers", 1),
        claim_workload("claim_pipelined", "the same, with 16 claims of each under way", 16),
        {.name = "get_agent_cached",
         .says = "one of 1,000 agents by id, from the rows' cache",
         .events = 200 * thousand,
         .run = find_agents(file, true),
         .rivals = {{"sqlite_select", select_agents(), 100 * thousand}},
         .rows = {{.unit = "rows/s", .promised = ratio_at_least(8.0)}}},
        {.name = "get_agent",
         .says = "the same, from the file",
         .events = 50 * thousand,
         .run = find_agents(file, false),
         .rivals = {{"sqlite_select", select_agents()}},
         .rows = {{.unit = "rows/s", .promised = ratio_at_least(0.8)}}},
        {.name = "get_agent_memory",
         .says = "the same of a log in memory: shared, not copied",
         .backend = "memory",
         .durability = "memory",
         .events = 500 * thousand,
         .run = find_agents(memory, true),
         .rivals = {{"memory, unordered_map find and copy", copy_agents_from_map()}},
         .rows = {{.unit = "rows/s", .promised = ratio_at_least(1.0)}}},
        {.name = "list_by_status",
         .says = "250 of 1,000 agents by their status",
         .events = thousand,
         .run = list_agents(200),
         .rivals = {{"sqlite_select, by an index", select_agents_by_status(200)}},
         .rows = {{.unit = "lists/s", .promised = ratio_at_least(5.0)}}},
    };
}

} // namespace swarmlog::perf
