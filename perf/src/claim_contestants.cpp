#include "claim_contestants.hpp"

#include "digest.hpp"
#include "sqlite_database.hpp"
#include "stopwatch.hpp"
#include "swarm_log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace swarmlog::perf {

namespace {

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

contestant claim_tasks(unsigned claimers, unsigned claims_under_way) {
    return [claimers, claims_under_way](setting const& given) {
        swarm_log on{given.folder};
        swarm::desk desk{on.log};
        run_all_commands(desk, claimers, [](std::uint64_t number) {
            return swarm::register_agent{.id = agent_id(number)};
        });
        run_all_commands(desk, given.events, [](std::uint64_t number) {
            swarm::create_task task{.id = std::to_string(number), .task_type = "build"};
            task.priority = priority_of(number);
            return task;
        });
        boost::asio::io_context context;
        stopwatch const watch;
        for (unsigned each = 0; each != claimers * claims_under_way; ++each) {
            boost::asio::co_spawn(context, claim_until_none(desk, agent_id(each % claimers)),
                                  [](std::exception_ptr failure) {
                                      if (failure) { std::rethrow_exception(failure); }
                                  });
        }
        context.run();
        sample taken = watch.stop(static_cast<double>(given.events));
        digest claimed;
        for (auto const& each : desk.tasks_by_status(swarm::task_status::assigned).value()) {
            claimed.add(each.id);
        }
        if (on.log.read().type(swarm::task_assigned::type).count().value() != given.events ||
            claimed.entries() != given.events) {
            throw std::runtime_error{"not every task was claimed once"};
        }
        taken.digest = claimed.value();
        return taken;
    };
}

contestant update_next_row(unsigned claimers) {
    return [claimers](setting const& given) {
        database rows{given.folder / "rows.db", synchronous::full};
        rows.run(
            "CREATE TABLE tasks(id TEXT PRIMARY KEY, status TEXT NOT NULL, urgency INTEGER NOT "
            "NULL, created_in INTEGER NOT NULL, assigned_to TEXT) WITHOUT ROWID;"
            "CREATE INDEX by_status ON tasks(status, urgency, created_in);BEGIN");
        auto const insert = rows.prepare("INSERT INTO tasks VALUES(?1,'pending',?2,?3,NULL)");
        for (std::uint64_t number = 0; number != given.events; ++number) {
            std::string const id = std::to_string(number);
            bind_value(insert, 1, std::string_view{id});
            bind_value(insert, 2, 3 - static_cast<std::uint64_t>(priority_of(number)));
            bind_value(insert, 3, number);
            rows.step_once(insert);
        }
        rows.run("COMMIT");
        auto const claim = rows.prepare(
            "UPDATE tasks SET status='assigned', assigned_to=?1 WHERE id=(SELECT id FROM tasks "
            "WHERE status='pending' ORDER BY urgency, created_in LIMIT 1) RETURNING id");
        digest claimed;
        stopwatch const watch;
        for (std::uint64_t number = 0; number != given.events; ++number) {
            std::string const claimer = agent_id(number % claimers);
            bind_value(claim, 1, std::string_view{claimer});
            rows.for_each_row(claim, [&] { claimed.add(text_of(claim, 0)); });
        }
        sample taken = watch.stop(static_cast<double>(given.events));
        if (claimed.entries() != given.events) {
            throw std::runtime_error{"a task was not claimed"};
        }
        taken.digest = claimed.value();
        return taken;
    };
}

} // namespace swarmlog::perf
