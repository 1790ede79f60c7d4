#include "history_contestants.hpp"

#include "digest.hpp"
#include "prepared_folder.hpp"
#include "sqlite_database.hpp"
#include "stopwatch.hpp"
#include "swarm_history.hpp"
#include "swarm_log.hpp"

#include <array>
#include <stdexcept>
#include <string_view>

namespace swarmlog::perf {

namespace {

constexpr std::array<std::string_view, 4> task_states{"pending", "assigned", "running",
                                                      "completed"};

std::uint64_t digest_of_tables(event_log const& log) {
    digest read;
    for (swarm::agent const& each : log.table<swarm::agent>().all().value()) {
        if (each.status != swarm::agent_status::idle) {
            throw std::runtime_error{"an agent is not idle"};
        }
        read.add(each.id, std::string_view{"idle"});
    }
    for (swarm::task const& each : log.table<swarm::task>().all().value()) {
        read.add(each.id, task_states.at(static_cast<std::size_t>(each.status)));
    }
    return read.value();
}

} // namespace

contestant append_with_projections() {
    return [](setting const& given) {
        swarm_log on{given.folder};
        stopwatch const watch;
        submit_all(on.log, make_swarm_history, 0, given.events);
        sample taken = watch.stop(static_cast<double>(given.events));
        auto const created = on.log.read().type(swarm::task_created::type).count().value();
        if (on.log.table<swarm::task>().count().value() != created) {
            throw std::runtime_error{"the table does not hold the log's tasks"};
        }
        taken.digest = expect_content(on.log, make_swarm_history, given.events, true);
        return taken;
    };
}

contestant rebuild_swarm() {
    return [](setting const& given) {
        auto const folder =
            prepared_folder(given, "history", [&](std::filesystem::path const& made) {
                swarm_log on{made};
                submit_all(on.log, make_swarm_history, 0, given.events);
                on.log.close().value();
            });
        swarm_log on{folder};
        stopwatch const watch;
        auto const tasks = on.projections.rebuild("tasks").value();
        auto const agents = on.projections.rebuild("agents").value();
        sample taken = watch.stop(static_cast<double>(given.events));
        if (!tasks.is_identical || !agents.is_identical || on.log.head().value != given.events) {
            throw std::runtime_error{"the rebuilt tables differ"};
        }
        taken.digest = digest_of_tables(on.log);
        return taken;
    };
}

contestant upsert_rows() {
    return [](setting const& given) {
        database rows{given.folder / "rows.db", synchronous::full};
        rows.run(
            "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT NOT NULL, "
            "assigned_to TEXT, payload TEXT NOT NULL, result TEXT, updated_at INTEGER "
            "NOT NULL) WITHOUT ROWID; CREATE INDEX by_status ON tasks(status);"
            "CREATE INDEX by_agent ON tasks(assigned_to, status);"
            "CREATE TABLE agents(id TEXT PRIMARY KEY, status TEXT NOT NULL) WITHOUT ROWID");
        auto const upsert = rows.prepare(
            "INSERT INTO tasks VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT(id) DO UPDATE SET "
            "status=excluded.status, assigned_to=excluded.assigned_to, "
            "result=excluded.result, updated_at=excluded.updated_at");
        auto const upsert_agent = rows.prepare(
            "INSERT INTO agents VALUES(?1,'idle') ON CONFLICT(id) DO UPDATE SET "
            "status=excluded.status");
        constexpr std::uint64_t batch = 16'384;
        stopwatch const watch;
        sample_event event;
        for (std::uint64_t number = 0; number != given.events; ++number) {
            if (number % batch == 0) { rows.run(number == 0 ? "BEGIN" : "COMMIT;BEGIN"); }
            make_swarm_history(number, event);
            std::string_view const stream = event.stream;
            if (number < history_agents) {
                bind_value(upsert_agent, 1, stream.substr(std::string_view{"agent-"}.size()));
                rows.step_once(upsert_agent);
                continue;
            }
            std::uint64_t const step = (number - history_agents) / history_tasks_at_a_time;
            bind_value(upsert, 1, stream.substr(std::string_view{"task-"}.size()));
            bind_value(upsert, 2, task_states.at(step % task_states.size()));
            bind_value(upsert, 3, std::string_view{"worker-1"});
            bind_value(upsert, 4, std::string_view{R"({"target":"all"})"});
            bind_value(upsert, 5, std::string_view{R"({"exit_code":0})"});
            bind_value(upsert, 6, number);
            rows.step_once(upsert);
        }
        rows.run("COMMIT");
        sample taken = watch.stop(static_cast<double>(given.events));
        digest read;
        auto const all =
            rows.prepare("SELECT id, status FROM agents UNION ALL SELECT id, status FROM tasks");
        rows.for_each_row(all, [&] { read.add(text_of(all, 0), text_of(all, 1)); });
        taken.digest = read.value();
        return taken;
    };
}

} // namespace swarmlog::perf
