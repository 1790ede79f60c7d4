#include "runner.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace swarmlog::perf {

namespace {

double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    std::size_t const middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double rate_of(sample const& taken) { return taken.units / taken.seconds; }

spread spread_of(std::vector<sample> const& samples) {
    std::vector<double> rates;
    std::vector<double> costs;
    for (sample const& taken : samples) {
        rates.push_back(rate_of(taken));
        costs.push_back(taken.cpu_seconds / taken.units * 1e9);
    }
    auto const [least, most] = std::minmax_element(rates.begin(), rates.end());
    return {median_of(rates), *least, *most, median_of(costs)};
}

/// Each run gets an empty folder and leaves none, so that no run profits from the one before; and
/// a device with nothing left to write, so that none pays for the one before.
sample run_once(contestant const& who, std::uint64_t events, run_plan const& plan) {
    std::filesystem::remove_all(plan.scratch);
    std::filesystem::create_directories(plan.scratch);
    ::sync();
    sample const taken = who({events, plan.scratch});
    std::filesystem::remove_all(plan.scratch);
    return taken;
}

} // namespace

measured run(workload const& what, run_plan const& plan) {
    measured result;
    result.what = what;
    result.events = std::max<std::uint64_t>(
        100,
        static_cast<std::uint64_t>(std::llround(static_cast<double>(what.events) * plan.scale)));
    std::vector<sample> own;
    std::vector<sample> baseline;
    std::vector<double> ratios;
    for (unsigned round = 0; round != plan.rounds; ++round) {
        own.push_back(run_once(what.run, result.events, plan));
        baseline.push_back(run_once(what.run_baseline, result.events, plan));
        ratios.push_back(rate_of(own.back()) / rate_of(baseline.back()));
    }
    result.own = spread_of(own);
    result.baseline = spread_of(baseline);
    result.ratio = median_of(ratios);
    return result;
}

} // namespace swarmlog::perf
