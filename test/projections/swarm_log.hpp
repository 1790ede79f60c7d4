#pragma once

#include "support/log_under_test.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>

#include <string_view>

namespace swarmlog::test {

/// A log with the swarm's projections, and a desk on it.
struct swarm_log {
    explicit swarm_log(std::string_view backend) : log(backend, options()), desk(*log) {}

    projection_set projections;
    log_under_test log;
    swarm::desk desk;

private:
    log_options options() {
        swarm::add_projections(projections);
        log_options made;
        made.state = projections;
        return made;
    }
};

} // namespace swarmlog::test
