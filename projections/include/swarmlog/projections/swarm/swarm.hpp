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
/// Registers an agent that is not there or is shut down. `agent_exists`, `invalid_value` (the id).
struct SWARMLOG_EXPORT register_agent {
    std::string id;                           ///< 1 to 240 bytes
    std::string name{};                       ///< for people
    std::string agent_type{};                 ///< the program's own word
    agent_status status = agent_status::idle; ///< the state it begins in
    std::vector<std::string> capabilities{};  ///< what tasks may require of it
    boost::json::value metadata{};            ///< the program's own
    result<void> operator()(decision& now) const;
};
/// Changes what is given of an agent. `agent_not_found`.
struct SWARMLOG_EXPORT update_agent {
    agent_updated changes; ///< whose, and what
    result<void> operator()(decision& now) const;
};
/// Moves an agent to another state. `agent_not_found`; `illegal_step` when it is shut down.
struct SWARMLOG_EXPORT set_agent_status {
    std::string id;                           ///< the agent
    agent_status status = agent_status::idle; ///< where to
    result<void> operator()(decision& now) const;
};
/// Notes a sign of life. `agent_not_found`.
struct SWARMLOG_EXPORT heartbeat {
    std::string agent_id; ///< whose
    result<void> operator()(decision& now) const;
};
/// Its history stays; the tasks that it holds are released. `agent_not_found`.
struct SWARMLOG_EXPORT remove_agent {
    std::string id; ///< the agent
    result<void> operator()(decision& now) const;
};

/// Makes a task, pending. `task_exists`, `unknown_dependency`, `cyclic_dependency`, `invalid_value`
/// (the id).
struct SWARMLOG_EXPORT create_task {
    std::string id;                                   ///< 1 to 240 bytes
    std::string task_type{};                          ///< the program's own word
    task_priority priority = task_priority::medium;   ///< which ready task is taken first
    boost::json::value payload{};                     ///< what is to be done; the program's own
    std::vector<std::string> dependencies{};          ///< ids of tasks that must be completed first
    std::vector<std::string> required_capabilities{}; ///< what an agent must have to claim it
    std::uint32_t max_retries = 3;                    ///< failures after which it is pending again
    result<void> operator()(decision& now) const;
};
/// Changes what is given of a task that is not over. `task_not_found`, `illegal_step`.
struct SWARMLOG_EXPORT update_task {
    task_updated changes; ///< which, and what
    result<void> operator()(decision& now) const;
};
/// A ready task, to an agent that is there and fits. `task_not_found`, `agent_not_found`,
/// `task_already_claimed`, `task_not_ready`, `capability_missing`, `illegal_step` (the task is over,
/// or the agent is shut down).
struct SWARMLOG_EXPORT claim_task {
    std::string id;       ///< the task
    std::string agent_id; ///< who claims it
    result<void> operator()(decision& now) const;
};
/// The ready task of the highest priority, then the oldest, that the agent's capabilities fit.
/// `agent_not_found`, `illegal_step` (the agent is shut down), `no_task_ready`.
struct SWARMLOG_EXPORT claim_next {
    std::string agent_id;            ///< who claims
    std::shared_ptr<task> claimed{}; ///< set to the task as of its claim, when given
    result<void> operator()(decision& now) const;
};
/// Begins an assigned task. `task_not_found`, `illegal_step`, `not_the_holder`.
struct SWARMLOG_EXPORT start_task {
    std::string id;       ///< the task
    std::string agent_id; ///< who holds it
    result<void> operator()(decision& now) const;
};
/// Ends a running task well. `task_not_found`, `illegal_step`, `not_the_holder`.
struct SWARMLOG_EXPORT complete_task {
    std::string id;                    ///< the task
    std::string agent_id;              ///< who holds it
    boost::json::value result_value{}; ///< what came of it; the program's own
    result<void> operator()(decision& now) const;
};
/// Pending again while retries are left, and failed after that. `task_not_found`, `illegal_step`,
/// `not_the_holder`.
struct SWARMLOG_EXPORT fail_task {
    std::string id;       ///< the task
    std::string agent_id; ///< who holds it
    std::string error;    ///< why, for the row
    result<void> operator()(decision& now) const;
};
/// Ends a task that is not over. `task_not_found`, `illegal_step`.
struct SWARMLOG_EXPORT cancel_task {
    std::string id;       ///< the task
    std::string reason{}; ///< why, for the history
    result<void> operator()(decision& now) const;
};
/// Hands back what an agent holds, whoever asks. `task_not_found`, `illegal_step`.
struct SWARMLOG_EXPORT release_task {
    std::string id;       ///< the task
    std::string reason{}; ///< why, for the history
    result<void> operator()(decision& now) const;
};

/// Makes a completed, failed or cancelled task pending again. `task_not_found`, `illegal_step`.
struct SWARMLOG_EXPORT reopen_task {
    std::string id;         ///< the task
    std::string agent_id{}; ///< who asks
    std::string reason{};   ///< why, for the history
    result<void> operator()(decision& now) const;
};
/// Adds notes to the task's metadata, in whatever state it is. `task_not_found`.
struct SWARMLOG_EXPORT annotate_task {
    std::string id; ///< the task
    /// By name; each replaces the one of its name.
    std::map<std::string, boost::json::value> notes;
    result<void> operator()(decision& now) const;
};

