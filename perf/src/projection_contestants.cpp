#include "projection_contestants.hpp"

#include "sample_events.hpp"
#include "sqlite_database.hpp"
#include "stopwatch.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::perf {

namespace {

constexpr std::uint64_t steps_a_task = 4;
constexpr std::uint64_t agent_count = 64;

/// Event `number` of a history in which each task is created, assigned, started and completed,
/// a few hundred of them at a time.
void make_task_history(std::uint64_t number, sample_event& out) {
    constexpr std::uint64_t tasks_at_a_time = 256;
    std::uint64_t const round = number / (tasks_at_a_time * steps_a_task);
    std::uint64_t const in_round = number % (tasks_at_a_time * steps_a_task);
    std::uint64_t const task = round * tasks_at_a_time + in_round % tasks_at_a_time;
    std::uint64_t const agent = task % agent_count;
    out.stream.clear() << "task-" << task;
    out.data.clear() << R"({"task_id":")" << task << "\"";
    switch (in_round / tasks_at_a_time) {
    case 0:
        out.type.clear() << "task.created";
        out.data << R"(,"task_type":"build","priority":"medium","payload":{"target":"all"},)"
                 << R"("dependencies":[],"required_capabilities":[],"max_retries":3})";
        return;
    case 1:
        out.type.clear() << "task.assigned";
        out.data << R"(,"agent_id":"worker-)" << agent << R"("})";
        return;
    case 2:
        out.type.clear() << "task.started";
        out.data << R"(,"agent_id":"worker-)" << agent << R"("})";
        return;
    default:
        out.type.clear() << "task.completed";
        out.data << R"(,"agent_id":"worker-)" << agent << R"(","result":{"exit_code":0}})";
    }
}

struct swarm_log {
    swarm_log(setting const& given, bool with_projections, projection_options kept = {})
        : projections(std::move(kept)), log(open(given, with_projections)) {}

    event_log open(setting const& given, bool with_projections) {
        sqlite_log_options options;
        if (with_projections) {
            swarm::add_projections(projections);
            options.state = projections;
        }
        return open_sqlite(given.folder / "swarm.db", options).value();
    }

    void submit_history(std::uint64_t events) {
        producer writer = log.make_producer();
        sample_event event;
        for (std::uint64_t number = 0; number != events; ++number) {
            make_task_history(number, event);
            writer.submit(event.stream, expected::any{}, raw_event{event.type, event.data}).value();
        }
        flush_summary const summary = writer.flush();
        if (summary.rejected != 0) { throw std::runtime_error{summary.first_failure.message()}; }
    }

    projection_set projections;
    event_log log;
};

std::string agent_id(std::uint64_t number) { return "agent-" + std::to_string(number % 1'000); }

swarm::task_priority priority_of(std::uint64_t number) {
    return static_cast<swarm::task_priority>(number * 7 % 4);
}

boost::asio::awaitable<void> claim_until_none(swarm::desk& desk, std::string claimer) {
    swarm::claim_next const next{std::move(claimer)};
    while (true) {
        auto const claimed = co_await desk.async_run(next, boost::asio::use_awaitable);
        if (!claimed && claimed.error() == swarm::swarm_errc::no_task_ready) { co_return; }
        static_cast<void>(claimed.value());
    }
}

} // namespace

contestant append_task_history(bool with_projections) {
    return [with_projections](setting const& given) {
        swarm_log on{given, with_projections};
        stopwatch const watch;
        on.submit_history(given.events);
        sample const taken = watch.stop(static_cast<double>(given.events));
        if (with_projections) {
            auto const created = on.log.read().type(swarm::task_created::type).count().value();
            if (on.log.table<swarm::task>().count().value() != created) {
                throw std::runtime_error{"the table does not hold the log's tasks"};
            }
        }
        return taken;
    };
}

contestant rebuild_swarm() {
    return [](setting const& given) {
        swarm_log on{given, true};
        on.submit_history(given.events);
        stopwatch const watch;
        auto const tasks = on.projections.rebuild("tasks").value();
        auto const agents = on.projections.rebuild("agents").value();
        sample const taken = watch.stop(static_cast<double>(tasks.events + agents.events));
        if (!tasks.is_identical || !agents.is_identical || tasks.events != given.events) {
            throw std::runtime_error{"the rebuilt table differs"};
        }
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
            "CREATE INDEX by_agent ON tasks(assigned_to, status)");
        auto const upsert = rows.prepare(
            "INSERT INTO tasks VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT(id) DO UPDATE SET "
            "status=excluded.status, assigned_to=excluded.assigned_to, "
            "result=excluded.result, updated_at=excluded.updated_at");
        constexpr std::uint64_t batch = 16'384;
        static constexpr std::string_view states[] = {"pending", "assigned", "running",
                                                      "completed"};
        stopwatch const watch;
        sample_event event;
        for (std::uint64_t number = 0; number != given.events; ++number) {
            if (number % batch == 0) { rows.run(number == 0 ? "BEGIN" : "COMMIT;BEGIN"); }
            make_task_history(number, event);
            std::string_view const stream = event.stream;
            bind_value(upsert, 1, stream.substr(5));
            bind_value(upsert, 2, states[number / 256 % 4]);
            bind_value(upsert, 3, std::string_view{"worker-1"});
            bind_value(upsert, 4, std::string_view{R"({"target":"all"})"});
            bind_value(upsert, 5, std::string_view{R"({"exit_code":0})"});
            bind_value(upsert, 6, number);
            rows.step_once(upsert);
        }
        if (given.events != 0) { rows.run("COMMIT"); }
        return watch.stop(static_cast<double>(given.events));
    };
}

