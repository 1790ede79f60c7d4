/// An asynchronous projection: its table follows the log on a thread of its own, so that appends
/// do not wait for it; each event is folded once, over restarts too.

#include <swarmlog/swarmlog.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

using namespace swarmlog;
using namespace std::chrono_literals;

struct task_done {
    static constexpr std::string_view type = "task.done";
    std::string agent_id;
};
BOOST_DESCRIBE_STRUCT(task_done, (), (agent_id))

struct score {
    std::string agent_id;
    std::int64_t tasks = 0;
};
BOOST_DESCRIBE_STRUCT(score, (), (agent_id, tasks))

struct scores {
    static constexpr std::string_view name = "scores";
    static constexpr std::uint32_t version = 1;
    using row_type = score;
    static constexpr auto key = &score::agent_id;
    using handles = event_types<task_done>;

    void apply(task_done const& event, event_view const&, rows<score>& table) const {
        if (score* const known = table.modify(event.agent_id)) {
            ++known->tasks;
        } else {
            table.put({event.agent_id, 1});
        }
    }
};

/// A hundred more tasks done, and ann's score once the table has caught up.
std::int64_t run_once() {
    projection_set projections;
    projections.add_async(scores{});
    sqlite_log_options options;
    options.state = projections;
    auto log = open_sqlite("async_projection/swarm.db", options).value();

    auto writer = log.make_producer();
    for (int task = 0; task != 100; ++task) {
        writer.submit("tasks", expected::any{}, task_done{task % 4 == 0 ? "ann" : "bob"}).value();
    }
    if (writer.flush().rejected != 0) return 0;

    // Right now the table may be some events behind. Who needs a position waits for it.
    projection_status const now = projections.status().value().front();
    std::cout << now.name << " has got to " << now.checkpoint.value << ", " << now.lag
              << " behind\n";
    projections.wait_until("scores", log.head(), 10s).value();
    return log.table<score>().find("ann").value()->tasks;
}

int main() {
    std::filesystem::remove_all("async_projection");
    std::filesystem::create_directory("async_projection");
    std::int64_t const first = run_once();
    std::int64_t const second = run_once(); // goes on behind its checkpoint
    std::cout << first << ", then " << second << '\n';
    return first == 25 && second == 50 ? 0 : 1;
}