/// Sends a message from one agent to another. `agent_not_found`; `invalid_value` when the id was
/// used or has not 1 to 240 bytes.
struct SWARMLOG_EXPORT send_message {
    std::string id;                                       ///< of the message
    std::string from_agent;                               ///< the sender
    std::string to_agent;                                 ///< the recipient
    std::string message_type{};                           ///< the program's own word
    boost::json::value content{};                         ///< the program's own
    message_priority priority = message_priority::normal; ///< as the sender sees it
    result<void> operator()(decision& now) const;
};
/// One message to each agent but the sender and those that are shut down; ids are `<id>/<agent>`.
/// All or none is sent: `agent_not_found` (the sender), `invalid_value` as for one message.
struct SWARMLOG_EXPORT broadcast {
    std::string id;                                       ///< what each message's id begins with
    std::string from_agent;                               ///< the sender
    std::string message_type{};                           ///< the program's own word
    boost::json::value content{};                         ///< the program's own
    message_priority priority = message_priority::normal; ///< as the sender sees it
    result<void> operator()(decision& now) const;
};
/// Notes that a message was read; again is no error, and appends nothing. `message_not_found`,
/// `not_the_recipient`.
struct SWARMLOG_EXPORT mark_read {
    std::string message_id; ///< the message
    std::string by_agent;   ///< its recipient
    result<void> operator()(decision& now) const;
};
/// Records a measurement. `agent_not_found` when it names an agent that is not there.
struct SWARMLOG_EXPORT record_metric {
    metric_recorded metric; ///< as it is recorded
    result<void> operator()(decision& now) const;
};

/// Metrics of one type and unit over a time range.
struct metric_summary {
    std::string metric_type; ///< what was measured
    std::string unit;        ///< of all its values
    std::int64_t count = 0;  ///< how many values
    double sum = 0;          ///< compensated (Neumaier)
    double mean = 0;         ///< the arithmetic mean
    double min = 0;          ///< the smallest
    double max = 0;          ///< the largest
    friend bool operator==(metric_summary const&, metric_summary const&) = default;
};

/// Commands and queries over a log that has the swarm's projections. Thread-safe; keeps a
/// reference to the log, which must live longer.
class SWARMLOG_EXPORT desk {
public:
    /// Over an open log, which it refers to.
    explicit desk(event_log& log) noexcept : log_(&log) {}

    // Commands block until they are durable, or answer a `swarm_errc`.
    /// Decides a command, one of those above or any that `event_log::decide` takes. Blocks until it
    /// is durable; else answers a `swarm_errc`, or what `event_log::decide` does.
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
    /// The agent, shared and not copied; null when there is none.
    [[nodiscard]] result<std::shared_ptr<agent const>> find_agent(std::string_view id) const;
    /// All agents, by rising id.
    [[nodiscard]] result<std::vector<agent>> agents() const;
    /// By rising id.
    [[nodiscard]] result<std::vector<agent>> agents_by_status(agent_status status) const;
    /// Those that have the capability.
    [[nodiscard]] result<std::vector<agent>> agents_able(std::string_view capability) const;
    /// Those whose last sign of life is older, and that are not shut down.
    [[nodiscard]] result<std::vector<agent>> silent_agents(timestamp since) const;

    /// The task, shared and not copied; null when there is none.
    [[nodiscard]] result<std::shared_ptr<task const>> find_task(std::string_view id) const;
    /// By rising id.
    [[nodiscard]] result<std::vector<task>> tasks_by_status(task_status status) const;
    /// Those that the agent holds, or held when they were over, by rising id.
    [[nodiscard]] result<std::vector<task>> tasks_of(std::string_view agent_id) const;
    /// By falling priority, then oldest first.
    [[nodiscard]] result<std::vector<task>> pending_tasks() const;
    /// The pending tasks whose dependencies are completed, in the order they are taken.
    [[nodiscard]] result<std::vector<task>> ready_tasks() const;

    /// Newest first.
    [[nodiscard]] result<std::vector<event>> events_of_agent(std::string_view id,
                                                             std::uint64_t events_max) const;
    /// Those with the task's tag, newest first.
    [[nodiscard]] result<std::vector<event>> events_of_task(std::string_view id,
                                                            std::uint64_t events_max) const;
    /// Newest first.
    [[nodiscard]] result<std::vector<event>> events_of_type(std::string_view type,
                                                            std::uint64_t events_max) const;
    /// Oldest first, recorded after a time.
    [[nodiscard]] result<std::vector<event>> events_since(timestamp time) const;

    /// Both ways, oldest first.
    [[nodiscard]] result<std::vector<message>> messages_between(std::string_view one,
                                                                std::string_view other) const;
    /// Oldest first.
    [[nodiscard]] result<std::vector<message>> unread_messages(std::string_view agent_id) const;

    /// In the order they were recorded.
    [[nodiscard]] result<std::vector<metric>> metrics_of(std::string_view agent_id,
                                                         std::string_view metric_type) const;
    /// From `from` up to but not including `to`; units are never mixed.
    [[nodiscard]] result<std::vector<metric_summary>> aggregate_metrics(timestamp from,
                                                                        timestamp to) const;

private:
    event_log* log_;
};

} // namespace swarmlog::swarm
