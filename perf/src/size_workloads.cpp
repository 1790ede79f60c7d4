#include "growth_contestants.hpp"
#include "read_contestants.hpp"
#include "workload_lists.hpp"

#include <string>

namespace swarmlog::perf {

namespace {

/// The log's figures at each size, beside the baseline's or its own at 100,000 events.
workload grow_workload(std::uint64_t millions) {
    std::uint64_t const events = millions * million;
    std::string const largest = std::to_string(millions) + "m";
    std::string const smallest_divisor = std::to_string(millions * 10);
    std::string const middle_divisor = std::to_string(millions);
    event_maker const few = task_events(thousand);
    std::string const at_start = "the same at 100,000 events";
    comparison const rate{.unit = "events/s",
                          .rival = std::nullopt,
                          .baseline_figure = "rate_" + smallest_divisor,
                          .baseline = at_start,
                          .promised = ratio_at_least(0.9)};
    comparison const memory{.unit = "MB",
                            .rival = std::nullopt,
                            .baseline_figure = "memory_" + smallest_divisor,
                            .baseline = at_start,
                            .promised = ratio_at_most(1.1)};
    comparison const bytes{.unit = "bytes/event",
                           .rival = std::nullopt,
                           .baseline_figure = "bytes_" + smallest_divisor,
                           .baseline = at_start,
                           .promised = at_most(60)};
    workload grow{
        .name = "grow",
        .says = "one log grows: rate, memory and file size on the way",
        .events = events,
        .run = grow_log(few, {millions * 10, millions, 1}),
        .rivals = {{"sqlite_rows, 10,000 a transaction, FULL", grow_rows(few, {10, 1}), million}}};
    grow.rows = {{.suffix = "_rate_100k",
                  .unit = "events/s",
                  .figure = "rate_" + smallest_divisor,
                  .baseline_figure = "rate_10",
                  .events_divisor = millions * 10},
                 {.suffix = "_rate_1m",
                  .unit = "events/s",
                  .figure = "rate_" + middle_divisor,
                  .baseline_figure = "rate_1",
                  .events_divisor = millions}};
    auto const add = [&](comparison row, std::string const& what, std::uint64_t divisor,
                         std::string const& size) {
        row.suffix = '_' + what + '_' + size;
        row.figure = what + '_' + std::to_string(divisor);
        row.events_divisor = divisor;
        grow.rows.push_back(std::move(row));
    };
    for (auto const& [row, what] :
         {std::pair{rate, "rate"}, std::pair{memory, "memory"}, std::pair{bytes, "bytes"}}) {
        add(row, what, millions, "1m");
        add(row, what, 1, largest);
    }
    return grow;
}

workload open_workload(std::uint64_t millions) {
    event_maker const few = task_events(thousand);
    // The log of `read_all`, where the sizes are equal.
    return {.name = "open",
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
    return {grow_workload(is_full ? 10 : 3), open_workload(is_full ? 10 : 2)};
}

} // namespace swarmlog::perf
