#include "command.hpp"
#include "event_importer.hpp"
#include "history/history_source.hpp"
#include "history/json_slice.hpp"
#include "history/line_reader.hpp"
#include "input_event.hpp"
#include "open_log.hpp"
#include "rejections.hpp"
#include "terminal/number_text.hpp"
#include "terminal/progress_bar.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace swarmlog::cli {

namespace {

struct import_options {
    std::string database;
    std::string source = "-";
    std::uint64_t bytes_max = std::uint64_t{64} << 30U;
};

/// Reads on until the input has had its share, so that no input fills the disk.
class input_limit {
public:
    explicit input_limit(std::uint64_t bytes_max) noexcept : bytes_max_(bytes_max) {}

    [[nodiscard]] result<void> check(std::uint64_t bytes_used) const {
        if (bytes_used <= bytes_max_) return {};
        return error(errc::invalid_argument, "the input has more than " +
                                                 std::to_string(bytes_max_) +
                                                 " bytes, the limit (--bytes-max)");
    }

private:
    std::uint64_t bytes_max_;
};

/// Tells our own lines from the recorded histories of others, by the first that can be told.
bool is_exported(std::string const& path) {
    constexpr std::size_t looked_at_bytes = std::size_t{4} * 1024 * 1024;
    std::error_code failure;
    if (path == "-") return true;
    if (std::filesystem::is_directory(path, failure)) return false;
    result<std::string> const beginning = read_beginning(path, looked_at_bytes);
    std::string_view rest = beginning ? std::string_view(*beginning) : std::string_view();
    while (!rest.empty()) {
        std::string_view const line = trim_json(rest.substr(0, rest.find('\n')));
        rest.remove_prefix(std::min(rest.size(), rest.find('\n')));
        rest.remove_prefix(rest.empty() ? 0 : 1);
        if (line.size() > 2 && is_json_object(line) && !check_json(line)) {
            return find_json_member(line, "stream") && find_json_member(line, "type");
        }
    }
    return false;
}

/// What was read before goes in.
result<void> stop(event_importer& importer, error const& reason) {
    if (auto finished = importer.finish(); !finished) return finished;
    return reason;
}

result<void> import_lines(line_reader& input, std::string const& name, std::uint64_t total,
                          input_limit const& limit, event_importer& importer, rejections& refused) {
    progress_bar bar("import", "bytes");
    for (;;) {
        result<std::optional<text_line>> const line = input.next();
        if (!line) return line.error();
        if (!*line) return importer.finish();
        if (auto fits = limit.check(input.bytes_used()); !fits) return stop(importer, fits.error());
        bar.update(input.bytes_used(), total);
        text_line const& found = **line;
        std::string place = fmt::format("{}:{}", name, found.number);
        if (found.too_long) {
            refused.add(place, "the line is too long");
            continue;
        }
        if (trim_json(found.text).empty()) continue;
        result<input_event> event = read_input_event(found.text, line_use::import);
        if (!event) {
            refused.add(place, event.error().message());
            continue;
        }
        if (auto added = importer.add(std::move(*event), std::move(place)); !added) return added;
    }
}

result<void> import_history(history_source& source, input_limit const& limit,
                            event_importer& importer) {
    progress_bar bar("import", "bytes");
    for (;;) {
        result<std::optional<history_event>> next = source.next();
        if (!next) return next.error();
        if (!*next) return importer.finish();
        if (auto fits = limit.check(source.done()); !fits) return stop(importer, fits.error());
        bar.update(source.done(), source.total());
        history_event& found = **next;
        input_event event;
        event.stream = std::move(found.stream);
        event.type = std::move(found.type);
        event.data = std::move(found.data);
        event.tags = std::move(found.tags);
        event.occurred_at = found.occurred_at;
        if (auto added = importer.add(std::move(event), to_string(found.place)); !added) {
            return added;
        }
    }
}

/// What is read, opened before the log is made.
struct source {
    std::optional<line_reader> lines;
    std::unique_ptr<history_source> history;
    std::uint64_t bytes = 0;
};

result<source> open_source(std::string const& path, rejections& refused) {
    source opened;
    if (path == "-") {
        opened.lines = line_reader::standard_input();
        return opened;
    }
    if (is_exported(path)) {
        result<line_reader> lines = line_reader::open(path);
        if (!lines) return lines.error();
        opened.lines = std::move(*lines);
        std::error_code unknown;
        opened.bytes = std::filesystem::file_size(path, unknown);
        return opened;
    }
    history_observer observer;
    observer.rejected = [&refused](history_place const& place, std::string const& reason) {
        refused.add(to_string(place), reason);
    };
    observer.skipped = [](std::string const& file, std::string const& reason) {
        say(file + ": skipped: " + reason);
    };
    result<std::unique_ptr<history_source>> history = open_history(path, std::move(observer));
    if (!history) return history.error();
    opened.history = std::move(*history);
    return opened;
}

exit_code summarise(result<void> const& done, event_importer const& importer,
                    rejections const& refused) {
    refused.finish();
    fmt::print(stderr, "{} imported, {} rejected\n", grouped(importer.appended()),
               grouped(refused.count()));
    if (importer.moved() != 0) {
        fmt::print(stderr,
                   "{} events have another position or version than in the input: "
                   "the log was not empty, or events before them are missing\n",
                   grouped(importer.moved()));
    }
    if (!done) {
        complain(done.error().message());
        return exit_code::failed;
    }
    return refused.count() == 0 ? exit_code::ok : exit_code::input_rejected;
}

exit_code import_events(import_options const& options) {
    rejections refused;
    result<source> from = open_source(options.source, refused);
    if (!from) {
        complain(fmt::format("cannot open {}", from.error().message()));
        return exit_code::cannot_open;
    }
    std::optional<event_log> log = open_to_append(options.database);
    if (!log) return exit_code::cannot_open;
    exit_code code = exit_code::ok;
    {
        producer into = log->make_producer();
        event_importer importer(into, refused);
        input_limit const limit(options.bytes_max);
        std::string const name = options.source == "-" ? "standard input" : options.source;
        result<void> const done =
            from->history ? import_history(*from->history, limit, importer)
                          : import_lines(*from->lines, name, from->bytes, limit, importer, refused);
        code = summarise(done, importer, refused);
    }
    if (result<void> const closed = log->close(); !closed) {
        complain(closed.error().message());
        return exit_code::failed;
    }
    return code;
}

} // namespace

command add_import_command(CLI::App& app) {
    auto options = std::make_shared<import_options>();
    CLI::App* const command =
        app.add_subcommand("import", "Append what export wrote, or a recorded history");
    command->add_option("database", options->database, "The log's file, made if there is none")
        ->required();
    command
        ->add_option("source", options->source,
                     "An exported file; a file or folder of histories (needle-beads, gastown, "
                     "temporal); or - for exported lines on standard input")
        ->capture_default_str();
    command
        ->add_option("--bytes-max", options->bytes_max, "A longer input is cut off, and an error")
        ->capture_default_str();
    return {command, [options] { return import_events(*options); }};
}

} // namespace swarmlog::cli
