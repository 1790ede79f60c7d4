#include "history/swarm_audit.hpp"

#include <swarmlog/backends/open_memory.hpp>
#include <swarmlog/engine/producer.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace swarmlog {

namespace {

template <class Row, class Status>
result<std::map<std::string, std::uint64_t>> count_by(event_log& log, Status Row::*status) {
    auto const groups = log.query<Row>().group_by(status).aggregate(count_of_rows());
    if (!groups) { return groups.error(); }
    std::map<std::string, std::uint64_t> counts;
    for (auto const& group : *groups) {
        char const* const name = boost::describe::enum_to_string(std::get<0>(group.by), "unknown");
        counts[name] = static_cast<std::uint64_t>(std::get<0>(group.values));
    }
    return counts;
}

timestamp time_of(event_view const& event) { return event.occurred_at.value_or(event.recorded_at); }

/// Walks what happened to the tasks, once.
result<void> measure_work(event_log& log, swarm_audit& found) {
    std::unordered_map<std::string, timestamp> assigned_at;
    std::map<std::string, std::uint64_t> completed;
    std::chrono::duration<double, std::nano> in_all{};
    std::uint64_t measured = 0;
    reader events = log.read().matching(query{}.type(swarm::task_assigned::type) |
                                        query{}.type(swarm::task_completed::type));
    while (true) {
        auto const event = events.next();
        if (!event) { return event.error(); }
        if (!*event) { break; }
        event_view const view = **event;
        if (view.type == swarm::task_assigned::type) {
            assigned_at[std::string{view.stream}] = time_of(view);
            continue;
        }
        auto const done = view.as<swarm::task_completed>();
        if (!done) { return done.error(); }
        ++completed[done->agent_id];
        if (auto const began = assigned_at.extract(std::string{view.stream})) {
            in_all += time_of(view) - began.mapped();
            ++measured;
        }
    }
    found.completed_by_agent.assign(completed.begin(), completed.end());
    std::stable_sort(found.completed_by_agent.begin(), found.completed_by_agent.end(),
                     [](auto const& a, auto const& b) { return a.second > b.second; });
    if (measured != 0) {
        found.mean_time_to_complete =
            std::chrono::duration_cast<std::chrono::nanoseconds>(in_all / measured);
    }
    return {};
}

result<bool> rebuild_all(event_log& log) {
    auto projections = projection_set::of(log.state());
    auto const all = projections.status();
    if (!all) { return all.error(); }
    bool is_identical = true;
    for (projection_status const& each : *all) {
        auto const rebuilt = projections.rebuild(each.name);
        if (!rebuilt) { return rebuilt.error(); }
        is_identical = is_identical && rebuilt->is_identical;
    }
    return is_identical;
}

/// Puts the events up to a position into another log: as they are, and with their times.
result<void> copy_events(event_log const& from, position through, event_log& into) {
    producer writer = into.make_producer();
    reader events = from.read().before(through.next());
    while (true) {
        auto const event = events.next();
        if (!event) { return event.error(); }
        if (!*event) { break; }
        event_view const view = **event;
        event_details details;
        details.tags.assign(view.tags.begin(), view.tags.end());
        details.metadata = view.metadata;
        details.correlation_id = view.correlation_id;
        details.causation_id = view.causation_id;
        details.occurred_at = view.occurred_at;
        append_request request = writer.new_append();
        request.recorded_at(view.recorded_at)
            .add(view.stream, raw_event{view.type, view.data, view.schema_version}, details);
        if (auto const queued = writer.submit(std::move(request)); !queued) { return queued; }
    }
    flush_summary const written = writer.flush();
    if (written.rejected != 0) { return written.first_failure; }
    return {};
}

template <class Row>
result<bool> has_equal_rows(as_of_view const& then, event_log const& fresh) {
    auto const rows = then.table<Row>().all();
    if (!rows) { return rows.error(); }
    auto const others = fresh.table<Row>().all();
    if (!others) { return others.error(); }
    return *rows == *others;
}

result<bool> compare_middle(event_log& log) {
    position const middle{log.head().value / 2};
    auto const then = log.as_of(middle);
    if (!then) { return then.error(); }
    projection_set projections;
    swarm::add_projections(projections);
    log_options options;
    options.codec = record_codec::none;
    options.state = projections;
    auto fresh = open_memory(std::move(options));
    if (!fresh) { return fresh.error(); }
    if (auto const copied = copy_events(log, middle, *fresh); !copied) { return copied.error(); }
    for (auto const& compared :
         {has_equal_rows<swarm::agent>(*then, *fresh), has_equal_rows<swarm::task>(*then, *fresh),
          has_equal_rows<swarm::message>(*then, *fresh),
          has_equal_rows<swarm::metric>(*then, *fresh)}) {
        if (!compared || !*compared) { return compared; }
    }
    return true;
}

} // namespace

result<swarm_audit> audit_swarm(event_log& log) {
    swarm_audit found;
    auto agents = count_by(log, &swarm::agent::status);
    if (!agents) { return agents.error(); }
    found.agents_by_status = std::move(*agents);
    auto tasks = count_by(log, &swarm::task::status);
    if (!tasks) { return tasks.error(); }
    found.tasks_by_status = std::move(*tasks);
    if (auto const measured = measure_work(log, found); !measured) { return measured.error(); }
    auto const rebuilt = rebuild_all(log);
    if (!rebuilt) { return rebuilt.error(); }
    found.rebuild_identical = *rebuilt;
    auto const compared = compare_middle(log);
    if (!compared) { return compared.error(); }
    found.as_of_identical = *compared;
    return found;
}

} // namespace swarmlog
