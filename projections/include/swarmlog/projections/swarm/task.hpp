#pragma once

#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>
#include <swarmlog/projections/projection.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// Tasks: their states, events, rows and fold.
///
///     create ─▶ pending ──assign, claim──▶ assigned ──start──▶ running ──complete──▶ completed
///                 ▲  ▲                        │                  │ │
///                 │  └──────release───────────┴──────────────────┘ │
///                 └──────fail, while retries are left──────────────┤
///                                                                  └─fail──▶ failed
///     cancel leads from pending, assigned and running to cancelled. `fail` takes an assigned
///     task too. Out of completed, failed and cancelled only `reopen` leads, back to pending.
///     Notes are taken in every state.
///
/// A task is ready when it is pending and all its dependencies are completed.
namespace swarmlog::swarm {

/// Which ready task is taken first, from the least urgent on.
enum class task_priority { low, medium, high, critical };
BOOST_DESCRIBE_ENUM(task_priority, low, medium, high, critical)

/// Where a task stands (the diagram above).
enum class task_status { pending, assigned, running, completed, failed, cancelled };
BOOST_DESCRIBE_ENUM(task_status, pending, assigned, running, completed, failed, cancelled)

/// A task is there, pending.
struct task_created {
    static constexpr std::string_view type = "task.created";
    std::string task_id{};                            ///< 1 to 240 bytes
    std::string task_type{};                          ///< the program's own word
    task_priority priority = task_priority::medium;   ///< which ready task is taken first
    boost::json::value payload{};                     ///< what is to be done; the program's own
    std::vector<std::string> dependencies{};          ///< ids of tasks that must be completed first
    std::vector<std::string> required_capabilities{}; ///< what an agent must have to claim it
    std::uint32_t max_retries = 3;                    ///< failures after which it is pending again
};
BOOST_DESCRIBE_STRUCT(task_created, (),
                      (task_id, task_type, priority, payload, dependencies, required_capabilities,
                       max_retries))

/// What is given is changed, the rest stays.
struct task_updated {
    static constexpr std::string_view type = "task.updated";
    std::string task_id;                       ///< the task
    std::optional<task_priority> priority;     ///< the new priority
    std::optional<boost::json::value> payload; ///< the new payload
};
BOOST_DESCRIBE_STRUCT(task_updated, (), (task_id, priority, payload))

/// An agent has claimed the task.
struct task_assigned {
    static constexpr std::string_view type = "task.assigned";
    std::string task_id;  ///< the task
    std::string agent_id; ///< who holds it now
};
BOOST_DESCRIBE_STRUCT(task_assigned, (), (task_id, agent_id))

/// Its holder has begun.
struct task_started {
    static constexpr std::string_view type = "task.started";
    std::string task_id;  ///< the task
    std::string agent_id; ///< who holds it
};
BOOST_DESCRIBE_STRUCT(task_started, (), (task_id, agent_id))

/// Its holder has ended it well.
struct task_completed {
    static constexpr std::string_view type = "task.completed";
    std::string task_id;       ///< the task
    std::string agent_id;      ///< who held it
    boost::json::value result; ///< what came of it; the program's own
};
BOOST_DESCRIBE_STRUCT(task_completed, (), (task_id, agent_id, result))

/// Its holder could not do it.
struct task_failed {
    static constexpr std::string_view type = "task.failed";
    std::string task_id;  ///< the task
    std::string agent_id; ///< who held it
    std::string error;    ///< why
    bool retried = false; ///< it is pending again
};
BOOST_DESCRIBE_STRUCT(task_failed, (), (task_id, agent_id, error, retried))

/// It will not be done.
struct task_cancelled {
    static constexpr std::string_view type = "task.cancelled";
    std::string task_id; ///< the task
    std::string reason;  ///< why
};
BOOST_DESCRIBE_STRUCT(task_cancelled, (), (task_id, reason))

/// It is pending again, and no failure of it.
struct task_released {
    static constexpr std::string_view type = "task.released";
    std::string task_id;  ///< the task
    std::string agent_id; ///< who held it
    std::string reason;   ///< why
};
BOOST_DESCRIBE_STRUCT(task_released, (), (task_id, agent_id, reason))

/// Pending again, with all its retries; what came of it before is history.
struct task_reopened {
    static constexpr std::string_view type = "task.reopened";
    std::string task_id;  ///< the task
    std::string agent_id; ///< who asked for it; may be empty
    std::string reason;   ///< why
};
BOOST_DESCRIBE_STRUCT(task_reopened, (), (task_id, agent_id, reason))

/// Each note replaces the one of the same name.
struct task_annotated {
    static constexpr std::string_view type = "task.annotated";
    std::string task_id;                             ///< the task
    std::map<std::string, boost::json::value> notes; ///< by name
};
BOOST_DESCRIBE_STRUCT(task_annotated, (), (task_id, notes))

/// A task, as a row of the table `tasks`. Times are the event's `occurred_at`, or else its
/// `recorded_at`.
struct task {
    std::string id;                                 ///< names the row
    std::string task_type;                          ///< the program's own word
    task_priority priority = task_priority::medium; ///< which ready task is taken first
    task_status status = task_status::pending;      ///< where it stands
    std::optional<std::string> assigned_to;         ///< its holder, or the last one once it is over
    boost::json::value payload;                     ///< what is to be done
    boost::json::value result;                      ///< what came of it; null before
    std::optional<std::string> error;               ///< of the last failure
    std::uint32_t retry_count = 0;                  ///< failures after which it was pending again
    std::uint32_t max_retries = 3;                  ///< how many there may be
    std::vector<std::string> dependencies;          ///< ids of tasks that must be completed first
    std::vector<std::string> required_capabilities; ///< what an agent must have to claim it
    std::map<std::string, boost::json::value> metadata; ///< notes, by name
    timestamp created_at{};                             ///< when it was created
    timestamp updated_at{};                             ///< of its last event
    std::optional<timestamp> started_at;                ///< by its holder
    std::optional<timestamp> completed_at; ///< when it was completed, failed or cancelled
    /// The order in which ready tasks are taken: by rising urgency (0 is critical), then by the
    /// position of their creation.
    std::int64_t urgency = 0;
    /// Position of its creation.
    position created_in{};
    friend bool operator==(task const&, task const&) = default;
};
BOOST_DESCRIBE_STRUCT(task, (),
                      (id, task_type, priority, status, assigned_to, payload, result, error,
                       retry_count, max_retries, dependencies, required_capabilities, metadata,
                       created_at, updated_at, started_at, completed_at, urgency, created_in))

/// Folds tasks' events into the table `tasks`.
struct SWARMLOG_EXPORT task_table {
    static constexpr std::string_view name = "tasks";
    static constexpr std::uint32_t version = 1;
    using row_type = task;
    static constexpr auto key = &task::id;
    using handles =
        event_types<task_created, task_updated, task_assigned, task_started, task_completed,
                    task_failed, task_cancelled, task_released, task_reopened, task_annotated>;

    static std::vector<index_spec> indexes() {
        return {index_on(&task::status, &task::urgency, &task::created_in),
                index_on(&task::assigned_to, &task::status)};
    }
    static std::string stream_of(std::string_view id) { return "task-" + std::string{id}; }

    void apply(task_created const& event, event_view const& from, rows<task>& tasks) const;
    void apply(task_updated const& event, event_view const& from, rows<task>& tasks) const;
    void apply(task_assigned const& event, event_view const& from, rows<task>& tasks) const;
    void apply(task_started const& event, event_view const& from, rows<task>& tasks) const;
    void apply(task_completed const& event, event_view const& from, rows<task>& tasks) const;
    void apply(task_failed const& event, event_view const& from, rows<task>& tasks) const;
    void apply(task_cancelled const& event, event_view const& from, rows<task>& tasks) const;
    void apply(task_released const& event, event_view const& from, rows<task>& tasks) const;
    void apply(task_reopened const& event, event_view const& from, rows<task>& tasks) const;
    void apply(task_annotated const& event, event_view const& from, rows<task>& tasks) const;
};

} // namespace swarmlog::swarm