contestant claim_tasks(unsigned claimers, unsigned claims_under_way) {
    return [claimers, claims_under_way](setting const& given) {
        swarm_log on{given, true};
        swarm::desk desk{on.log};
        for (unsigned each = 0; each != claimers; ++each) {
            desk.run(swarm::register_agent{.id = agent_id(each)}).value();
        }
        std::vector<std::future<result<receipt>>> created;
        for (std::uint64_t number = 0; number != given.events; ++number) {
            swarm::create_task task{.id = std::to_string(number), .task_type = "build"};
            task.priority = priority_of(number);
            created.push_back(desk.async_run(std::move(task), boost::asio::use_future));
        }
        for (auto& each : created) { static_cast<void>(each.get().value()); }

        boost::asio::io_context context;
        stopwatch const watch;
        for (unsigned each = 0; each != claimers * claims_under_way; ++each) {
            boost::asio::co_spawn(context, claim_until_none(desk, agent_id(each % claimers)),
                                  [](std::exception_ptr failure) {
                                      if (failure) { std::rethrow_exception(failure); }
                                  });
        }
        context.run();
        sample const taken = watch.stop(static_cast<double>(given.events));
        if (on.log.read().type(swarm::task_assigned::type).count().value() != given.events ||
            desk.tasks_by_status(swarm::task_status::assigned).value().size() != given.events) {
            throw std::runtime_error{"not every task was claimed once"};
        }
        return taken;
    };
}

contestant update_next_row() {
    return [](setting const& given) {
        database rows{given.folder / "rows.db", synchronous::full};
        rows.run(
            "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT NOT NULL, urgency INTEGER NOT "
            "NULL, created_in INTEGER NOT NULL, assigned_to TEXT) WITHOUT ROWID;"
            "CREATE INDEX by_status ON tasks(status, urgency, created_in);BEGIN");
        {
            auto const insert = rows.prepare("INSERT INTO tasks VALUES(?1,'pending',?2,?3,NULL)");
            for (std::uint64_t number = 0; number != given.events; ++number) {
                std::string const id = std::to_string(number);
                bind_value(insert, 1, std::string_view{id});
                bind_value(insert, 2, 3 - static_cast<std::uint64_t>(priority_of(number)));
                bind_value(insert, 3, number);
                rows.step_once(insert);
            }
        }
        rows.run("COMMIT");
        auto const claim = rows.prepare(
            "UPDATE tasks SET status='assigned', assigned_to=?1 WHERE id=(SELECT id FROM tasks "
            "WHERE status='pending' ORDER BY urgency, created_in LIMIT 1) RETURNING id");
        std::uint64_t claimed = 0;
        stopwatch const watch;
        for (std::uint64_t number = 0; number != given.events; ++number) {
            std::string const claimer = agent_id(number % 16);
            bind_value(claim, 1, std::string_view{claimer});
            claimed += sqlite3_step(claim.get()) == SQLITE_ROW ? 1U : 0U;
            rows.check(sqlite3_step(claim.get()));
            sqlite3_reset(claim.get());
        }
        sample const taken = watch.stop(static_cast<double>(given.events));
        if (claimed != given.events) { throw std::runtime_error{"a task was not claimed"}; }
        return taken;
    };
}

contestant find_agents(bool cached) {
    return [cached](setting const& given) {
        projection_options options;
        if (!cached) { options.cache_rows = 16; }
        swarm_log on{given, true, options};
        swarm::desk desk{on.log};
        for (std::uint64_t each = 0; each != 1'000; ++each) {
            desk.run(swarm::register_agent{.id = agent_id(each), .capabilities = {"cpp", "docs"}})
                .value();
        }
        auto const agents = on.log.table<swarm::agent>();
        std::string id;
        std::uint64_t found = 0;
        stopwatch const watch;
        for (std::uint64_t each = 0; each != given.events; ++each) {
            id = agent_id(each * 7'919);
            auto const row = agents.find(id).value();
            found += row != nullptr && row->id == id ? 1U : 0U;
        }
        sample const taken = watch.stop(static_cast<double>(given.events));
        if (found != given.events) { throw std::runtime_error{"an agent was not found"}; }
        return taken;
    };
}

contestant select_agents() {
    return [](setting const& given) {
        database rows{given.folder / "rows.db", synchronous::full};
        rows.run(
            "CREATE TABLE agents(id TEXT PRIMARY KEY, name "
            "TEXT NOT NULL, agent_type TEXT NOT NULL, status TEXT NOT NULL, "
            "capabilities TEXT NOT NULL, metadata TEXT NOT NULL, heartbeat INTEGER, "
            "created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) WITHOUT ROWID;"
            "BEGIN");
        {
            auto const insert = rows.prepare(
                "INSERT INTO agents VALUES(?1,'','','idle','[\"cpp\",\"docs\"]','null',NULL,1,1)");
            for (std::uint64_t each = 0; each != 1'000; ++each) {
                std::string const id = agent_id(each);
                bind_value(insert, 1, std::string_view{id});
                rows.step_once(insert);
            }
        }
        rows.run("COMMIT");
        auto const select = rows.prepare("SELECT * FROM agents WHERE id=?1");
        std::string id;
        std::uint64_t found = 0;
        stopwatch const watch;
        for (std::uint64_t each = 0; each != given.events; ++each) {
            id = agent_id(each * 7'919);
            bind_value(select, 1, std::string_view{id});
            rows.check(sqlite3_step(select.get()));
            found += text_of(select) == id ? 1U : 0U;
            sqlite3_reset(select.get());
        }
        sample const taken = watch.stop(static_cast<double>(given.events));
        if (found != given.events) { throw std::runtime_error{"an agent was not found"}; }
        return taken;
    };
}

} // namespace swarmlog::perf
