/// Deciding at the write: eight workers claim one task, one gets it, the others learn who.

#include <swarmlog/swarmlog.hpp>

#include <atomic>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct task_claimed {
    static constexpr std::string_view type = "task.claimed";
    std::string agent;
};
BOOST_DESCRIBE_STRUCT(task_claimed, (), (agent))

namespace {

using namespace swarmlog;

/// The closure runs on the writer, between two appends: what it reads is still so when its own
/// event is stored. So there is nothing to retry. It is short, because the writer waits for it.
result<receipt> claim(event_log& log, std::string const& task, std::string const& agent) {
    return log.decide([&](decision& now) -> result<void> {
        auto const newest = now.newest(query{}.stream(task).type(task_claimed::type));
        if (!newest) return newest.error();
        if (!newest->empty()) {
            auto const held = newest->front().as<task_claimed>();
            if (!held) return held.error();
            // An error appends nothing, and is what the caller gets.
            return error{errc::condition_failed, task + " is held by " + held->agent};
        }
        return now.append(task, task_claimed{agent}, {.tags = {"task:" + task}});
    });
}

} // namespace

int main() {
    auto log = open_memory().value();

    std::atomic<int> winners{0};
    std::atomic<int> losers{0};
    std::vector<std::thread> workers;
    for (int worker = 1; worker <= 8; ++worker) {
        workers.emplace_back([&log, &winners, &losers, worker] {
            auto const claimed = claim(log, "task-42", "worker-" + std::to_string(worker));
            if (claimed) {
                ++winners;
            } else if (claimed.error() == errc::condition_failed) {
                ++losers;
            }
        });
    }
    for (auto& worker : workers) worker.join();

    auto const holder = log.read().stream("task-42").first().value();
    std::cout << holder->data << ", and " << losers << " were told so\n";
    return winners == 1 && losers == 7 && log.head() == position{1} ? 0 : 1;
}
