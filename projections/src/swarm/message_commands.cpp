#include "swarm/known_rows.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>

namespace swarmlog::swarm {

namespace {

result<void> append_of_message(decision& now, message_sent const& event) {
    std::string const from = "agent:" + event.from_agent;
    std::string const to = "agent:" + event.to_agent;
    event_details details;
    details.tags.push_back(from);
    if (to != from) { details.tags.push_back(to); }
    return now.append("message-" + event.message_id, event, details);
}

} // namespace

result<void> send_message::operator()(decision& now) const {
    if (auto const named = check_id("message", id); !named) { return named; }
    for (std::string const* const party : {&from_agent, &to_agent}) {
        auto const known = known_agent(now, *party);
        if (!known) { return known.error(); }
    }
    auto const before = now.version_of("message-" + id);
    if (!before) { return before.error(); }
    if (before->value != 0) {
        return swarm_error(swarm_errc::invalid_value, "message " + id + " was sent already");
    }
    return append_of_message(
        now, message_sent{id, from_agent, to_agent, message_type, content, priority});
}

result<void> broadcast::operator()(decision& now) const {
    auto const sender = known_agent(now, from_agent);
    if (!sender) { return sender.error(); }
    auto const all = now.table<agent>().all();
    if (!all) { return all.error(); }
    for (agent const& each : *all) {
        if (each.id == from_agent || each.status == agent_status::shutdown) { continue; }
        auto const sent = send_message{id + "/" + each.id, from_agent, each.id,
                                       message_type,       content,    priority}(now);
        if (!sent) { return sent; }
    }
    return {};
}

result<void> mark_read::operator()(decision& now) const {
    auto const known = now.table<message>().find(message_id);
    if (!known) { return known.error(); }
    if (*known == nullptr) {
        return swarm_error(swarm_errc::message_not_found,
                           "there is no message \"" + message_id + "\"");
    }
    if ((*known)->to_agent != by_agent) {
        return swarm_error(
            swarm_errc::not_the_recipient,
            "message " + message_id + " is for " + (*known)->to_agent + ", not for " + by_agent);
    }
    if ((*known)->read) { return {}; }
    std::string const tag = "agent:" + by_agent;
    return now.append("message-" + message_id, swarm::message_read{message_id, by_agent},
                      {.tags = {tag}});
}

result<void> record_metric::operator()(decision& now) const {
    std::string const by = metric.agent_id.value_or("");
    std::string const tag = "agent:" + by;
    event_details details;
    if (metric.agent_id) {
        // The same rule on every backend: what is measured of an agent needs the agent.
        auto const known = known_agent(now, by);
        if (!known) { return known.error(); }
        details.tags.push_back(tag);
    }
    return now.append(metric.agent_id ? "metrics-" + by : "metrics", metric, details);
}

} // namespace swarmlog::swarm
