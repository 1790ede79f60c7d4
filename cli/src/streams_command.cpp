#include "command.hpp"
#include "format_option.hpp"
#include "json_text.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "terminal/number_text.hpp"
#include "terminal/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace swarmlog::cli {

namespace {

struct streams_options {
    std::string database;
    std::string prefix;
    std::string sort_by = "name";
    std::size_t limit = std::numeric_limits<std::size_t>::max();
    format_option format;
};

void sort_streams(std::vector<key_info>& streams, std::string const& sort_by) {
    std::sort(streams.begin(), streams.end(), [&](key_info const& a, key_info const& b) {
        if (sort_by == "events" && a.events != b.events) return a.events > b.events;
        if (sort_by == "newest" && a.last != b.last) return a.last > b.last;
        return a.name < b.name;
    });
}

std::string as_table(std::vector<key_info> const& streams) {
    using align = text_table::align;
    text_table table({{"STREAM", align::left, 50},
                      {"EVENTS", align::right, 14},
                      {"FIRST POSITION", align::right, 14},
                      {"LAST POSITION", align::right, 14}});
    for (key_info const& each : streams) {
        table.add(
            {each.name, grouped(each.events), grouped(each.first.value), grouped(each.last.value)});
    }
    return table.text(table_columns());
}

std::string as_json(std::vector<key_info> const& streams) {
    std::string lines;
    for (key_info const& each : streams) {
        std::string line = "{";
        append_json_member(line, "stream", each.name);
        fmt::format_to(std::back_inserter(line), ",\"events\":{},\"first\":{},\"last\":{}}}\n",
                       each.events, each.first.value, each.last.value);
        lines += line;
    }
    return lines;
}

exit_code list_streams(streams_options const& options) {
    std::optional<event_log> const log = open_to_read(options.database);
    if (!log) return exit_code::cannot_open;
    std::vector<key_info> streams;
    result<void> const listed = log->for_each_stream([&](key_info const& each) {
        if (each.name.starts_with(options.prefix)) streams.push_back(each);
    });
    if (!listed) {
        complain(listed.error().message());
        return exit_code::failed;
    }
    sort_streams(streams, options.sort_by);
    if (streams.size() > options.limit) streams.resize(options.limit);
    output to;
    to.write(options.format.chosen() == output_format::table ? as_table(streams)
                                                             : as_json(streams));
    return to.flush() ? after_reading(*log) : exit_code::failed;
}

} // namespace

command add_streams_command(CLI::App& app) {
    auto options = std::make_shared<streams_options>();
    CLI::App* const command = app.add_subcommand("streams", "List streams with their event counts");
    command->add_option("database", options->database, "The log's file")->required();
    command->add_option("--prefix", options->prefix, "Only streams whose name begins so");
    command->add_option("--sort", options->sort_by, "name; events, most first; newest, last first")
        ->check(CLI::IsMember({"name", "events", "newest"}))
        ->capture_default_str();
    command->add_option("--limit", options->limit, "At most so many streams");
    options->format.add_to(*command);
    return {command, [options] { return list_streams(*options); }};
}

} // namespace swarmlog::cli
