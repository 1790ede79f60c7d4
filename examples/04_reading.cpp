/// Reading: by stream, type, tag and id, forwards and backwards, from a place on.

#include <swarmlog/swarmlog.hpp>

#include <iostream>
#include <string>
#include <string_view>

struct task_reported {
    static constexpr std::string_view type = "task.reported";
    std::uint32_t percent = 0;
};
BOOST_DESCRIBE_STRUCT(task_reported, (), (percent))

namespace {

/// Counts what does not hold, so that `main` can tell.
int failures = 0;

void expect(bool holds, std::string_view what) {
    std::cout << (holds ? "as expected: " : "NOT as expected: ") << what << '\n';
    failures += holds ? 0 : 1;
}

} // namespace

int main() {
    using namespace swarmlog;
    auto log = open_memory().value();
    auto writer = log.make_producer();

    // A tag is a name that several streams can share: here the agent that did the work.
    for (std::uint32_t percent = 0; percent <= 100; percent += 10) {
        std::string const agent = percent < 50 ? "agent:worker-1" : "agent:worker-2";
        writer.append("task-1", expected::any{}, task_reported{percent}, {.tags = {agent}}).value();
        writer.append("task-2", expected::any{}, task_reported{100 - percent}).value();
    }

    expect(log.read().count().value() == 22, "22 events in all");
    expect(log.read().stream("task-1").count().value() == 11, "11 in the stream task-1");
    expect(log.read().tag("agent:worker-2").count().value() == 6, "6 by worker-2");

    // Both bounds are exclusive. A bound by version needs a read of exactly one stream.
    auto const after = log.read().stream("task-1").after(version{9}).collect().value();
    expect(after.size() == 2 && after[0].version == version{10}, "versions 10 and 11");

    // The newest event of an agent.
    auto const last = log.read().tag("agent:worker-1").backwards().first().value();
    expect(last && last->as<task_reported>().value().percent == 40, "worker-1 ended at 40 percent");

    // A union: what is in task-2 at its start, or was done by worker-2.
    auto const either = query{}.stream("task-2") | query{}.tag("agent:worker-2");
    expect(log.read().matching(either).count().value() == 17, "11 and 6, none of them twice");

    // Every event has an id of its own.
    auto const again = log.find(last->id).value();
    expect(again && again->position == last->position, "found by its id");

    // `wait_for` is for a reader that was told a position, by a receipt in another thread say.
    auto const there = log.read().wait_for(position{22}).backwards().first().value();
    expect(there && there->position == log.head(), "the head is position 22");
    return failures == 0 ? 0 : 1;
}
