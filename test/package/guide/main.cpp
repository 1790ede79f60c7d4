// A swarm of one agent that remembers what it has done: run it several times.
#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <iostream>

using namespace swarmlog;

int main() {
    projection_set projections;
    swarm::add_projections(projections); // tables of agents, tasks, messages and metrics
    sqlite_log_options options;
    options.state = projections;
    auto log = open_sqlite("swarm.db", options).value(); // throws what went wrong
    swarm::desk desk{log};

    if (log.opened().created) {
        desk.run(swarm::register_agent{.id = "ann", .capabilities = {"cpp"}}).value();
        desk.run(swarm::create_task{.id = "build", .required_capabilities = {"cpp"}}).value();
        desk.run(swarm::create_task{.id = "publish", .dependencies = {"build"}}).value();
    }
    std::cout << log.head().value << " events, " << desk.pending_tasks().value().size()
              << " tasks pending\n";

    result<swarm::task> const mine = desk.claim_next("ann");
    if (!mine) {
        std::cout << mine.error().message() << '\n';
        return 0;
    }
    desk.run(swarm::start_task{mine->id, "ann"}).value();
    desk.run(swarm::complete_task{mine->id, "ann", {{"exit_code", 0}}}).value();

    for (event_view event : log.read().stream("task-" + mine->id)) {
        std::cout << event.position.value << ' ' << event.type << '\n';
    }
}
