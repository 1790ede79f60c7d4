/// Upcasting: events of an older form are folded as the newest one; what is stored never changes.

#include <swarmlog/swarmlog.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

using namespace swarmlog;

/// What an earlier program wrote.
struct task_ended_v1 {
    static constexpr std::string_view type = "task.ended";
    std::string task_id;
    bool failed = false;
};
BOOST_DESCRIBE_STRUCT(task_ended_v1, (), (task_id, failed))

enum class outcome { done, failed, cancelled };
BOOST_DESCRIBE_ENUM(outcome, done, failed, cancelled)

/// The form of now.
struct task_ended {
    static constexpr std::string_view type = "task.ended";
    static constexpr std::uint32_t schema_version = 2;
    std::string task_id;
    outcome how = outcome::done;
};
BOOST_DESCRIBE_STRUCT(task_ended, (), (task_id, how))

struct ending {
    std::string task_id;
    outcome how = outcome::done;
};
BOOST_DESCRIBE_STRUCT(ending, (), (task_id, how))

struct endings {
    static constexpr std::string_view name = "endings";
    static constexpr std::uint32_t version = 1;
    using row_type = ending;
    static constexpr auto key = &ending::task_id;
    using handles = event_types<task_ended>;

    void apply(task_ended const& event, event_view const&, rows<ending>& table) const {
        table.put({event.task_id, event.how});
    }
};

int main() {
    projection_set projections;
    projections.add(endings{});
    // One step for each version that there was. It is not needed for reading events as such.
    projections.upcasting().add<task_ended_v1, task_ended>([](task_ended_v1 const& old) {
        return task_ended{old.task_id, old.failed ? outcome::failed : outcome::done};
    });
    log_options options;
    options.state = projections;
    auto log = open_memory(options).value();

    auto writer = log.make_producer();
    writer.append("task-1", expected::any{}, task_ended_v1{"1", true}).value();
    writer.append("task-2", expected::any{}, task_ended{"2", outcome::cancelled}).value();

    bool const is_folded = log.table<ending>().find("1").value()->how == outcome::failed &&
                           log.table<ending>().find("2").value()->how == outcome::cancelled;
    for (event_view const& event : log.read()) {
        std::cout << "version " << event.schema_version << ": " << event.data << '\n';
    }
    auto const stored = log.read().first().value().value();
    bool const is_kept = stored.data == R"({"task_id":"1","failed":true})";
    // A reader asks for the newest form in the same way.
    bool const is_read =
        projections.upcasting().decode<task_ended>(stored).value().how == outcome::failed;
    return is_folded && is_kept && is_read ? 0 : 1;
}
