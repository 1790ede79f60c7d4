#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/engine/receipt.hpp>
#include <swarmlog/export.hpp>
#include <swarmlog/projections/log_tables.hpp>
#include <swarmlog/projections/projection_set.hpp>
#include <swarmlog/projections/swarm/agent.hpp>
#include <swarmlog/projections/swarm/message.hpp>
#include <swarmlog/projections/swarm/metric.hpp>
#include <swarmlog/projections/swarm/swarm_error.hpp>
#include <swarmlog/projections/swarm/task.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The ready-made domain of a swarm: agents, tasks, messages and metrics, as events and folds.
///
///     projection_set projections;
///     swarm::add_projections(projections);
///     auto log = open_sqlite("swarm.db", {{.state = projections}}).value();
///     swarm::desk desk{log};
///     desk.run(swarm::register_agent{.id = "worker-1"}).value();
///     desk.run(swarm::create_task{.id = "42", .task_type = "build"}).value();
///     swarm::task mine = desk.claim_next("worker-1").value();
///
/// A command is decided at the write: it sees everything before it, and exactly one of many
/// claimers wins. Every command is also an object (`claim_task{"42", "worker-1"}`), which
/// `log.decide` and `log.async_decide` take, alone or several in one decision.
namespace swarmlog::swarm {

/// Adds the four tables as inline projections.
SWARMLOG_EXPORT void add_projections(projection_set& projections);

// Commands. Each is called with a decision, appends what follows, or answers why not.
struct SWARMLOG_EXPORT register_agent {
    std::string id;
    std::string name{};
    std::string agent_type{};
    agent_status status = agent_status::idle;
    std::vector<std::string> capabilities{};
    boost::json::value metadata{};
    result<void> operator()(decision& now) const;
};
struct SWARMLOG_EXPORT update_agent {
    agent_updated changes;
    result<void> operator()(decision& now) const;
};
struct SWARMLOG_EXPORT set_agent_status {
    std::string id;
    agent_status status = agent_status::idle;
    result<void> operator()(decision& now) const;
};
struct SWARMLOG_EXPORT heartbeat {
    std::string agent_id;
    result<void> operator()(decision& now) const;
};
/// Its history stays; the tasks that it holds are released.
struct SWARMLOG_EXPORT remove_agent {
    std::string id;
    result<void> operator()(decision& now) const;
};

struct SWARMLOG_EXPORT create_task {
    std::string id;
    std::string task_type{};
    task_priority priority = task_priority::medium;
    boost::json::value payload{};
    std::vector<std::string> dependencies{};
    std::vector<std::string> required_capabilities{};
    std::uint32_t max_retries = 3;
    result<void> operator()(decision& now) const;
};
struct SWARMLOG_EXPORT update_task {
    task_updated changes;
    result<void> operator()(decision& now) const;
};
/// A ready task, to an agent that is there and fits.
struct SWARMLOG_EXPORT claim_task {
    std::string id;
    std::string agent_id;
    result<void> operator()(decision& now) const;
};
/// The ready task of the highest priority, then the oldest, that the agent's capabilities fit.
struct SWARMLOG_EXPORT claim_next {
    std::string agent_id;
    std::shared_ptr<task> claimed{}; ///< set to the task as of its claim, when given
    result<void> operator()(decision& now) const;
};
struct SWARMLOG_EXPORT start_task {
    std::string id;
    std::string agent_id;
    result<void> operator()(decision& now) const;
};
struct SWARMLOG_EXPORT complete_task {
    std::string id;
    std::string agent_id;
    boost::json::value result_value{};
    result<void> operator()(decision& now) const;
};
/// Pending again while retries are left, and failed after that.
struct SWARMLOG_EXPORT fail_task {
    std::string id;
    std::string agent_id;
    std::string error;
    result<void> operator()(decision& now) const;
};
struct SWARMLOG_EXPORT cancel_task {
    std::string id;
    std::string reason{};
    result<void> operator()(decision& now) const;
};
/// Hands back what an agent holds, whoever asks.
struct SWARMLOG_EXPORT release_task {
    std::string id;
    std::string reason{};
    result<void> operator()(decision& now) const;
};

/// Makes a completed, failed or cancelled task pending again.
struct SWARMLOG_EXPORT reopen_task {
    std::string id;
    std::string agent_id{}; ///< who asks
    std::string reason{};
    result<void> operator()(decision& now) const;
};
/// Adds notes to the task's metadata, in whatever state it is.
struct SWARMLOG_EXPORT annotate_task {
    std::string id;
    std::map<std::string, boost::json::value> notes;
    result<void> operator()(decision& now) const;
};

struct SWARMLOG_EXPORT send_message {
    std::string id;
    std::string from_agent;
    std::string to_agent;
    std::string message_type{};
    boost::json::value content{};
    message_priority priority = message_priority::normal;
    result<void> operator()(decision& now) const;
};
/// One message to each agent but the sender; ids are `<id>/<agent>`.
struct SWARMLOG_EXPORT broadcast {
    std::string id;
    std::string from_agent;
    std::string message_type{};
    boost::json::value content{};
    message_priority priority = message_priority::normal;
    result<void> operator()(decision& now) const;
};
struct SWARMLOG_EXPORT mark_read {
    std::string message_id;
    std::string by_agent;
    result<void> operator()(decision& now) const;
};
struct SWARMLOG_EXPORT record_metric {
    metric_recorded metric;
    result<void> operator()(decision& now) const;
};

/// Metrics of one type and unit over a time range.
struct metric_summary {
    std::string metric_type;
    std::string unit;
    std::int64_t count = 0;
    double sum = 0;
    double mean = 0;
    double min = 0;
    double max = 0;
    friend bool operator==(metric_summary const&, metric_summary const&) = default;
};

/// Commands and queries over a log that has the swarm's projections. Thread-safe; keeps a
/// reference to the log, which must live longer.
class SWARMLOG_EXPORT desk {
public:
    explicit desk(event_log& log) noexcept : log_(&log) {}

