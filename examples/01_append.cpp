/// Five lines from nothing to a durable event.

#include <swarmlog/swarmlog.hpp>

#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

/// An event is a described struct: its members become the members of the event's JSON data.
struct task_started {
    static constexpr std::string_view type = "task.started";
    std::string task_id;
    std::string agent_id;
};
BOOST_DESCRIBE_STRUCT(task_started, (), (task_id, agent_id))

int main() {
    using namespace swarmlog;

    // Only so that the example can be run twice.
    std::filesystem::remove_all("append");
    std::filesystem::create_directory("append");

    auto log = open_sqlite("append/swarm.db").value();
    auto writer = log.make_producer();
    auto taken = writer.append("task-42", expected::any{}, task_started{"42", "worker-1"}).value();
    std::cout << "position " << taken.first.value << ", " << to_string(taken.durability) << '\n';
    for (event_view const& event : log.read().stream("task-42")) std::cout << event.data << '\n';

    // The receipt came after the flush: the event is there in whatever way the program ends.
    bool const as_told = taken.first == position{1} && taken.versions.front() == version{1} &&
                         taken.durability == durability::durable;
    auto const read_back = log.read().stream("task-42").first().value();
    bool const same = read_back && read_back->as<task_started>().value().agent_id == "worker-1";
    return as_told && same ? 0 : 1;
}
