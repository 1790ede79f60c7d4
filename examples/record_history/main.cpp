/// Records a history into a log, reopens it, replays it and checks that every event came out as
/// it went in; then folds it into the tables of a swarm, in a log beside it, and audits these. The
/// history is a recorded one of an orchestrator, or one generated from a seed.
///
/// The last line on standard output is one JSON object.

#include "database_file.hpp"
#include "fold.hpp"
#include "notices.hpp"
#include "record.hpp"
#include "replay.hpp"
#include "summary.hpp"

#include "history/generated_history.hpp"
#include "history/history_source.hpp"
#include "terminal/number_text.hpp"
#include "terminal/progress_bar.hpp"

#include <swarmlog/swarmlog.hpp>

#include <CLI/CLI.hpp>

#include <fmt/core.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace swarmlog;

enum exit_code : int { verified = 0, not_verified = 1, usage = 2, failed = 3 };

struct program_options {
    std::string history;
    std::string database = "swarm.db";
    std::string tables; ///< empty: beside the database
    generated_history_options generated;
    bool in_memory = false;
};

result<std::unique_ptr<history_source>> open_source(program_options const& options,
                                                    history_observer observer) {
    if (options.history.empty()) return generate_history(options.generated);
    return open_history(options.history, std::move(observer));
}

result<event_log> open_log(program_options const& options) {
    if (options.in_memory) return open_memory();
    return open_sqlite(options.database);
}

/// Step 1: everything goes in.
result<recording> record_into(event_log& log, history_source& source,
                              history_observer const& observer, summary& found) {
    if (auto marked = mark_recording(log); !marked) return marked.error();
    found.history = source.description();
    found.durability = to_string(log.statistics().durability);
    say("recording: {}", found.history);
    result<recording> recorded = record(source, observer, log);
    if (!recorded) return recorded.error();
    found.skipped_files = source.skipped_files();
    found.append_events_per_second = recorded->events_per_second();
    say("recorded {} events in {:.3f} s", grouped(recorded->events), recorded->seconds.count());
    return recorded;
}

/// Step 2: what is in the file alone must do.
result<void> reopen(event_log& log, program_options const& options, summary& found) {
    if (options.in_memory) return {};
    if (auto closed = log.close(); !closed) return closed;
    auto const began = std::chrono::steady_clock::now();
    result<event_log> opened = open_log(options);
    auto const ended = std::chrono::steady_clock::now();
    if (!opened) return opened.error();
    log = std::move(*opened);
    found.reopen_ms = std::chrono::duration<double, std::milli>(ended - began).count();
    say("reopened in {:.1f} ms", found.reopen_ms);
    return {};
}

/// Step 3: everything comes out as it went in, and the log itself finds nothing wrong.
result<void> replay_and_verify(event_log const& log, history_source& source,
                               recording const& recorded, summary& found) {
    result<replayed> const out = replay(log, source, recorded.refused);
    if (!out) return out.error();
    found.events = out->events;
    found.replay_events_per_second = out->events_per_second();
    say("replayed {} events in {:.3f} s", grouped(out->events), out->seconds.count());
    if (!out->difference.empty()) say("NOT AS IT WENT IN: {}", out->difference);

    progress_bar bar("verifying", "events");
    result<verify_report> const report = log.verify([&](std::uint64_t done, std::uint64_t total) {
        bar.update(done, total);
        return true;
    });
    bar.clear();
    if (!report) return report.error();
    for (verify_report::problem const& each : report->problems) {
        say("DAMAGED: position {}: {}", each.at.value, each.what);
    }
    say("verified {} events in {} records", grouped(report->events), grouped(report->records));
    found.verified = report->sound() && out->difference.empty() && out->events == recorded.events;
    return {};
}

/// `swarm.db` has its tables in `swarm-tables.db`.
std::string tables_file(program_options const& options) {
    if (!options.tables.empty()) return options.tables;
    std::filesystem::path const database = options.database;
    std::string const name = database.stem().string() + "-tables" + database.extension().string();
    return (database.parent_path() / name).string();
}

/// Step 4: what happened says where every agent and task stands.
result<void> fold_into_tables(event_log const& log, program_options const& options,
                              summary& found) {
    task_records records;
    if (!options.history.empty()) {
        result<task_records> read = read_task_records(options.history);
        if (!read) return read.error();
        records = std::move(*read);
    }
    std::string const file = options.in_memory ? std::string() : tables_file(options);
    found.tables = options.in_memory ? "memory" : file;
    result<folded> done = fold(log, std::move(records), file);
    if (!done) return done.error();
    found.swarm = std::move(*done);
    say("folded {} events of the swarm in {:.3f} s", grouped(found.swarm.events),
        found.swarm.seconds.count());
    return {};
}

result<summary> run(program_options const& options) {
    left_out notices;
    history_observer const observer = notices.observer();
    result<std::unique_ptr<history_source>> source = open_source(options, observer);
    if (!source) return source.error();
    if (!options.in_memory) {
        if (auto way = make_way(options.database); !way) return way.error();
    }
    result<event_log> log = open_log(options);
    if (!log) return log.error();

    summary found;
    found.database = options.in_memory ? "memory" : options.database;
    result<recording> const recorded = record_into(*log, **source, observer, found);
    notices.say_rest();
    found.rejected = notices.rejected();
    if (!recorded) return recorded.error();
    if (auto opened = reopen(*log, options, found); !opened) return opened.error();

    // The source is read a second time, so that what is compared was never in the log's hands.
    result<std::unique_ptr<history_source>> again = open_source(options, {});
    if (!again) return again.error();
    if (auto checked = replay_and_verify(*log, **again, *recorded, found); !checked) {
        return checked.error();
    }
    if (auto counted = count_keys(*log, found); !counted) return counted.error();
    if (auto done = fold_into_tables(*log, options, found); !done) return done.error();
    if (auto closed = log->close(); !closed) return closed.error();
    return found;
}

int parse_and_run(int argc, char** argv) {
    program_options options;
    CLI::App app(
        "Records a history into an event log, replays it, checks every event and folds the "
        "history into the tables of a swarm.",
        "example_record_history");
    app.add_option("--history", options.history,
                   "A recorded history: a file or a folder (needle-beads, gastown, temporal)");
    app.add_option("--database", options.database,
                   "Where it goes; what this program recorded there before is replaced")
        ->capture_default_str();
    app.add_option("--tables", options.tables,
                   "The log of the swarm's tables that follow from it, replaced too; beside the "
                   "database unless told");
    app.add_option("--events", options.generated.events, "How many events to generate")
        ->capture_default_str();
    app.add_option("--seed", options.generated.seed, "From which seed")->capture_default_str();
    app.add_flag("--memory", options.in_memory, "Record into memory instead of a file");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& problem) { return app.exit(problem) == 0 ? verified : usage; }
    result<summary> const found = run(options);
    if (!found) {
        say("example_record_history: {}", found.error().message());
        return failed;
    }
    fmt::print("\n{}\n{}\n", found->text(), found->json());
    return found->is_sound() ? verified : not_verified;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return parse_and_run(argc, argv);
    } catch (std::exception const& problem) {
        fmt::print(stderr, "example_record_history: {}\n", problem.what());
        return failed;
    }
}
