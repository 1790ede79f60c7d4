#include "summary.hpp"

#include "terminal/number_text.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

namespace {

using namespace swarmlog;

constexpr std::size_t streams_shown = 5;
constexpr std::size_t agents_shown = 10;

std::string quoted(std::string const& text) {
    return boost::json::serialize(boost::json::string_view(text));
}

std::vector<std::pair<std::uint64_t, std::string>>
most_frequent_first(std::map<std::string, std::uint64_t> const& by_type) {
    std::vector<std::pair<std::uint64_t, std::string>> types;
    types.reserve(by_type.size());
    for (auto const& [type, count] : by_type) types.emplace_back(count, type);
    std::stable_sort(types.begin(), types.end(),
                     [](auto const& a, auto const& b) { return a.first > b.first; });
    return types;
}

/// `{"completed":3,"failed":1}`
std::string counts_json(std::map<std::string, std::uint64_t> const& counts) {
    std::string members;
    for (auto const& [name, count] : counts) {
        if (!members.empty()) members += ',';
        members += quoted(name) + ":" + std::to_string(count);
    }
    return "{" + members + "}";
}

/// `1,204 completed, 3 failed`
std::string counts_text(std::map<std::string, std::uint64_t> const& counts) {
    std::string text;
    for (auto const& [name, count] : counts) {
        if (!text.empty()) text += ", ";
        text += grouped(count) + " " + name;
    }
    return text.empty() ? "none" : text;
}

std::string duration_text(std::chrono::nanoseconds time) {
    double const seconds = std::chrono::duration<double>(time).count();
    if (seconds < 120) return fmt::format("{:.1f} s", seconds);
    if (seconds < 7'200) return fmt::format("{:.1f} min", seconds / 60);
    return fmt::format("{:.1f} h", seconds / 3'600);
}

} // namespace

result<void> count_keys(event_log const& log, summary& into) {
    auto& longest = into.longest_streams;
    auto counted = log.for_each_stream([&](key_info const& each) {
        ++into.streams;
        if (longest.size() == streams_shown && each.events <= longest.back().second) return;
        auto const place = std::find_if(longest.begin(), longest.end(), [&](auto const& other) {
            return other.second < each.events;
        });
        longest.insert(place, {each.name, each.events});
        if (longest.size() > streams_shown) longest.pop_back();
    });
    if (!counted) return counted;
    counted =
        log.for_each_type([&](key_info const& each) { into.by_type[each.name] = each.events; });
    if (!counted) return counted;
    counted = log.for_each_tag([&](key_info const& each) {
        if (each.name.starts_with("agent:")) ++into.agents;
        if (each.name.starts_with("task:")) ++into.tasks;
    });
    if (!counted) return counted;
    result<storage_sizes> const sizes = log.sizes();
    if (!sizes) return sizes.error();
    double const bytes = static_cast<double>(sizes->total_bytes);
    into.bytes_per_event =
        log.head().value == 0 ? 0 : bytes / static_cast<double>(log.head().value);
    return {};
}

std::string summary::text() const {
    constexpr std::size_t types_shown = 12;
    std::string lines;
    auto const line = [&](std::string_view name, std::string const& value) {
        fmt::format_to(std::back_inserter(lines), "  {:<12}{}\n", name, value);
    };
    line("history", history);
    line("database", fmt::format("{} ({})", database, durability));
    line("events", fmt::format("{} ({} rejected)", grouped(events), grouped(rejected)));
    line("streams", grouped(streams));
    line("agents", grouped(agents));
    line("tasks", grouped(tasks));
    line("in", rate_text(append_events_per_second) + " events a second");
    line("out", rate_text(replay_events_per_second) + " events a second");
    line("size", fmt::format("{:.1f} bytes an event", bytes_per_event));
    line("reopened in", fmt::format("{:.1f} ms", reopen_ms));
    line("verified", verified ? "yes: every event is as it came in, in order" : "NO");
    // A list under one heading.
    auto const list = [&](std::string_view name, std::uint64_t count, std::string const& what,
                          bool is_first) {
        line(is_first ? name : "", fmt::format("{:>10}  {}", grouped(count), what));
    };
    auto const types = most_frequent_first(by_type);
    for (std::size_t at = 0; at < std::min(types.size(), types_shown); ++at) {
        list("types", types[at].first, types[at].second, at == 0);
    }
    if (types.size() > types_shown) {
        line("", fmt::format("{:>10}  more types", types.size() - types_shown));
    }
    for (std::size_t at = 0; at < longest_streams.size(); ++at) {
        list("longest", longest_streams[at].second, longest_streams[at].first, at == 0);
    }
    swarm_audit const& audit = swarm.audit;
    line("tables", fmt::format("{}: {} events of the swarm, {} a second", tables,
                               grouped(swarm.events), rate_text(swarm.events_per_second())));
    line("agents", counts_text(audit.agents_by_status));
    line("tasks", counts_text(audit.tasks_by_status));
    if (audit.mean_time_to_complete) {
        line("took",
             duration_text(*audit.mean_time_to_complete) + " on average, from claim to completion");
    }
    for (std::size_t at = 0; at < std::min(audit.completed_by_agent.size(), agents_shown); ++at) {
        auto const& [agent, completed] = audit.completed_by_agent[at];
        list("completed by", completed, agent.empty() ? "(nobody named)" : agent, at == 0);
    }
    line("rebuilt", audit.rebuild_identical ? "every table anew: the same rows" : "DIFFERENT ROWS");
    line("as of", audit.as_of_identical ? "the middle: the same rows as a fold of the first half"
                                        : "the middle: DIFFERENT ROWS");
    return lines;
}

std::string summary::json() const {
    return fmt::format(
        R"({{"history":{},"database":{},"events":{},"rejected":{},"skipped_files":{},)"
        R"("streams":{},"agents":{},"tasks":{},"by_type":{},)"
        R"("append_events_per_second":{:.0f},"replay_events_per_second":{:.0f},)"
        R"("bytes_per_event":{:.2f},"reopen_ms":{:.3f},"durability":{},"verified":{},)"
        R"("tables":{},"swarm_events":{},"fold_events_per_second":{:.0f},)"
        R"("agents_by_status":{},"tasks_by_status":{},)"
        R"("rebuild_identical":{},"as_of_identical":{}}})",
        quoted(history), quoted(database), events, rejected, skipped_files, streams, agents, tasks,
        counts_json(by_type), append_events_per_second, replay_events_per_second, bytes_per_event,
        reopen_ms, quoted(durability), verified, quoted(tables), swarm.events,
        swarm.events_per_second(), counts_json(swarm.audit.agents_by_status),
        counts_json(swarm.audit.tasks_by_status), swarm.audit.rebuild_identical,
        swarm.audit.as_of_identical);
}