    // Commands block until they are durable, or answer a `swarm_errc`.
    template <class Command>
    result<receipt> run(Command command) {
        return log_->decide(std::move(command));
    }
    /// Completes with `void(result<receipt>)`.
    template <class Command, class CompletionToken>
    auto async_run(Command command, CompletionToken&& token) {
        return log_->async_decide(std::move(command), std::forward<CompletionToken>(token));
    }
    /// The task that was claimed, as of its claim. `no_task_ready` when there is none.
    [[nodiscard]] result<task> claim_next(std::string_view agent_id);
    /// Completes with `void(result<task>)`.
    template <class CompletionToken>
    auto async_claim_next(std::string agent_id, CompletionToken&& token) {
        return boost::asio::async_initiate<CompletionToken, void(result<task>)>(
            [log = log_](auto handler, std::string claimer) {
                auto const executor = boost::asio::get_associated_executor(handler);
                auto const claimed = std::make_shared<task>();
                auto answer = [claimed,
                               handler = std::move(handler)](result<receipt> const& done) mutable {
                    std::move(handler)(done ? result<task>{std::move(*claimed)}
                                            : result<task>{done.error()});
                };
                log->async_decide(swarm::claim_next{std::move(claimer), claimed},
                                  boost::asio::bind_executor(executor, std::move(answer)));
            },
            token, std::move(agent_id));
    }

    // Queries answer the committed state.
    [[nodiscard]] result<std::shared_ptr<agent const>> find_agent(std::string_view id) const;
    [[nodiscard]] result<std::vector<agent>> agents() const;
    [[nodiscard]] result<std::vector<agent>> agents_by_status(agent_status status) const;
    /// Those that have the capability.
    [[nodiscard]] result<std::vector<agent>> agents_able(std::string_view capability) const;
    /// Those whose last sign of life is older, and that are not shut down.
    [[nodiscard]] result<std::vector<agent>> silent_agents(timestamp since) const;

    [[nodiscard]] result<std::shared_ptr<task const>> find_task(std::string_view id) const;
    [[nodiscard]] result<std::vector<task>> tasks_by_status(task_status status) const;
    [[nodiscard]] result<std::vector<task>> tasks_of(std::string_view agent_id) const;
    /// By falling priority, then oldest first.
    [[nodiscard]] result<std::vector<task>> pending_tasks() const;
    [[nodiscard]] result<std::vector<task>> ready_tasks() const;

    /// Newest first.
    [[nodiscard]] result<std::vector<event>> events_of_agent(std::string_view id,
                                                             std::uint64_t events_max) const;
    [[nodiscard]] result<std::vector<event>> events_of_task(std::string_view id,
                                                            std::uint64_t events_max) const;
    [[nodiscard]] result<std::vector<event>> events_of_type(std::string_view type,
                                                            std::uint64_t events_max) const;
    /// Oldest first, recorded after a time.
    [[nodiscard]] result<std::vector<event>> events_since(timestamp time) const;

    /// Both ways, oldest first.
    [[nodiscard]] result<std::vector<message>> messages_between(std::string_view one,
                                                                std::string_view other) const;
    [[nodiscard]] result<std::vector<message>> unread_messages(std::string_view agent_id) const;

    [[nodiscard]] result<std::vector<metric>> metrics_of(std::string_view agent_id,
                                                         std::string_view metric_type) const;
    /// From `from` up to but not including `to`; units are never mixed.
    [[nodiscard]] result<std::vector<metric_summary>> aggregate_metrics(timestamp from,
                                                                        timestamp to) const;

private:
    event_log* log_;
};

} // namespace swarmlog::swarm
