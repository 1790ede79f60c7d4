#include "runner.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace swarmlog::perf {

namespace {

constexpr std::uint64_t events_min = 100;
constexpr std::uint64_t trial_events_max = 200;

/// What the workload and each rival gave in one round; the workload comes first.
using round_samples = std::vector<sample>;

double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    std::size_t const middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Each run gets an empty folder and leaves none, so that no run profits from the one before; and
/// a device with nothing left to write, so that none pays for the one before.
sample run_once(contestant const& who, std::uint64_t events, run_plan const& plan) {
    auto const folder = plan.scratch / "round";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    ::sync();
    sample taken = who({events, folder, plan.scratch / "kept"});
    std::filesystem::remove_all(folder);
    taken.figures["rate"] = taken.units / taken.seconds;
    return taken;
}

round_samples run_all(workload const& what, std::uint64_t events, run_plan const& plan) {
    round_samples samples{run_once(what.run, events, plan)};
    for (rival const& each : what.rivals) {
        samples.push_back(run_once(each.run, std::min(events, each.events_max), plan));
        if (events <= each.events_max && samples.back().digest != samples.front().digest) {
            throw std::runtime_error{what.name + " did not read back what \"" + each.name +
                                     "\" did"};
        }
    }
    return samples;
}

spread spread_of(std::vector<round_samples> const& rounds, std::size_t who,
                 std::string const& figure) {
    std::vector<double> values;
    std::vector<double> costs;
    for (round_samples const& each : rounds) {
        values.push_back(each[who].figures.at(figure));
        costs.push_back(each[who].cpu_seconds / each[who].units * 1e9);
    }
    auto const [least, most] = std::minmax_element(values.begin(), values.end());
    return {median_of(values), *least, *most, median_of(costs)};
}

measured compare(workload const& what, comparison const& row, std::uint64_t events,
                 std::vector<round_samples> const& rounds) {
    std::size_t const other = row.rival ? *row.rival + 1 : 0;
    measured result;
    result.workload = what.name + row.suffix;
    result.says = what.says;
    result.backend = what.backend;
    result.durability = what.durability;
    result.unit = row.unit;
    result.baseline = row.baseline.empty() ? what.rivals.at(*row.rival).name : row.baseline;
    result.events = events / row.events_divisor;
    result.baseline_events =
        (row.rival ? std::min(events, what.rivals[*row.rival].events_max) : events) /
        row.baseline_divisor;
    result.own = spread_of(rounds, 0, row.figure);
    result.against = spread_of(rounds, other, row.baseline_figure);
    std::vector<double> ratios;
    for (round_samples const& each : rounds) {
        ratios.push_back(each[0].figures.at(row.figure) /
                         each[other].figures.at(row.baseline_figure));
    }
    result.ratio = median_of(ratios);
    result.promised = row.promised;
    return result;
}

} // namespace

std::vector<measured> run(workload const& what, run_plan const& plan) {
    auto const scaled = std::llround(static_cast<double>(what.events) * plan.scale);
    auto const events = std::max(events_min, static_cast<std::uint64_t>(scaled));
    run_all(what, std::min(events, trial_events_max), plan);
    std::vector<round_samples> rounds;
    for (unsigned round = 0; round != plan.rounds; ++round) {
        rounds.push_back(run_all(what, events, plan));
    }
    std::vector<measured> results;
    for (comparison const& row : what.rows) {
        results.push_back(compare(what, row, events, rounds));
    }
    return results;
}

} // namespace swarmlog::perf
