/// Rebuilding: a table is only what its events say, so it can be folded anew, also by another fold.

#include <swarmlog/swarmlog.hpp>

#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

using namespace swarmlog;

struct task_done {
    static constexpr std::string_view type = "task.done";
    std::string agent_id;
    std::int64_t minutes = 0;
};
BOOST_DESCRIBE_STRUCT(task_done, (), (agent_id, minutes))

/// The first idea: how many.
struct count_row {
    std::string agent_id;
    std::int64_t tasks = 0;
};
BOOST_DESCRIBE_STRUCT(count_row, (), (agent_id, tasks))

struct work_v1 {
    static constexpr std::string_view name = "work";
    static constexpr std::uint32_t version = 1;
    using row_type = count_row;
    static constexpr auto key = &count_row::agent_id;
    using handles = event_types<task_done>;

    void apply(task_done const& event, event_view const&, rows<count_row>& table) const {
        count_row row{event.agent_id, 0};
        if (count_row const* const known = table.find(event.agent_id)) { row = *known; }
        ++row.tasks;
        table.put(std::move(row));
    }
};

/// The second: how long. The events knew it all the time.
struct time_row {
    std::string agent_id;
    std::int64_t minutes = 0;
};
BOOST_DESCRIBE_STRUCT(time_row, (), (agent_id, minutes))

struct work {
    static constexpr std::string_view name = "work";
    static constexpr std::uint32_t version = 2;
    using row_type = time_row;
    static constexpr auto key = &time_row::agent_id;
    using handles = event_types<task_done>;

    void apply(task_done const& event, event_view const&, rows<time_row>& table) const {
        time_row row{event.agent_id, 0};
        if (time_row const* const known = table.find(event.agent_id)) { row = *known; }
        row.minutes += event.minutes;
        table.put(std::move(row));
    }
};

int main() {
    std::filesystem::remove_all("rebuild");
    std::filesystem::create_directory("rebuild");
    sqlite_log_options options;
    {
        projection_set projections;
        projections.add(work_v1{});
        options.state = projections;
        auto log = open_sqlite("rebuild/swarm.db", options).value();
        auto writer = log.make_producer();
        for (std::int64_t minutes : {10, 20, 30}) {
            writer.append("task", expected::any{}, task_done{"ann", minutes}).value();
        }
    }

    // Another version: opening folds the table anew before anybody reads it.
    projection_set projections;
    projections.add(work{});
    options.state = projections;
    auto log = open_sqlite("rebuild/swarm.db", options).value();
    std::int64_t const minutes = log.table<time_row>().find("ann").value()->minutes;

    // On demand, beside the table that goes on serving, and compared with it row for row: who
    // edited the table by hand, or wrote a fold that depends on more than its events, is found out.
    rebuild_report const again = projections.rebuild("work").value();
    std::cout << minutes << " minutes; " << again.events << " events folded again, "
              << (again.is_identical ? "identical\n" : "not identical\n");
    return minutes == 60 && again.is_identical && again.rows == 1 ? 0 : 1;
}
