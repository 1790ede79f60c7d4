/// Following the log: a subscription sees each event as it comes; a consumer remembers how far
/// it has got, also after a restart.

#include <swarmlog/swarmlog.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>

struct task_done {
    static constexpr std::string_view type = "task.done";
    std::uint32_t number = 0;
};
BOOST_DESCRIBE_STRUCT(task_done, (), (number))

int main() {
    using namespace swarmlog;
    using namespace std::chrono_literals;
    std::filesystem::remove_all("following");
    std::filesystem::create_directory("following");
    bool all_in_order = true;

    {
        auto log = open_sqlite("following/swarm.db").value();
        auto live = log.subscribe(query{}.type(task_done::type)).value();

        std::thread worker{[writer = log.make_producer()]() mutable {
            for (std::uint32_t number = 1; number <= 6; ++number) {
                writer.append("task", expected::any{}, task_done{number}).value();
            }
        }};
        // Waits for each event; where the past ends and the present begins does not show.
        for (std::uint32_t number = 1; number <= 6; ++number) {
            auto const event = live.next(10s).value();
            all_in_order = all_in_order && event.as<task_done>().value().number == number;
        }
        worker.join();

        // A consumer acknowledges what it has dealt with, here the first two.
        auto mailer = log.open_consumer("mailer").value();
        auto const batch = mailer.next_batch(2, std::chrono::steady_clock::now() + 10s).value();
        mailer.acknowledge(batch.back().position).value();
        // This one it has looked at, but not acknowledged: it will come again.
        all_in_order = all_in_order && mailer.next(10s).value().position == position{3};
    }

    auto log = open_sqlite("following/swarm.db").value();
    auto mailer = log.open_consumer("mailer").value();
    auto const next = mailer.next(10s).value();
    std::cout << "after the restart the mailer goes on at " << next.position.value << '\n';
    return all_in_order && next.position == position{3} ? 0 : 1;
}
