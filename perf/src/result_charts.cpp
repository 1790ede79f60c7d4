#include "result_charts.hpp"

#include "chart.hpp"
#include "selection.hpp"
#include "short_number.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace swarmlog::perf {

namespace {

/// Adds a point to the series of this name, unless it has one there.
void add_point(chart& to, std::string_view name, double x, double y) {
    auto series = std::find_if(to.series.begin(), to.series.end(),
                               [&](chart_series const& each) { return each.name == name; });
    if (series == to.series.end()) {
        series = to.series.insert(to.series.end(), {std::string{name}, {}});
    }
    if (series->points.empty() || series->points.back().first < x) {
        series->points.emplace_back(x, y);
    }
}

void add_tick(chart& to, double x, std::string const& name) {
    if (to.x_ticks.empty() || to.x_ticks.back().first < x) { to.x_ticks.emplace_back(x, name); }
}

chart batch_chart(std::vector<measured> const& results) {
    chart drawn{.title = "Durable appends by batch size",
                .x_label = "events in a batch, one producer waits for each",
                .y_label = "events a second"};
    constexpr std::string_view prefix = "batch_";
    for (measured const& each : results) {
        if (!each.workload.starts_with(prefix)) { continue; }
        double const size = std::stod(each.workload.substr(prefix.size()));
        add_tick(drawn, size, short_number(size));
        add_point(drawn, "swarmlog", size, each.own.median);
        add_point(drawn, short_name(each.baseline), size, each.against.median);
    }
    return drawn;
}

chart latency_chart(std::vector<measured> const& results) {
    chart drawn{.title = "Latency of one durable event",
                .x_label = "share of the events that were faster",
                .y_label = "microseconds",
                .has_log_x = false};
    struct line {
        std::string_view workload, name, baseline;
    };
    // append_concurrent is compared with append_acked, which has a line of its own already.
    constexpr std::array<line, 3> lines{{
        {"append_acked_", "append, one at a time", "file, write + flush"},
        {"subscribe_", "append to delivery", "file, flush alone"},
        {"append_concurrent_", "append, 64 at a time", {}},
    }};
    double place = 0;
    for (std::string const percentile : {"p50", "p90", "p99", "p99.9"}) {
        ++place;
        for (measured const& each : results) {
            for (line const& one : lines) {
                if (each.workload != std::string{one.workload} + percentile) { continue; }
                add_tick(drawn, place, percentile);
                add_point(drawn, one.name, place, each.own.median);
                if (!one.baseline.empty()) {
                    add_point(drawn, one.baseline, place, each.against.median);
                }
            }
        }
    }
    return drawn;
}

/// Growth's rows by rising size; each size once, with its rate or another figure.
chart growth_chart(std::vector<measured> const& results, std::string_view prefix) {
    chart drawn{.x_label = "events in the log"};
    bool const is_rate = prefix == "grow_rate_";
    auto const cost = [&](double value) { return is_rate ? 1e6 / value : value; };
    for (measured const& each : results) {
        if (!each.workload.starts_with(prefix)) { continue; }
        auto const size = static_cast<double>(each.events);
        if (!is_rate) {
            // The size that all others are compared with has no row of its own.
            auto const first = static_cast<double>(each.baseline_events);
            add_tick(drawn, first, short_number(first));
            add_point(drawn, "swarmlog", first, each.against.median);
        }
        add_tick(drawn, size, short_number(size));
        add_point(drawn, "swarmlog", size, cost(each.own.median));
        if (each.baseline.starts_with("sqlite_rows")) {
            add_point(drawn, short_name(each.baseline), static_cast<double>(each.baseline_events),
                      cost(each.against.median));
        }
    }
    return drawn;
}

} // namespace

std::map<std::string, std::string> result_charts(std::vector<measured> const& results) {
    std::map<std::string, std::string> documents;
    auto const add = [&](std::string const& name, chart const& drawn) {
        // One point makes no line: a run of some workloads only leaves the others' charts out.
        if (drawn.x_ticks.size() > 1) { documents[name + ".svg"] = to_svg(drawn); }
    };
    auto const add_growth = [&](std::string const& name, std::string const& title,
                                std::string const& y_label) {
        chart drawn = growth_chart(results, (name == "open" ? name : "grow_" + name) + '_');
        drawn.title = title;
        drawn.y_label = y_label;
        // Rates differ by orders of magnitude from the baseline's; the others have none.
        drawn.has_log_y = name == "rate";
        add(name + "_by_log_size", drawn);
    };
    add("throughput_by_batch_size", batch_chart(results));
    add("latency_percentiles", latency_chart(results));
    add_growth("rate", "Cost of an append by log size", "microseconds an event");
    add_growth("memory", "Memory by log size", "MB beyond the process's own");
    add_growth("bytes", "File by log size", "bytes an event");
    add_growth("open", "Time to open by log size", "milliseconds");
    return documents;
}

} // namespace swarmlog::perf
