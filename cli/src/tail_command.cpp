#include "command.hpp"
#include "event_filter.hpp"
#include "event_printer.hpp"
#include "format_option.hpp"
#include "interrupt_watch.hpp"
#include "open_log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::cli {

namespace {

struct tail_options {
    std::string database;
    event_filter filter;
    format_option format;
    bool follow = false;
    std::uint64_t events = 10;
};

exit_code failed(error const& failure) {
    complain(failure.message());
    return exit_code::failed;
}

/// The newest events up to `head`, oldest first.
result<void> print_newest(tail_options const& options, event_log const& log, position head,
                          event_printer& printer) {
    if (options.events == 0) return {};
    result<std::vector<event>> const newest = log.read()
                                                  .matching(options.filter.matching())
                                                  .before(head.next())
                                                  .backwards()
                                                  .limit(options.events)
                                                  .collect();
    if (!newest) return newest.error();
    for (auto each = newest->rbegin(); each != newest->rend(); ++each) printer.print(*each);
    return {};
}

/// Prints what comes after `head` until a signal, or until nobody reads the output any more.
exit_code follow(subscription& events, event_printer& printer, output& to) {
    constexpr std::size_t batch_events_max = 1'024;
    constexpr auto wait_max = std::chrono::hours(1);
    for (;;) {
        result<std::vector<event>> const batch =
            events.next_batch(batch_events_max, subscription::clock_type::now() + wait_max);
        if (!batch) {
            if (batch.error() == errc::deadline_exceeded) continue;
            return batch.error() == errc::cancelled ? exit_code::ok : failed(batch.error());
        }
        for (event const& each : *batch) printer.print(each);
        if (!to.flush()) return exit_code::ok;
    }
}

exit_code tail(tail_options const& options) {
    std::optional<event_log> const log = open_to_read(options.database);
    if (!log) return exit_code::cannot_open;
    position const head = log->head();
    output to;
    event_printer printer(to, options.format.chosen());
    if (!options.follow) {
        if (auto printed = print_newest(options, *log, head, printer); !printed) {
            return failed(printed.error());
        }
        return to.flush() ? after_reading(*log) : exit_code::failed;
    }
    result<subscription> events = log->subscribe(options.filter.matching(), head);
    if (!events) return failed(events.error());
    interrupt_watch const interrupts([&] { events->cancel(); });
    if (auto printed = print_newest(options, *log, head, printer); !printed) {
        return failed(printed.error());
    }
    to.flush();
    return follow(*events, printer, to);
}

} // namespace

command add_tail_command(CLI::App& app) {
    auto options = std::make_shared<tail_options>();
    CLI::App* const command = app.add_subcommand("tail", "Print the newest events");
    command->add_option("database", options->database, "The log's file")->required();
    command->add_flag("-f,--follow", options->follow,
                      "Then print events as they are appended, until SIGINT or SIGTERM");
    command->add_option("-n,--events", options->events, "How many events to begin with")
        ->capture_default_str();
    options->filter.add_to(*command);
    options->format.add_to(*command);
    return {command, [options] { return tail(*options); }};
}

} // namespace swarmlog::cli
