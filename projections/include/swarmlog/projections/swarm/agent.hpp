#pragma once

#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>
#include <swarmlog/projections/projection.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Agents: their states, events, rows and fold.
///
///     (none) ──register──▶ any state ◀──set_status──▶ any state ──remove──▶ (none)
///
/// A removed agent leaves its history; its id may be registered anew. `shutdown` is the last
/// state of a run: only registering anew leads out of it.
namespace swarmlog::swarm {

enum class agent_status { initializing, active, idle, busy, paused, error, shutdown };
BOOST_DESCRIBE_ENUM(agent_status, initializing, active, idle, busy, paused, error, shutdown)

struct agent_registered {
    static constexpr std::string_view type = "agent.registered";
    std::string agent_id{};
    std::string name{};
    std::string agent_type{};
    agent_status status = agent_status::initializing;
    std::vector<std::string> capabilities{};
    boost::json::value metadata{};
};
BOOST_DESCRIBE_STRUCT(agent_registered, (),
                      (agent_id, name, agent_type, status, capabilities, metadata))

/// What is given is changed, the rest stays.
struct agent_updated {
    static constexpr std::string_view type = "agent.updated";
    std::string agent_id;
    std::optional<std::string> name;
    std::optional<std::string> agent_type;
    std::optional<std::vector<std::string>> capabilities;
    std::optional<boost::json::value> metadata;
};
BOOST_DESCRIBE_STRUCT(agent_updated, (), (agent_id, name, agent_type, capabilities, metadata))

struct agent_status_changed {
    static constexpr std::string_view type = "agent.status_changed";
    std::string agent_id;
    agent_status status = agent_status::idle;
};
BOOST_DESCRIBE_STRUCT(agent_status_changed, (), (agent_id, status))

struct agent_heartbeat {
    static constexpr std::string_view type = "agent.heartbeat";
    std::string agent_id;
};
BOOST_DESCRIBE_STRUCT(agent_heartbeat, (), (agent_id))

struct agent_removed {
    static constexpr std::string_view type = "agent.removed";
    std::string agent_id;
};
BOOST_DESCRIBE_STRUCT(agent_removed, (), (agent_id))

struct agent {
    std::string id;
    std::string name;
    std::string agent_type;
    agent_status status = agent_status::initializing;
    std::vector<std::string> capabilities;
    boost::json::value metadata;
    std::optional<timestamp> heartbeat; ///< the last one
    timestamp created_at{};
    timestamp updated_at{};
    friend bool operator==(agent const&, agent const&) = default;
};
BOOST_DESCRIBE_STRUCT(agent, (),
                      (id, name, agent_type, status, capabilities, metadata, heartbeat, created_at,
                       updated_at))

struct SWARMLOG_EXPORT agent_table {
    static constexpr std::string_view name = "agents";
    static constexpr std::uint32_t version = 1;
    using row_type = agent;
    static constexpr auto key = &agent::id;
    using handles = event_types<agent_registered, agent_updated, agent_status_changed,
                                agent_heartbeat, agent_removed>;

    static std::vector<index_spec> indexes() { return {index_on(&agent::status)}; }
    static std::string stream_of(std::string_view id) { return "agent-" + std::string{id}; }

    void apply(agent_registered const& event, event_view const& from, rows<agent>& agents) const;
    void apply(agent_updated const& event, event_view const& from, rows<agent>& agents) const;
    void apply(agent_status_changed const& event, event_view const& from,
               rows<agent>& agents) const;
    void apply(agent_heartbeat const& event, event_view const& from, rows<agent>& agents) const;
    void apply(agent_removed const& event, event_view const& from, rows<agent>& agents) const;
};

} // namespace swarmlog::swarm
