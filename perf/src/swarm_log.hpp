#pragma once

#include "log_place.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>

#include <boost/asio/use_future.hpp>

#include <cstdint>
#include <filesystem>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::perf {

/// A log with the swarm's projections.
struct swarm_log {
    explicit swarm_log(std::filesystem::path const& folder, log_place place = {},
                       projection_options kept = {})
        : projections(std::move(kept)), log(open(folder, place)) {}

    projection_set projections;
    event_log log;

private:
    event_log open(std::filesystem::path const& folder, log_place place) {
        swarm::add_projections(projections);
        if (place.in_memory) {
            return open_memory({.codec = record_codec::none, .state = projections}).value();
        }
        sqlite_log_options options;
        options.store.mode = place.mode;
        options.state = projections;
        return open_sqlite(folder / "swarm.db", options).value();
    }
};

/// Runs `make(number)` for each number below `count`, pipelined.
template <class Make>
void run_all_commands(swarm::desk& desk, std::uint64_t count, Make const& make) {
    std::vector<std::future<result<receipt>>> answers;
    for (std::uint64_t number = 0; number != count; ++number) {
        answers.push_back(desk.async_run(make(number), boost::asio::use_future));
    }
    for (auto& each : answers) { static_cast<void>(each.get().value()); }
}

inline constexpr std::uint64_t agent_count = 1'000;

[[nodiscard]] inline std::string agent_id(std::uint64_t number) {
    return "agent-" + std::to_string(number % agent_count);
}

} // namespace swarmlog::perf
