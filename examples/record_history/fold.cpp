#include "fold.hpp"

#include "database_file.hpp"

#include "history/swarm_translator.hpp"
#include "terminal/progress_bar.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>

#include <utility>
#include <vector>

namespace {

using namespace swarmlog;

result<event_log> open_tables(std::filesystem::path const& path) {
    projection_set projections;
    swarm::add_projections(projections);
    if (path.empty()) {
        log_options options;
        options.codec = record_codec::none;
        options.state = projections;
        return open_memory(std::move(options));
    }
    if (auto way = make_way(path); !way) return way.error();
    sqlite_log_options options;
    options.state = projections;
    result<event_log> log = open_sqlite(path, std::move(options));
    if (!log) return log;
    if (auto marked = mark_recording(*log); !marked) return marked.error();
    return log;
}

result<void> submit_all(producer& into, std::vector<history_event> const& events) {
    for (history_event const& each : events) {
        auto queued = into.submit(each.stream, expected::any{}, raw_event{each.type, each.data},
                                  details_of(each));
        if (!queued) return queued;
    }
    return {};
}

} // namespace

double folded::events_per_second() const {
    return seconds.count() > 0 ? static_cast<double>(events) / seconds.count() : 0;
}

result<folded> fold(event_log const& history, task_records records,
                    std::filesystem::path const& tables) {
    result<event_log> log = open_tables(tables);
    if (!log) return log.error();
    folded done;
    swarm_translator translator(std::move(records));
    producer into = log->make_producer();
    progress_bar bar("folding", "events");
    auto const began = std::chrono::steady_clock::now();
    reader events = history.read();
    for (;;) {
        result<std::optional<event>> const next = events.next();
        if (!next) return next.error();
        if (!*next) break;
        event_view const view = **next;
        auto const means = translator.translate(view);
        if (!means) return means.error();
        if (auto queued = submit_all(into, **means); !queued) return queued.error();
        done.events += (**means).size();
        bar.update(view.position.value, history.head().value);
    }
    flush_summary const answers = into.flush();
    if (answers.rejected != 0) return answers.first_failure;
    done.seconds = std::chrono::steady_clock::now() - began;
    done.untranslated = translator.untranslated();
    bar.clear();

    result<swarm_audit> audit = audit_swarm(*log);
    if (!audit) return audit.error();
    done.audit = std::move(*audit);
    if (auto closed = log->close(); !closed) return closed.error();
    return done;
}
