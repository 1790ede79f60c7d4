// Real histories, folded into the tables of a swarm: where each task stands after its last event.

#include "history/recorded_set.hpp"
#include "history/scratch_folder.hpp"
#include "history/swarm_translator.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Named, because data cases are templates, which may not hold what only this file knows.
namespace folding {

using namespace swarmlog;
using swarm::task_status;

log_options with_swarm() {
    projection_set projections;
    swarm::add_projections(projections);
    log_options options;
    options.state = projections;
    return options;
}

event_log open_file(std::filesystem::path const& path) {
    sqlite_log_options options;
    static_cast<log_options&>(options) = with_swarm();
    return open_sqlite(path, std::move(options)).value();
}

/// The history as it was recorded, and what it means to a swarm in two other logs.
struct folded_history {
    explicit folded_history(std::string const& name)
        : translator(read_task_records(recorded_set::file_of(name)).value()) {
        auto const source = open_history(recorded_set::file_of(name)).value();
        producer into = recorded.make_producer();
        while (auto const event = source->next().value()) {
            into.submit(event->stream, expected::any{}, raw_event{event->type, event->data},
                        details_of(*event))
                .value();
        }
        BOOST_REQUIRE(into.flush().rejected == 0U);
    }

    /// `before` sees each event of the history while the translator does not know it.
    template <class Before>
    void fold(Before const& before) {
        producer into_file = file.make_producer();
        producer into_memory = memory.make_producer();
        reader events = recorded.read();
        while (auto const event = events.next().value()) {
            event_view const view = *event;
            before(view);
            for (history_event const& each : *translator.translate(view).value()) {
                raw_event const raw{each.type, each.data};
                into_file.submit(each.stream, expected::any{}, raw, details_of(each)).value();
                into_memory.submit(each.stream, expected::any{}, raw, details_of(each)).value();
            }
        }
        flush_summary const in_file = into_file.flush();
        BOOST_REQUIRE_MESSAGE(in_file.rejected == 0U, in_file.first_failure.message());
        BOOST_REQUIRE(into_memory.flush().rejected == 0U);
    }

    scratch_folder folder;
    swarm_translator translator;
    event_log recorded = open_memory().value();
    event_log file = open_file(folder / "tables.db");
    event_log memory = open_memory(with_swarm()).value();
};

template <class Row>
std::vector<Row> rows_of(event_log const& log) {
    return log.table<Row>().all().value();
}

/// What a recorded event says by its type alone.
task_status status_after(std::string_view type) {
    if (type == "claim") { return task_status::assigned; }
    if (type == "dispatch") { return task_status::running; }
    if (type == "complete") { return task_status::completed; }
    BOOST_TEST((type == "fail" || type == "timeout" || type == "crash"), type);
    return task_status::failed;
}

/// The tables are the same everywhere: in memory, rebuilt, as of the head, after a restart.
void check_tables(folded_history& folded) {
    std::vector<swarm::task> const tasks = rows_of<swarm::task>(folded.file);
    std::vector<swarm::agent> const agents = rows_of<swarm::agent>(folded.file);
    BOOST_TEST((rows_of<swarm::task>(folded.memory) == tasks));
    BOOST_TEST((rows_of<swarm::agent>(folded.memory) == agents));
    for (swarm::task const& each : tasks) {
        BOOST_TEST_REQUIRE((each.status == folded.translator.status_of(each.id)), each.id);
    }
    for (event_log* const log : {&folded.file, &folded.memory}) {
        auto projections = projection_set::of(log->state());
        for (projection_status const& each : projections.status().value()) {
            BOOST_TEST(projections.rebuild(each.name).value().is_identical, each.name);
        }
        as_of_view const now = log->as_of(log->head()).value();
        BOOST_TEST((now.table<swarm::task>().all().value() == tasks));
        BOOST_TEST((now.table<swarm::agent>().all().value() == agents));
    }
    position const middle{folded.file.head().value / 2};
    as_of_view const then = folded.file.as_of(middle).value();
    as_of_view const then_in_memory = folded.memory.as_of(middle).value();
    BOOST_TEST((then.table<swarm::task>().all().value() ==
                then_in_memory.table<swarm::task>().all().value()));
    folded.file.close().value();
    folded.file = open_file(folded.folder / "tables.db");
    BOOST_TEST((rows_of<swarm::task>(folded.file) == tasks));
    BOOST_TEST((rows_of<swarm::agent>(folded.file) == agents));
}

bool is_needle(std::string const& log) { return log.starts_with("needle-beads/"); }

std::vector<std::string> needle_logs() {
    std::vector<std::string> logs = recorded_set::event_logs();
    std::erase_if(logs, [](std::string const& each) { return !is_needle(each); });
    return logs;
}

/// The status of the task record inside of a `status_changed`; empty when it has none.
std::string old_status(event_view const& event) {
    boost::json::value const data = boost::json::parse(event.data);
    boost::json::value const record = boost::json::parse(data.at("old_value").as_string());
    boost::json::value const* const status = record.as_object().if_contains("status");
    return status == nullptr ? std::string{} : std::string{status->as_string()};
}

std::string name_of(task_status status) {
    switch (status) {
    case task_status::pending: return "open";
    case task_status::assigned: return "hooked";
    case task_status::running: return "in_progress";
    case task_status::completed: return "closed";
    case task_status::failed:
    case task_status::cancelled: break;
    }
    return "other";
}

bool says_status_of(std::string_view type) {
    return type == "status_changed" || type == "closed" || type == "claimed" || type == "reopened";
}

struct task_past {
    std::uint64_t creations = 0;
    std::uint64_t statuses = 0; ///< events so far that say one
    std::optional<timestamp> last_said_at;
    bool was_at_once = false; ///< two of those were at one time

