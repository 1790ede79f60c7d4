/// A task queue with leases: a claim holds for a while. Who renews it keeps the task; what ran out
/// is taken back, and a worker that comes late is turned away.
///
/// The swarm's commands are closures over a decision, so they can be put together: each of the
/// three below is one decision at the write, and nobody sees half of it. The deadline is kept as a
/// note of the task. (Whole agents that fall silent: `desk::silent_agents`, and orchestrator/.)

#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

using namespace swarmlog;
using namespace std::chrono_literals;

namespace {

constexpr auto lease = 30s;

/// Time that passes when told to, so that the example does not wait.
class hand_clock final : public swarmlog::clock {
public:
    timestamp now() noexcept override { return time; }
    timestamp time{24h};
};

swarm::annotate_task lease_of(std::string const& task_id, decision const& now) {
    timestamp const until = now.now() + lease;
    return {task_id, {{"lease_until", until.time_since_epoch().count()}}};
}

/// Claims the next task that is ready, for as long as the lease.
struct take {
    std::string agent_id;
    std::shared_ptr<swarm::task> taken = std::make_shared<swarm::task>();

    result<void> operator()(decision& now) const {
        if (auto claimed = swarm::claim_next{agent_id, taken}(now); !claimed) return claimed;
        return lease_of(taken->id, now)(now);
    }
};

/// Holds it for as long again, if it is still the agent's.
struct renew {
    std::string task_id;
    std::string agent_id;

    result<void> operator()(decision& now) const {
        auto const task = now.table<swarm::task>().find(task_id);
        if (!task) return task.error();
        if (*task == nullptr || (*task)->assigned_to != agent_id) {
            return swarm::swarm_error(swarm::swarm_errc::not_the_holder,
                                      "the lease of task " + task_id + " has run out");
        }
        return lease_of(task_id, now)(now);
    }
};

/// Makes every task pending again whose lease has run out.
struct take_back {
    result<void> operator()(decision& now) const {
        using enum swarm::task_status;
        auto const held = now.table<swarm::task>()
                              .query()
                              .where(in(&swarm::task::status, {assigned, running}))
                              .all();
        if (!held) return held.error();
        for (swarm::task const& each : *held) {
            auto const until = each.metadata.find("lease_until");
            if (until == each.metadata.end()) continue;
            timestamp const ends{std::chrono::nanoseconds{until->second.to_number<std::int64_t>()}};
            if (ends > now.now()) continue;
            swarm::release_task const release{each.id, "its lease ran out"};
            if (auto released = release(now); !released) return released;
        }
        return {};
    }
};

} // namespace

int main() {
    projection_set projections;
    swarm::add_projections(projections);
    auto const clock = std::make_shared<hand_clock>();
    log_options options;
    options.state = projections;
    options.clock = clock;
    auto log = open_memory(options).value();
    swarm::desk desk{log};
    for (char const* agent : {"slow", "quick"}) {
        desk.run(swarm::register_agent{.id = agent}).value();
    }
    desk.run(swarm::create_task{.id = "build"}).value();

    desk.run(take{"slow"}).value();
    clock->time += 20s;
    desk.run(renew{"build", "slow"}).value();
    clock->time += 20s;
    desk.run(take_back{}).value();
    bool const is_kept = desk.tasks_of("slow").value().size() == 1;

    // Nothing is heard of it for longer than the lease: the task goes to another.
    clock->time += 20s;
    desk.run(take_back{}).value();
    take const second{"quick"};
    desk.run(second).value();
    desk.run(swarm::start_task{"build", "quick"}).value();

    // It comes back, and is told; whatever it did, the task is completed once.
    auto const late = desk.run(renew{"build", "slow"});
    auto const done_late = desk.run(swarm::complete_task{"build", "slow"});
    std::cout << late.error().message() << '\n' << done_late.error().message() << '\n';
    desk.run(swarm::complete_task{"build", "quick"}).value();

    auto const task = desk.find_task("build").value();
    return is_kept && second.taken->id == "build" &&
                   late.error() == swarm::swarm_errc::not_the_holder &&
                   done_late.error() == swarm::swarm_errc::not_the_holder &&
                   task->status == swarm::task_status::completed
               ? 0
               : 1;
}
