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

} // namespace

result<void> count_keys(event_log const& log, summary& into) {
    auto counted = log.for_each_stream([&](key_info const&) { ++into.streams; });
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
    auto const types = most_frequent_first(by_type);
    for (std::size_t at = 0; at < std::min(types.size(), types_shown); ++at) {
        line(at == 0 ? "types" : "",
             fmt::format("{:>10}  {}", grouped(types[at].first), types[at].second));
    }
    if (types.size() > types_shown) {
        line("", fmt::format("{:>10}  more types", types.size() - types_shown));
    }
    return lines;
}

std::string summary::json() const {
    std::string types;
    types.reserve(by_type.size());
    for (auto const& [type, count] : by_type) {
        if (!types.empty()) types += ',';
        types += quoted(type) + ":" + std::to_string(count);
    }
    return fmt::format(
        R"({{"history":{},"database":{},"events":{},"rejected":{},"skipped_files":{},)"
        R"("streams":{},"agents":{},"tasks":{},"by_type":{{{}}},)"
        R"("append_events_per_second":{:.0f},"replay_events_per_second":{:.0f},)"
        R"("bytes_per_event":{:.2f},"reopen_ms":{:.3f},"durability":{},"verified":{}}})",
        quoted(history), quoted(database), events, rejected, skipped_files, streams, agents, tasks,
        types, append_events_per_second, replay_events_per_second, bytes_per_event, reopen_ms,
        quoted(durability), verified);
}
