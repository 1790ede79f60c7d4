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

namespace swarmlog::swarm {

enum class message_priority { low, normal, high, urgent };
BOOST_DESCRIBE_ENUM(message_priority, low, normal, high, urgent)

struct message_sent {
    static constexpr std::string_view type = "message.sent";
    std::string message_id;
    std::string from_agent;
    std::string to_agent;
    std::string message_type;
    boost::json::value content;
    message_priority priority = message_priority::normal;
};
BOOST_DESCRIBE_STRUCT(message_sent, (),
                      (message_id, from_agent, to_agent, message_type, content, priority))

struct message_read {
    static constexpr std::string_view type = "message.read";
    std::string message_id;
    std::string by_agent;
};
BOOST_DESCRIBE_STRUCT(message_read, (), (message_id, by_agent))

struct message {
    std::string id;
    std::string from_agent;
    std::string to_agent;
    std::string message_type;
    boost::json::value content;
    message_priority priority = message_priority::normal;
    bool read = false;
    timestamp created_at{};
    std::optional<timestamp> read_at;
    position sent_in{}; ///< the order in which messages were sent
    friend bool operator==(message const&, message const&) = default;
};
BOOST_DESCRIBE_STRUCT(message, (),
                      (id, from_agent, to_agent, message_type, content, priority, read, created_at,
                       read_at, sent_in))

struct SWARMLOG_EXPORT message_table {
    static constexpr std::string_view name = "messages";
    static constexpr std::uint32_t version = 1;
    using row_type = message;
    static constexpr auto key = &message::id;
    using handles = event_types<message_sent, message_read>;

    static std::vector<index_spec> indexes() {
        return {index_on(&message::to_agent, &message::read, &message::sent_in),
                index_on(&message::from_agent, &message::to_agent, &message::sent_in)};
    }
    static std::string stream_of(std::string_view id) { return "message-" + std::string{id}; }

    void apply(message_sent const& event, event_view const& from, rows<message>& messages) const;
    void apply(message_read const& event, event_view const& from, rows<message>& messages) const;
};

} // namespace swarmlog::swarm
