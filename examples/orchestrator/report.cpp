#include "report.hpp"

#include "terminal/number_text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include <fmt/format.h>

#include <iterator>

namespace {

using namespace swarmlog;

std::string counts_text(std::map<std::string, std::uint64_t> const& counts) {
    std::string text;
    for (auto const& [name, count] : counts) {
        if (!text.empty()) text += ", ";
        text += grouped(count) + " " + name;
    }
    return text;
}

/// True when every position is there, in order, each later than the one before it.
result<bool> replay_in_order(event_log& log, report& into) {
    auto const began = std::chrono::steady_clock::now();
    std::uint64_t events = 0;
    timestamp last{timestamp::duration::min()};
    bool is_in_order = true;
    reader all = log.read();
    for (;;) {
        auto const next = all.next();
        if (!next) return next.error();
        if (!*next) break;
        event_view const view = **next;
        is_in_order = is_in_order && view.position.value == ++events && view.recorded_at > last;
        last = view.recorded_at;
    }
    std::chrono::duration<double> const seconds = std::chrono::steady_clock::now() - began;
    into.replay_events_per_second =
        seconds.count() > 0 ? static_cast<double>(events) / seconds.count() : 0;
    into.events = events;
    return is_in_order && events == log.head().value;
}

result<void> count_keys(event_log& log, report& into) {
    auto counted = log.for_each_stream([&](key_info const&) { ++into.streams; });
    if (!counted) return counted;
    counted =
        log.for_each_type([&](key_info const& each) { into.by_type[each.name] = each.events; });
    if (!counted) return counted;
    auto const agents = log.table<swarm::agent>().count();
    if (!agents) return agents.error();
    into.agents = *agents;
    auto const tasks = log.table<swarm::task>().count();
    if (!tasks) return tasks.error();
    into.tasks = *tasks;
    result<storage_sizes> const sizes = log.sizes();
    if (!sizes) return sizes.error();
    into.bytes_per_event = into.events == 0
                               ? 0
                               : static_cast<double>(sizes->log_bytes + sizes->index_bytes) /
                                     static_cast<double>(into.events);
    return {};
}

} // namespace

result<void> inspect(event_log& log, report& into) {
    into.durability = to_string(log.statistics().durability);
    auto const in_order = replay_in_order(log, into);
    if (!in_order) return in_order.error();
    auto const checked = log.verify();
    if (!checked) return checked.error();
    into.verified = *in_order && checked->sound();
    if (auto counted = count_keys(log, into); !counted) return counted;
    auto audit = audit_swarm(log);
    if (!audit) return audit.error();
    into.audit = std::move(*audit);
    return {};
}

std::string report::text() const {
    std::string lines;
    auto const line = [&](std::string_view name, std::string const& value) {
        fmt::format_to(std::back_inserter(lines), "  {:<12}{}\n", name, value);
    };
    line("tree", run.folder.string() + (run.is_resumed ? " (gone on with)" : ""));
    line("digest", digest);
    line("database", fmt::format("{} ({})", database, durability));
    line("took", fmt::format("{:.2f} s, {} events a second", seconds.count(),
                             rate_text(static_cast<double>(appended) / seconds.count())));
    line("events", fmt::format("{} in {} streams, {:.0f} bytes each", grouped(events),
                               grouped(streams), bytes_per_event));
    line("agents", counts_text(audit.agents_by_status));
    line("tasks", counts_text(audit.tasks_by_status));
    line("replayed", rate_text(replay_events_per_second) + " events a second");
    line("verified", verified ? "yes: every event is there, in order" : "NO");
    line("rebuilt", audit.rebuild_identical ? "every table anew: the same rows" : "DIFFERENT ROWS");
    line("as of", audit.as_of_identical ? "the middle: the same rows as a fold of the first half"
                                        : "the middle: DIFFERENT ROWS");
    return lines;
}

std::string report::json() const {
    boost::json::object object{
        {"folder", run.folder.string()},
        {"run", run.number},
        {"resumed", run.is_resumed},
        {"digest", digest},
        {"database", database},
        {"seconds", seconds.count()},
        {"events", events},
        {"appended", appended},
        {"streams", streams},
        {"agents", agents},
        {"tasks", tasks},
        {"by_type", boost::json::value_from(by_type)},
        {"append_events_per_second", static_cast<double>(appended) / seconds.count()},
        {"replay_events_per_second", replay_events_per_second},
        {"bytes_per_event", bytes_per_event},
        {"durability", durability},
        {"verified", verified},
        {"agents_by_status", boost::json::value_from(audit.agents_by_status)},
        {"tasks_by_status", boost::json::value_from(audit.tasks_by_status)},
        {"rebuild_identical", audit.rebuild_identical},
        {"as_of_identical", audit.as_of_identical}};
    return boost::json::serialize(object);
}
