/// The ready-made domain: agents claim tasks, report, and leave; every step is an event.

#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <iostream>

using namespace swarmlog;

int main() {
    projection_set projections;
    swarm::add_projections(projections);
    log_options options;
    options.state = projections;
    auto log = open_memory(options).value();
    swarm::desk desk{log};

    desk.run(swarm::register_agent{.id = "worker-1", .capabilities = {"cpp"}}).value();
    desk.run(swarm::register_agent{.id = "worker-2"}).value();
    desk.run(swarm::create_task{.id = "build", .required_capabilities = {"cpp"}}).value();
    desk.run(swarm::create_task{.id = "publish", .dependencies = {"build"}}).value();

    // Decided at the write: exactly one of many claimers gets a task, and it must fit.
    auto const nothing = desk.claim_next("worker-2");
    std::cout << nothing.error().message() << '\n';
    swarm::task const mine = desk.claim_next("worker-1").value();
    desk.run(swarm::start_task{mine.id, "worker-1"}).value();
    desk.run(swarm::complete_task{mine.id, "worker-1", {{"binary", "a.out"}}}).value();

    // A completed task makes those ready that wait for it.
    swarm::task const next = desk.claim_next("worker-2").value();
    auto const again = desk.run(swarm::claim_task{next.id, "worker-1"});
    std::cout << again.error().message() << '\n';

    // A removed agent keeps its history, and its tasks are free again.
    desk.run(swarm::remove_agent{"worker-2"}).value();
    bool const is_free = desk.find_task("publish").value()->status == swarm::task_status::pending;
    auto const history = desk.events_of_agent("worker-2", 10).value();
    for (event const& each : history) { std::cout << each.type << '\n'; }
    return is_free && history.size() == 4 &&
                   again.error() == swarm::swarm_errc::task_already_claimed
               ? 0
               : 1;
}
