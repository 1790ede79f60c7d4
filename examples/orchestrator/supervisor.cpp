#include "supervisor.hpp"

#include "worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace swarmlog;
namespace asio = boost::asio;
using swarm::agent_status;
using swarm::swarm_errc;

/// Ends an agent's run and hands back what it held, in one decision: nobody sees half of it.
struct let_go {
    std::string agent_id;
    std::string reason;

    result<void> operator()(decision& now) const {
        auto const held = now.table<swarm::task>()
                              .query()
                              .where(eq(&swarm::task::assigned_to, agent_id) &&
                                     in(&swarm::task::status, {swarm::task_status::assigned,
                                                               swarm::task_status::running}))
                              .all();
        if (!held) return held.error();
        for (swarm::task const& each : *held) {
            if (auto released = swarm::release_task{each.id, reason}(now); !released) {
                return released;
            }
        }
        return swarm::set_agent_status{agent_id, agent_status::shutdown}(now);
    }
};

bool is_under_way(swarm::task const& task) {
    return task.status == swarm::task_status::assigned ||
           task.status == swarm::task_status::running;
}

/// A worker may have left by itself meanwhile.
result<void> unless_gone(result<receipt> const& done) {
    if (done || done.error() == swarm_errc::illegal_step) return {};
    return done.error();
}

timestamp now() {
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

asio::awaitable<result<void>> look_after(shop& in, std::vector<swarm::agent> const& silent,
                                         asio::any_io_executor const& workers) {
    swarm::desk desk(in.log());
    for (swarm::agent const& each : silent) {
        auto const held = desk.tasks_of(each.id);
        if (!held) co_return held.error();
        // One without a task has nothing to say: it waits for a task to be ready.
        if (std::none_of(held->begin(), held->end(), is_under_way)) continue;
        let_go const command{each.id, "agent " + each.id + " fell silent"};
        auto const gone = unless_gone(co_await desk.async_run(command, asio::use_awaitable));
        if (!gone) co_return gone;
        hire_worker(in, workers);
    }
    co_return result<void>();
}

asio::awaitable<result<void>> watch(shop& in, asio::any_io_executor const& workers) {
    auto const strand = co_await asio::this_coro::executor;
    auto const pause = std::make_shared<asio::steady_timer>(strand);
    shop::alarm const alarm(in, [=] { asio::post(strand, [=] { pause->cancel(); }); });
    while (!in.is_over()) {
        pause->expires_after(in.terms().lease / 8);
        boost::system::error_code woken;
        co_await pause->async_wait(asio::redirect_error(asio::use_awaitable, woken));
        auto const silent = swarm::desk(in.log()).silent_agents(now() - in.terms().lease);
        if (!silent) co_return silent.error();
        if (auto done = co_await look_after(in, *silent, workers); !done) co_return done;
    }
    co_return result<void>();
}

} // namespace

result<void> take_over(shop& in) {
    swarm::desk desk(in.log());
    auto const all = desk.agents();
    if (!all) return all.error();
    std::string const reason = "the process of its agent has ended";
    for (swarm::agent const& each : *all) {
        if (each.status == agent_status::shutdown) continue;
        if (auto gone = unless_gone(desk.run(let_go{each.id, reason})); !gone) return gone;
    }
    in.count_workers(all->size()); // ids go on from there
    return {};
}

asio::awaitable<void> supervise(shop& in, asio::any_io_executor workers) {
    auto const done = co_await watch(in, workers);
    if (!done) in.fail(done.error());
}

void hire_worker(shop& in, asio::any_io_executor const& executor) {
    std::string id = "worker-" + std::to_string(in.next_worker());
    asio::co_spawn(executor, work(in, std::move(id)), asio::detached);
}