    void note(event_view const& event) {
        if (!says_status_of(event.type)) { return; }
        was_at_once = was_at_once || last_said_at == event.occurred_at;
        last_said_at = event.occurred_at;
        ++statuses;
    }
    [[nodiscard]] std::string difference(std::string const& was) const {
        if (was == "blocked" || was == "pinned" || was == "staged_ready") {
            return "no counterpart";
        }
        if (creations > 1) { return "merged copies"; }
        if (statuses == 1) { return "born otherwise"; }
        if (was_at_once) { return "same second"; }
        return "unexplained";
    }
};

} // namespace folding

using namespace folding;

BOOST_AUTO_TEST_SUITE(folded_histories, *boost::unit_test::precondition(recorded_set::is_there))

BOOST_DATA_TEST_CASE(a_task_stands_where_its_last_event_left_it,
                     boost::unit_test::data::make(needle_logs()), name) {
    folded_history folded{name};
    folded.fold([](event_view const&) {});

    boost::json::value const counts = recorded_set::expected_counts();
    boost::json::object const& expected = counts.at(name).as_object();
    BOOST_TEST(folded.file.table<swarm::task>().count().value() ==
               expected.at("streams(beads)").to_number<std::uint64_t>());
    BOOST_TEST(folded.file.table<swarm::agent>().count().value() ==
               expected.at("workers").to_number<std::uint64_t>());
    std::map<task_status, std::uint64_t> by_status;
    for (boost::json::key_value_pair const& each : expected.at("last_event_per_bead").as_object()) {
        by_status[status_after(each.key())] += each.value().to_number<std::uint64_t>();
    }
    for (auto const& [status, tasks] : by_status) {
        typed_query<swarm::task> const those =
            folded.file.query<swarm::task>().where(eq(&swarm::task::status, status));
        BOOST_TEST(those.count().value() == tasks, name_of(status));
    }
    std::map<std::string, std::string> last_event;
    for (event_view const& event : folded.recorded.read()) {
        last_event[std::string{event.stream}] = event.type;
    }
    for (auto const& [stream, type] : last_event) {
        std::string const id = stream.substr(std::string_view{"task-"}.size());
        auto const task = folded.file.table<swarm::task>().find(id).value();
        BOOST_TEST_REQUIRE((task->status == status_after(type)), id);
    }
    check_tables(folded);
}

// A `status_changed` of Gas Town holds the task as it was before, which the fold should have found.
// Where it did not, the history itself does not say so, in one of four ways:
//   no counterpart   the tracker has statuses that a swarm has not: blocked, pinned, staged_ready
//   merged copies    two copies of the tracker went on apart and were merged: such a task was
//                    created twice, its events alternate, and the record is the other copy's
//   born otherwise   the task was created with another status than open, which `created` omits
//   same second      times are whole seconds, and within one the source has lost the order
BOOST_AUTO_TEST_CASE(gas_town_says_itself_where_its_tasks_stood) {
    folded_history folded{"gastown"};
    std::map<std::string, task_past> pasts;
    for (event_view const& event : folded.recorded.read().type("created")) {
        ++pasts[std::string{event.stream}].creations;
    }
    std::uint64_t changes = 0;
    std::map<std::string, std::uint64_t> differing;
    folded.fold([&](event_view const& event) {
        task_past& past = pasts[std::string{event.stream}];
        past.note(event);
        if (event.type == "status_changed") {
            ++changes;
            std::string const was = old_status(event);
            std::string const task{event.stream.substr(std::string_view{"task-"}.size())};
            std::string const found = name_of(folded.translator.status_of(task));
            if (was != found) {
                ++differing[past.difference(was)];
                BOOST_TEST_MESSAGE(event.position.value << ": " << task << " was " << was
                                                        << ", folded " << found);
            }
        }
    });
    BOOST_TEST(folded.file.table<swarm::task>().count().value() == 8'278U);
    BOOST_TEST(folded.file.table<swarm::agent>().count().value() == 195U);
    std::uint64_t in_all = 0;
    for (auto const& [which, count] : differing) {
        BOOST_TEST_MESSAGE(count << " records differ: " << which);
        in_all += count;
    }
    BOOST_TEST_MESSAGE(in_all << " of " << changes << " records differ from what was folded");
    BOOST_TEST(differing["unexplained"] == 0U);
    BOOST_TEST(in_all * 50 < changes);
    check_tables(folded);
}

BOOST_AUTO_TEST_SUITE_END()
