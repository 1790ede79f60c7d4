#include "growth_contestants.hpp"
#include "read_contestants.hpp"
#include "workload_lists.hpp"

#include <string>
#include <utility>

namespace swarmlog::perf {

namespace {

/// The log's figures at each size, beside the baseline's or its own at 100,000 events.
workload grow_workload(std::uint64_t millions) {
    std::uint64_t const events = millions * million;
    std::string const largest = std::to_string(millions) + "m";
    std::string const smallest_divisor = std::to_string(millions * 10);
    std::string const middle_divisor = std::to_string(millions);
    event_maker const few = task_events(thousand);
    workload grow{.name = "grow",
                  .says = "one log grows: rate, memory and file size on the way",
                  .events = events,
                  .run = grow_log(few, {millions * 10, millions, 1}),
                  .rivals = {{"sqlite_rows, 1,000 a transaction, FULL",
                              grow_rows("task_rows", few, {5, 1}), 500 * thousand}}};
    grow.rows = {{.suffix = "_rate_100k",
                  .unit = "events/s",
                  .figure = "rate_" + smallest_divisor,
                  .baseline_figure = "rate_5",
                  .events_divisor = millions * 10,
                  .baseline_divisor = 5},
                 {.suffix = "_rate_1m",
                  .unit = "events/s",
                  .figure = "rate_" + middle_divisor,
                  .baseline_figure = "rate_1",
                  .events_divisor = millions}};
    auto const add = [&](std::string const& what, std::string const& unit, target const& promised) {
        for (auto const& [divisor, size] : {std::pair{millions, std::string{"1m"}}, {1, largest}}) {
            grow.rows.push_back({.suffix = '_' + what + '_' + size,
                                 .unit = unit,
                                 .figure = what + '_' + std::to_string(divisor),
                                 .rival = std::nullopt,
                                 .baseline_figure = what + '_' + smallest_divisor,
                                 .baseline = "the same at 100,000 events",
                                 .promised = promised,
                                 .events_divisor = divisor,
                                 .baseline_divisor = millions * 10});
        }
    };
    add("rate", "events/s", ratio_at_least(0.9));
    add("memory", "MB", ratio_at_most(1.1));
    add("bytes", "bytes/event", at_most(60));
    return grow;
}

workload open_workload(std::uint64_t millions) {
    event_maker const few = task_events(thousand);
    return {.name = "open_" + std::to_string(millions) + 'm',
            .says = "opening a log of " + std::to_string(millions) + " million events",
            .events = millions * million,
            .run = reopen("task_log", few),
            .rivals = {{"the same with 100,000 events", reopen("task_log", few), 100 * thousand}},
            .rows = {{.unit = "ms",
                      .figure = "open_ms",
                      .baseline_figure = "open_ms",
                      .promised = ratio_at_most(1.5) && at_most(100)}}};
}

} // namespace

std::vector<workload> size_workloads(bool is_full) {
    // What is opened is made once; what grows does so in each round.
    return {grow_workload(is_full ? 10 : 2), open_workload(1), open_workload(10)};
}

} // namespace swarmlog::perf
