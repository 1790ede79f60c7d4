#pragma once

#include "history/history_event.hpp"
#include "history/task_records.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/projections/swarm/task.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace swarmlog {

/// Says what the events of a recorded history mean as events of the swarm.
///
/// | in the history | in the swarm |
/// |---|---|
/// | the first sight of an `agent:` tag | `agent.registered` |
/// | the first sight of a `task:` tag | `task.created`, with what its record says |
/// | claim, claimed, task.assigned, a status of hooked | `task.assigned` |
/// | dispatch, task.started, a status of in_progress, a claim with it | `task.started` |
/// | complete, closed, task.completed, a status of closed | `task.completed` |
/// | fail, timeout, crash, task.failed, task.timeout | `task.failed`, with that reason |
/// | reopened; a status of open when it was held or closed | `task.reopened` or `task.released` |
/// | updated, label_added, label_removed, commented, renamed, other statuses | `task.annotated` |
/// | a workflow's start, completion, failure, time-out, cancellation | the same of a task |
///
/// What a task's life cycle asks for in between is added: a claim of a task that another claim
/// holds releases it first; one of a task that is over reopens it first. Other types mean
/// nothing. Each translated event has the time of the one it comes from.
///
/// Used by one thread; events must come in the order of the history.
class swarm_translator {
public:
    explicit swarm_translator(task_records records = {}) : records_(std::move(records)) {}

    /// What an event means, in order; often one event. Lives until the next call. Fails when a
    /// name cannot be stored.
    [[nodiscard]] result<std::vector<history_event> const*> translate(event_view const& event);

    /// Where a task stands by what was translated so far; pending when it was never seen.
    [[nodiscard]] swarm::task_status status_of(std::string_view task) const;
    /// Events that meant nothing.
    [[nodiscard]] std::uint64_t untranslated() const noexcept { return untranslated_; }

private:
    struct task_state {
        swarm::task_status status = swarm::task_status::pending;
        std::string holder;
    };
    struct source {
        event_view const* event;
        std::string_view task;
        std::string_view agent; ///< may be empty
    };

    result<void> register_agent(source const& from);
    result<task_state*> known_task(source const& from);
    result<void> claim(source const& from, task_state& task);
    result<void> assign(source const& from, task_state& task, std::string_view agent);
    result<void> start(source const& from, task_state& task, std::string_view agent);
    result<void> complete(source const& from, task_state& task);
    result<void> fail(source const& from, task_state& task);
    result<void> cancel(source const& from, task_state& task);
    result<void> make_pending(source const& from, task_state& task);
    result<void> annotate(source const& from);
    result<void> change_status(source const& from, task_state& task);
    template <class Event>
    result<void> emit(source const& from, std::string_view stream, Event const& event);

    task_records records_;
    std::unordered_map<std::string, task_state> tasks_;
    std::unordered_set<std::string> agents_;
    std::vector<history_event> translated_;
    std::uint64_t untranslated_ = 0;
};

} // namespace swarmlog
