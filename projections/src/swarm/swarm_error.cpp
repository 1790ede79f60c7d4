#include <swarmlog/projections/swarm/swarm_error.hpp>

namespace swarmlog::swarm {

namespace {

// GCC takes the protected destructor of Boost's base for an accessible one, because the base
// has friends. Nobody deletes a category.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#endif
class category final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "swarmlog.swarm"; }
    std::string message(int code) const override {
        switch (static_cast<swarm_errc>(code)) {
        case swarm_errc::agent_exists: return "An agent of this id is registered.";
        case swarm_errc::agent_not_found: return "There is no such agent.";
        case swarm_errc::task_exists: return "There is a task of this id.";
        case swarm_errc::task_not_found: return "There is no such task.";
        case swarm_errc::task_already_claimed: return "Another agent holds the task.";
        case swarm_errc::task_not_ready: return "A dependency of the task is not completed.";
        case swarm_errc::capability_missing: return "The agent lacks a capability of the task.";
        case swarm_errc::not_the_holder: return "The task is not held by this agent.";
        case swarm_errc::illegal_step: return "The state does not allow this step.";
        case swarm_errc::unknown_dependency: return "A dependency is no task.";
        case swarm_errc::cyclic_dependency: return "The task would wait for itself.";
        case swarm_errc::no_task_ready: return "No task is ready for this agent.";
        case swarm_errc::message_not_found: return "There is no such message.";
        case swarm_errc::not_the_recipient: return "The message is for somebody else.";
        case swarm_errc::invalid_value: return "A value cannot be stored.";
        }
        return "An unknown error of the swarm.";
    }
};
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

} // namespace

boost::system::error_category const& swarm_category() noexcept {
    static category const instance;
    return instance;
}

boost::system::error_code make_error_code(swarm_errc code) noexcept {
    return {static_cast<int>(code), swarm_category()};
}

error swarm_error(swarm_errc code, std::string detail) {
    return error{make_error_code(code), std::move(detail)};
}

bool operator==(error const& left, swarm_errc right) noexcept {
    return left.code() == make_error_code(right);
}

} // namespace swarmlog::swarm
