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

/// \file
/// Agents: their states, events, rows and fold.
///
///     (none) ──register──▶ any state ◀──set_status──▶ any state ──remove──▶ (none)
///
/// A removed agent leaves its history; its id may be registered anew. `shutdown` is the last
/// state of a run: only registering anew leads out of it.
namespace swarmlog::swarm {

/// How an agent is; `shutdown` ends a run (the diagram above).
enum class agent_status { initializing, active, idle, busy, paused, error, shutdown };
BOOST_DESCRIBE_ENUM(agent_status, initializing, active, idle, busy, paused, error, shutdown)

/// An agent is there, anew if one of this id was removed or shut down.
struct agent_registered {
    static constexpr std::string_view type = "agent.registered";
    std::string agent_id{};   ///< 1 to 240 bytes
    std::string name{};       ///< for people
    std::string agent_type{}; ///< what kind of agent; the program's own word
    agent_status status = agent_status::initializing; ///< the state it begins in
    std::vector<std::string> capabilities{};          ///< what tasks may require of it
    boost::json::value metadata{};                    ///< the program's own
};
BOOST_DESCRIBE_STRUCT(agent_registered, (),
                      (agent_id, name, agent_type, status, capabilities, metadata))

/// What is given is changed, the rest stays.
struct agent_updated {
    static constexpr std::string_view type = "agent.updated";
    std::string agent_id;                  ///< the agent
    std::optional<std::string> name;       ///< the new name
    std::optional<std::string> agent_type; ///< the new type
    /// All of them, in place of the old.
    std::optional<std::vector<std::string>> capabilities;
    std::optional<boost::json::value> metadata; ///< all of it, in place of the old
};
BOOST_DESCRIBE_STRUCT(agent_updated, (), (agent_id, name, agent_type, capabilities, metadata))

/// An agent's state is another.
struct agent_status_changed {
    static constexpr std::string_view type = "agent.status_changed";
    std::string agent_id;                     ///< the agent
    agent_status status = agent_status::idle; ///< the new state
};
BOOST_DESCRIBE_STRUCT(agent_status_changed, (), (agent_id, status))

/// A sign of life.
struct agent_heartbeat {
    static constexpr std::string_view type = "agent.heartbeat";
    std::string agent_id; ///< the agent
};
BOOST_DESCRIBE_STRUCT(agent_heartbeat, (), (agent_id))

/// An agent is gone; its history stays, and its id may be registered anew.
struct agent_removed {
    static constexpr std::string_view type = "agent.removed";
    std::string agent_id; ///< the agent
};
BOOST_DESCRIBE_STRUCT(agent_removed, (), (agent_id))

/// An agent, as a row of the table `agents`. Times are the event's `occurred_at`, or else its
/// `recorded_at`.
struct agent {
    std::string id;                                   ///< names the row
    std::string name;                                 ///< for people
    std::string agent_type;                           ///< the program's own word
    agent_status status = agent_status::initializing; ///< where it stands
    std::vector<std::string> capabilities;            ///< what tasks may require of it
    boost::json::value metadata;                      ///< the program's own
    std::optional<timestamp> heartbeat;               ///< the last one
    timestamp created_at{};                           ///< when it was registered, for the last time
    timestamp updated_at{};                           ///< of its last event, a heartbeat included
    friend bool operator==(agent const&, agent const&) = default;
};
BOOST_DESCRIBE_STRUCT(agent, (),
                      (id, name, agent_type, status, capabilities, metadata, heartbeat, created_at,
                       updated_at))

/// Folds agents' events into the table `agents`.
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
