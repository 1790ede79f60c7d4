/// Asynchronous appends from Asio coroutines: no thread waits for the disk.

#include <swarmlog/swarmlog.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

struct step_done {
    static constexpr std::string_view type = "step.done";
    std::uint32_t step = 0;
};
BOOST_DESCRIBE_STRUCT(step_done, (), (step))

namespace {

namespace asio = boost::asio;
using namespace swarmlog;

/// One agent. Each has a producer of its own: a producer belongs to one strand, and keeps that
/// strand's order. A full queue would complete with `queue_full`, so nothing here ever blocks.
asio::awaitable<void> work(event_log& log, std::string stream, std::uint32_t& done) {
    auto writer = log.make_producer();
    for (std::uint32_t step = 1; step <= 100; ++step) {
        result<receipt> const stored = co_await writer.async_append(
            stream, expected::version{step - 1}, step_done{step}, asio::use_awaitable);
        if (!stored) {
            std::cerr << stored.error().message() << '\n';
            co_return;
        }
        ++done; // durable by now
    }
}

} // namespace

int main() {
    std::filesystem::remove_all("coroutines");
    std::filesystem::create_directory("coroutines");
    auto log = open_sqlite("coroutines/swarm.db").value();

    // Ten agents on one thread: while one waits for the disk, the others go on, and what they
    // append meanwhile shares the next flush.
    asio::io_context context;
    std::uint32_t done = 0;
    for (int agent = 1; agent <= 10; ++agent) {
        asio::co_spawn(context, work(log, "agent-" + std::to_string(agent), done), asio::detached);
    }
    context.run();
    std::cout << done << " events in " << log.statistics().groups << " commits\n";

    // The same call gives a future, or takes a callback.
    auto writer = log.make_producer();
    auto future = writer.async_append("agent-1", expected::any{}, step_done{101}, asio::use_future);
    return done == 1000 && future.get().value().first == position{1001} ? 0 : 1;
}
