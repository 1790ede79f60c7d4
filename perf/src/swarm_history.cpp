#include "swarm_history.hpp"

namespace swarmlog::perf {

namespace {

constexpr std::uint64_t steps_a_task = 4;

void make_agent(std::uint64_t number, sample_event& out) {
    out.stream.clear() << "agent-worker-" << number;
    out.type.clear() << "agent.registered";
    out.data.clear() << R"({"agent_id":"worker-)" << number
                     << R"(","name":"","agent_type":"builder","status":"idle",)"
                     << R"("capabilities":["cpp"],"metadata":null})";
}

void make_task(std::uint64_t number, sample_event& out) {
    std::uint64_t const round = number / (history_tasks_at_a_time * steps_a_task);
    std::uint64_t const in_round = number % (history_tasks_at_a_time * steps_a_task);
    std::uint64_t const task = round * history_tasks_at_a_time + in_round % history_tasks_at_a_time;
    std::uint64_t const agent = task % history_agents;
    out.stream.clear() << "task-" << task;
    out.data.clear() << R"({"task_id":")" << task << "\"";
    switch (in_round / history_tasks_at_a_time) {
    case 0:
        out.type.clear() << "task.created";
        out.data << R"(,"task_type":"build","priority":"medium","payload":{"target":"all"},)"
                 << R"("dependencies":[],"required_capabilities":[],"max_retries":3})";
        return;
    case 1:
        out.type.clear() << "task.assigned";
        out.data << R"(,"agent_id":"worker-)" << agent << R"("})";
        return;
    case 2:
        out.type.clear() << "task.started";
        out.data << R"(,"agent_id":"worker-)" << agent << R"("})";
        return;
    default:
        out.type.clear() << "task.completed";
        out.data << R"(,"agent_id":"worker-)" << agent << R"(","result":{"exit_code":0}})";
    }
}

} // namespace

void make_swarm_history(std::uint64_t number, sample_event& out) {
    if (number < history_agents) {
        make_agent(number, out);
    } else {
        make_task(number - history_agents, out);
    }
}

} // namespace swarmlog::perf
