#include "swarm/known_rows.hpp"

namespace swarmlog::swarm {

namespace {

constexpr std::size_t id_bytes_max = 240; // leaves room for `message-` and `agent:`

} // namespace

result<void> check_id(std::string_view what, std::string_view id) {
    if (!id.empty() && id.size() <= id_bytes_max) {
        if (is_row_text(id)) { return {}; }
        return swarm_error(swarm_errc::invalid_value, "the id of a " + std::string{what} +
                                                          " is not UTF-8, or has a zero byte");
    }
    return swarm_error(swarm_errc::invalid_value,
                       "the id of a " + std::string{what} + " has " + std::to_string(id.size()) +
                           " bytes; it takes 1 to " + std::to_string(id_bytes_max));
}

result<std::shared_ptr<agent const>> known_agent(decision& now, std::string const& id) {
    auto known = now.table<agent>().find(id);
    if (known && *known == nullptr) {
        return swarm_error(swarm_errc::agent_not_found, "there is no agent \"" + id + "\"");
    }
    return known;
}

result<std::shared_ptr<task const>> known_task(decision& now, std::string const& id) {
    auto known = now.table<task>().find(id);
    if (known && *known == nullptr) {
        return swarm_error(swarm_errc::task_not_found, "there is no task \"" + id + "\"");
    }
    return known;
}

} // namespace swarmlog::swarm
