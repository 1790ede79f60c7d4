#include "command.hpp"
#include "history/json_slice.hpp"
#include "history/line_reader.hpp"
#include "input_event.hpp"
#include "json_text.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "pipelined_appends.hpp"
#include "rejections.hpp"
#include "terminal/number_text.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace swarmlog::cli {

namespace {

struct append_options {
    std::string database;
    bool receipts = false;
    bool strict = false;
};

std::string receipt_line(std::uint64_t line, std::string const& stream, receipt const& got) {
    std::string text = fmt::format("{{\"line\":{},\"position\":{}", line, got.first.value);
    append_json_member(text, "stream", stream);
    if (!got.versions.empty()) {
        fmt::format_to(std::back_inserter(text), ",\"version\":{}", got.versions.front().value);
    }
    append_json_member(text, "recorded_at", to_string(got.recorded_at));
    append_json_member(text, "durability", to_string(got.durability));
    fmt::format_to(std::back_inserter(text), ",\"repeated\":{}}}\n", got.repeated);
    return text;
}

/// Takes lines from standard input until its end, or until something says to stop.
class line_appender {
public:
    line_appender(producer& into, append_options const& options)
        : into_(into),
          options_(options),
          // After a bad line, strict must not have begun with the next one.
          appends_(into, options.strict ? 1 : 1'024,
                   [this](std::uint64_t line, std::string const& stream,
                          result<receipt> const& answer) { told(line, stream, answer); }) {}

    exit_code run() {
        line_reader input = line_reader::standard_input();
        while (!stopped_) {
            // Who writes the pipe may be waiting for the receipts.
            if (!input.has_line()) settle();
            result<std::optional<text_line>> const line = input.next();
            if (!line) {
                fail(line.error());
                break;
            }
            if (!*line) break;
            take(**line);
        }
        settle();
        refused_.finish();
        fmt::print(stderr, "{} appended, {} rejected\n", grouped(appended_),
                   grouped(refused_.count()));
        if (failed_) return exit_code::failed;
        return refused_.count() == 0 ? exit_code::ok : exit_code::input_rejected;
    }

private:
    void take(text_line const& line) {
        if (line.too_long) return reject(line.number, "the line is too long");
        if (trim_json(line.text).empty()) return;
        result<input_event> event = read_input_event(line.text, line_use::append);
        if (!event) return reject(line.number, event.error().message());
        append_request request = into_.new_append();
        if (!event->idempotency_key.empty()) request.idempotency_key(event->idempotency_key);
        request.expect(event->stream, event->condition);
        event->add_to(request);
        appends_.append(line.number, line.text.size(), std::move(event->stream),
                        std::move(request));
    }

    void told(std::uint64_t line, std::string const& stream, result<receipt> const& answer) {
        if (!answer) {
            if (is_fault_of_input(answer.error())) return reject(line, answer.error().message());
            return fail(answer.error());
        }
        ++appended_;
        if (options_.receipts) output_.write(receipt_line(line, stream, *answer));
    }

    void reject(std::uint64_t line, std::string const& reason) {
        refused_.add(fmt::format("line {}", line), reason);
        stopped_ = stopped_ || options_.strict;
    }

    void fail(error const& failure) {
        if (!failed_) complain(failure.message());
        failed_ = true;
        stopped_ = true;
    }

    void settle() {
        appends_.drain();
        if (output_.flush() || failed_) return;
        complain("standard output cannot be written");
        failed_ = true;
        stopped_ = true;
    }

    producer& into_;
    append_options const& options_;
    pipelined_appends appends_;
    output output_;
    rejections refused_;
    std::uint64_t appended_ = 0;
    bool failed_ = false;
    bool stopped_ = false;
};

exit_code append(append_options const& options) {
    std::optional<event_log> log = open_to_append(options.database);
    if (!log) return exit_code::cannot_open;
    exit_code code = exit_code::ok;
    {
        producer into = log->make_producer();
        code = line_appender(into, options).run();
    }
    if (result<void> const closed = log->close(); !closed) {
        complain(closed.error().message());
        return exit_code::failed;
    }
    return code;
}

} // namespace

command add_append_command(CLI::App& app) {
    auto options = std::make_shared<append_options>();
    CLI::App* const command =
        app.add_subcommand("append", "Append events from standard input, one JSON object a line");
    command->add_option("database", options->database, "The log's file, made if there is none")
        ->required();
    command->add_flag("--receipts", options->receipts, "Print a line for each append");
    command->add_flag("--strict", options->strict, "Stop at the first line that is rejected");
    command->footer(
        R"(Members of a line: stream, type and data, and optionally tags, metadata,
correlation_id, causation_id, occurred_at, id, schema_version, idempotency_key and
expected_version (a number, "any", "no_stream" or "stream_exists").)");
    return {command, [options] { return append(*options); }};
}

} // namespace swarmlog::cli
