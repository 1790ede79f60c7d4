#include "worker.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace {

using namespace swarmlog;
namespace asio = boost::asio;
using asio::use_awaitable;
using clock_type = std::chrono::steady_clock;
using swarm::swarm_errc;

/// Events after which a task may be ready that was not.
query news() {
    return query{}.type(swarm::task_completed::type) | query{}.type(swarm::task_failed::type) |
           query{}.type(swarm::task_released::type) | query{}.type(swarm::task_created::type);
}

bool is_lost(error const& failure) {
    return failure == swarm_errc::not_the_holder || failure == swarm_errc::illegal_step;
}

result<void> unless_lost(error const& failure) {
    return is_lost(failure) ? result<void>() : result<void>(failure);
}

class worker {
public:
    worker(shop& in, std::string id) : shop_(in), desk_(in.log()), id_(std::move(id)) {}

    asio::awaitable<result<void>> run() {
        result<void> outcome = co_await register_itself();
        while (outcome && !shop_.is_over() && !has_fallen_silent_) {
            outcome = co_await take_a_task();
        }
        if (!outcome || has_fallen_silent_) co_return outcome;
        swarm::set_agent_status const leave{id_, swarm::agent_status::shutdown};
        auto const left = co_await desk_.async_run(leave, use_awaitable);
        co_return left ? result<void>() : unless_lost(left.error());
    }

private:
    asio::awaitable<result<void>> register_itself() {
        swarm::register_agent const registered{.id = id_, .agent_type = "digester"};
        auto const done = co_await desk_.async_run(registered, use_awaitable);
        bool const is_known = done || done.error() == swarm_errc::agent_exists;
        co_return is_known ? result<void>() : result<void>(done.error());
    }

    asio::awaitable<result<void>> take_a_task() {
        position const seen = shop_.log().head();
        auto const claimed = co_await desk_.async_claim_next(id_, use_awaitable);
        if (claimed) co_return co_await attend(*claimed);
        if (claimed.error() == swarm_errc::no_task_ready) co_return co_await wait_beyond(seen);
        // The supervisor took it for dead and let it go.
        if (claimed.error() == swarm_errc::illegal_step) co_return co_await register_itself();
        co_return claimed.error();
    }

    /// Nothing is missed: what comes after `seen` is delivered, even what came meanwhile.
    asio::awaitable<result<void>> wait_beyond(position seen) {
        auto waiting = shop_.log().subscribe(news(), seen);
        if (!waiting) co_return waiting.error();
        shop::alarm const alarm(shop_, [&] { waiting->cancel(); });
        auto const came = co_await waiting->async_next(use_awaitable);
        bool const is_fine = came || came.error() == errc::cancelled;
        co_return is_fine ? result<void>() : result<void>(came.error());
    }

    asio::awaitable<result<void>> attend(swarm::task const& task) {
        std::uint64_t const patience = shop_.terms().tasks_until_silent;
        has_fallen_silent_ = patience != 0 && ++tasks_ > patience;
        if (has_fallen_silent_) co_return result<void>();

        swarm::start_task const start{task.id, id_};
        auto const started = co_await desk_.async_run(start, use_awaitable);
        if (!started) co_return unless_lost(started.error());

        last_heartbeat_ = clock_type::now();
        auto const found = digest_of(shop_.log(), shop_.run(), task, [this] { stay_alive(); });
        if (!found) co_return co_await report_failure(task.id, found.error());
        boost::json::object outcome;
        outcome["digest"] = *found;
        swarm::complete_task const complete{task.id, id_, outcome};
        auto const completed = co_await desk_.async_run(complete, use_awaitable);
        if (!completed) co_return unless_lost(completed.error());
        if (task.id == shop_.run().root_task) shop_.close();
        co_return result<void>();
    }

    asio::awaitable<result<void>> report_failure(std::string const& task_id, error const& why) {
        swarm::fail_task const fail{task_id, id_, why.message()};
        auto const failed = co_await desk_.async_run(fail, use_awaitable);
        if (!failed) co_return unless_lost(failed.error());
        auto const row = desk_.find_task(task_id);
        if (!row) co_return row.error();
        // Once its retries are gone, nothing that waits for it can ever be ready.
        bool const is_final = (*row)->status == swarm::task_status::failed;
        co_return is_final ? result<void>(why) : result<void>();
    }

    /// Between two slices of a long task. Does not wait for the answer.
    void stay_alive() {
        if (clock_type::now() - last_heartbeat_ < shop_.terms().lease / 4) return;
        last_heartbeat_ = clock_type::now();
        desk_.async_run(swarm::heartbeat{id_}, [](result<receipt> const&) {});
    }

    shop& shop_;
    swarm::desk desk_;
    std::string id_;
    clock_type::time_point last_heartbeat_;
    std::uint64_t tasks_ = 0;
    bool has_fallen_silent_ = false;
};

} // namespace

asio::awaitable<void> work(shop& in, std::string agent_id) {
    worker one(in, std::move(agent_id));
    auto const done = co_await one.run();
    if (!done) in.fail(done.error());
}
