#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/export.hpp>

#include <boost/system/error_code.hpp>

#include <string>
#include <type_traits>

namespace swarmlog::swarm {

/// Why a command of the swarm was rejected; nothing of it is stored.
enum class swarm_errc {
    agent_exists = 1,     ///< an agent of this id is registered
    agent_not_found,      ///< never registered, or removed
    task_exists,          ///< there is a task of this id
    task_not_found,       ///< there never was
    task_already_claimed, ///< another agent holds it; the message says who
    task_not_ready,       ///< a dependency is not completed
    capability_missing,   ///< the agent lacks what the task requires
    not_the_holder,       ///< the task is not this agent's
    illegal_step,         ///< not from the state that the task or agent is in
    unknown_dependency,   ///< a dependency is no task
    cyclic_dependency,    ///< a task would wait for itself
    no_task_ready,        ///< nothing that this agent could claim
    message_not_found,    ///< there is no such message
    not_the_recipient,    ///< the message is for somebody else
    invalid_value,        ///< an id or a value that cannot be stored
};

/// Its name is "swarmlog.swarm".
[[nodiscard]] SWARMLOG_EXPORT boost::system::error_category const& swarm_category() noexcept;
/// For Boost.System, which finds it by its argument.
[[nodiscard]] SWARMLOG_EXPORT boost::system::error_code make_error_code(swarm_errc code) noexcept;

/// An error of this code, with a sentence for a person.
[[nodiscard]] SWARMLOG_EXPORT error swarm_error(swarm_errc code, std::string detail);
/// Compares codes; the sentence does not count.
[[nodiscard]] SWARMLOG_EXPORT bool operator==(error const& left, swarm_errc right) noexcept;

} // namespace swarmlog::swarm

template <>
struct boost::system::is_error_code_enum<swarmlog::swarm::swarm_errc> : std::true_type {};
