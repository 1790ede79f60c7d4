#include "command.hpp"
#include "format_option.hpp"
#include "json_text.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "terminal/number_text.hpp"
#include "terminal/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::cli {

namespace {

struct stats_options {
    std::string database;
    format_option format;
};

struct log_facts {
    position head;
    std::uint64_t streams = 0;
    std::uint64_t tags = 0;
    std::vector<key_info> types; ///< most frequent first
    std::optional<timestamp> first_recorded_at;
    std::optional<timestamp> last_recorded_at;
    storage_sizes sizes;
    open_report opened;
    std::uint64_t index_runs = 0;

    [[nodiscard]] double bytes_per_event() const {
        if (head.value == 0) return 0;
        return static_cast<double>(sizes.total_bytes) / static_cast<double>(head.value);
    }
};

result<void> look_at_keys(event_log const& log, log_facts& facts) {
    auto counted = log.for_each_stream([&](key_info const&) { ++facts.streams; });
    if (!counted) return counted;
    counted = log.for_each_tag([&](key_info const&) { ++facts.tags; });
    if (!counted) return counted;
    counted = log.for_each_type([&](key_info const& each) { facts.types.push_back(each); });
    if (!counted) return counted;
    std::sort(facts.types.begin(), facts.types.end(), [](key_info const& a, key_info const& b) {
        return a.events != b.events ? a.events > b.events : a.name < b.name;
    });
    return {};
}

result<log_facts> look_at(event_log const& log) {
    log_facts facts;
    facts.head = log.head();
    facts.opened = log.opened();
    facts.index_runs = log.statistics().index_runs;
    if (auto looked = look_at_keys(log, facts); !looked) return looked.error();
    result<storage_sizes> const sizes = log.sizes();
    if (!sizes) return sizes.error();
    facts.sizes = *sizes;
    result<std::optional<event>> const first = log.read().first();
    if (!first) return first.error();
    if (*first) facts.first_recorded_at = (*first)->recorded_at;
    result<std::optional<event>> const last = log.read().backwards().first();
    if (!last) return last.error();
    if (*last) facts.last_recorded_at = (*last)->recorded_at;
    return facts;
}

std::string as_json(log_facts const& facts) {
    std::string text = fmt::format("{{\"events\":{},\"streams\":{},\"tags\":{},\"types\":{{",
                                   facts.head.value, facts.streams, facts.tags);
    for (key_info const& each : facts.types) {
        if (!text.ends_with('{')) text += ',';
        append_json_string(text, each.name);
        fmt::format_to(std::back_inserter(text), ":{}", each.events);
    }
    text += '}';
    if (facts.first_recorded_at) {
        append_json_member(text, "first_recorded_at", to_string(*facts.first_recorded_at));
    }
    if (facts.last_recorded_at) {
        append_json_member(text, "last_recorded_at", to_string(*facts.last_recorded_at));
    }
    fmt::format_to(std::back_inserter(text),
                   ",\"total_bytes\":{},\"log_bytes\":{},\"index_bytes\":{},\"row_bytes\":{},"
                   "\"wal_bytes\":{},\"bytes_per_event\":{:.1f},\"index_runs\":{},"
                   "\"indexed_through\":{},\"schema_version\":{},\"lost_events\":{}}}\n",
                   facts.sizes.total_bytes, facts.sizes.log_bytes, facts.sizes.index_bytes,
                   facts.sizes.row_bytes, facts.sizes.wal_bytes, facts.bytes_per_event(),
                   facts.index_runs, facts.opened.indexed_through.value,
                   facts.opened.schema_version, facts.opened.lost_events);
    return text;
}

std::string time_text(std::optional<timestamp> const& time) {
    return time ? to_string(*time) : std::string("-");
}

std::string as_table(log_facts const& facts) {
    std::string text;
    auto const line = [&](std::string_view name, std::string const& value) {
        fmt::format_to(std::back_inserter(text), "{:<16}{}\n", name, value);
    };
    line("events", grouped(facts.head.value));
    line("streams", grouped(facts.streams));
    line("tags", grouped(facts.tags));
    line("first recorded", time_text(facts.first_recorded_at));
    line("last recorded", time_text(facts.last_recorded_at));
    line("size", fmt::format("{} ({:.1f} bytes an event)", bytes_text(facts.sizes.total_bytes),
                             facts.bytes_per_event()));
    line("  log", bytes_text(facts.sizes.log_bytes));
    line("  index",
         fmt::format("{}, runs: {}, through position {}", bytes_text(facts.sizes.index_bytes),
                     facts.index_runs, grouped(facts.opened.indexed_through.value)));
    line("  rows", bytes_text(facts.sizes.row_bytes));
    line("  WAL", bytes_text(facts.sizes.wal_bytes));
    line("schema", std::to_string(facts.opened.schema_version));
    if (facts.types.empty()) return text;
    text_table types(
        {{"TYPE", text_table::align::left, 60}, {"EVENTS", text_table::align::right, 20}});
    for (key_info const& each : facts.types) types.add({each.name, grouped(each.events)});
    return text + "\n" + types.text(table_columns());
}

exit_code show_stats(stats_options const& options) {
    std::optional<event_log> const log = open_to_read(options.database);
    if (!log) return exit_code::cannot_open;
    result<log_facts> const facts = look_at(*log);
    if (!facts) {
        complain(facts.error().message());
        return exit_code::failed;
    }
    output to;
    to.write(options.format.chosen() == output_format::table ? as_table(*facts) : as_json(*facts));
    return to.flush() ? after_reading(*log) : exit_code::failed;
}

} // namespace

command add_stats_command(CLI::App& app) {
    auto options = std::make_shared<stats_options>();
    CLI::App* const command = app.add_subcommand("stats", "Show counts, times and sizes");
    command->add_option("database", options->database, "The log's file")->required();
    options->format.add_to(*command);
    return {command, [options] { return show_stats(*options); }};
}

} // namespace swarmlog::cli
