#include "command.hpp"
#include "format_option.hpp"
#include "json_text.hpp"
#include "open_log.hpp"
#include "output.hpp"
#include "terminal/number_text.hpp"
#include "terminal/progress_bar.hpp"

#include <fmt/format.h>

#include <iterator>
#include <memory>
#include <optional>
#include <string>

namespace swarmlog::cli {

namespace {

struct verify_options {
    std::string database;
    format_option format;
};

std::string as_json(verify_report const& report) {
    std::string text = fmt::format(
        "{{\"sound\":{},\"records\":{},\"events\":{},\"streams\":{},\"postings\":{},"
        "\"problems\":[",
        report.sound(), report.records, report.events, report.streams, report.postings);
    for (verify_report::problem const& each : report.problems) {
        if (!text.ends_with('[')) text += ',';
        fmt::format_to(std::back_inserter(text), "{{\"position\":{}", each.at.value);
        append_json_member(text, "what", each.what);
        text += '}';
    }
    return text + "]}\n";
}

std::string as_table(verify_report const& report) {
    std::string text =
        fmt::format("{} events in {} streams and {} records, {} index entries: {}\n",
                    grouped(report.events), grouped(report.streams), grouped(report.records),
                    grouped(report.postings), report.sound() ? "sound" : "DAMAGED");
    for (verify_report::problem const& each : report.problems) {
        fmt::format_to(std::back_inserter(text), "position {}: {}\n", each.at.value, each.what);
    }
    return text;
}

/// What was acknowledged and is gone belongs to the answer, too; what is left may well be sound.
void add_loss(open_report const& opened, verify_report& report) {
    if (opened.lost_events == 0) return;
    report.problems.push_back(
        {opened.head, fmt::format("{} acknowledged events after this position are gone",
                                  grouped(opened.lost_events))});
}

exit_code verify(verify_options const& options) {
    std::optional<event_log> const log = open_to_read(options.database);
    if (!log) return exit_code::cannot_open;
    progress_bar bar("verifying", "events");
    result<verify_report> report = log->verify([&](std::uint64_t done, std::uint64_t total) {
        bar.update(done, total);
        return true;
    });
    bar.clear();
    if (!report) {
        complain(report.error().message());
        // A record that cannot even be read is a finding, not an accident.
        return report.error() == errc::corrupt ? exit_code::problems_found : exit_code::failed;
    }
    add_loss(log->opened(), *report);
    output to;
    to.write(options.format.chosen() == output_format::table ? as_table(*report)
                                                             : as_json(*report));
    if (!to.flush()) return exit_code::failed;
    return report->sound() ? exit_code::ok : exit_code::problems_found;
}

} // namespace

command add_verify_command(CLI::App& app) {
    auto options = std::make_shared<verify_options>();
    CLI::App* const command = app.add_subcommand(
        "verify", "Check every record: checksums, chain, positions, versions, times, index");
    command->add_option("database", options->database, "The log's file")->required();
    options->format.add_to(*command);
    return {command, [options] { return verify(*options); }};
}

} // namespace swarmlog::cli
