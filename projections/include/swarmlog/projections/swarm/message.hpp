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

/// How soon a message wants to be read. Nothing in swarmlog acts on it.
enum class message_priority { low, normal, high, urgent };
BOOST_DESCRIBE_ENUM(message_priority, low, normal, high, urgent)

/// A message is in its recipient's box.
struct message_sent {
    static constexpr std::string_view type = "message.sent";
    std::string message_id;                               ///< 1 to 240 bytes
    std::string from_agent;                               ///< the sender
    std::string to_agent;                                 ///< the recipient
    std::string message_type;                             ///< the program's own word
    boost::json::value content;                           ///< the program's own
    message_priority priority = message_priority::normal; ///< as the sender sees it
};
BOOST_DESCRIBE_STRUCT(message_sent, (),
                      (message_id, from_agent, to_agent, message_type, content, priority))

/// The recipient has read it.
struct message_read {
    static constexpr std::string_view type = "message.read";
    std::string message_id; ///< the message
    std::string by_agent;   ///< its recipient
};
BOOST_DESCRIBE_STRUCT(message_read, (), (message_id, by_agent))

/// A message, as a row of the table `messages`. Times are the event's `occurred_at`, or else its
/// `recorded_at`.
struct message {
    std::string id;                                       ///< names the row
    std::string from_agent;                               ///< the sender
    std::string to_agent;                                 ///< the recipient
    std::string message_type;                             ///< the program's own word
    boost::json::value content;                           ///< the program's own
    message_priority priority = message_priority::normal; ///< as the sender sees it
    bool read = false;                                    ///< by its recipient
    timestamp created_at{};                               ///< when it was sent
    std::optional<timestamp> read_at;                     ///< when it was first read
    position sent_in{};                                   ///< the order in which messages were sent
    friend bool operator==(message const&, message const&) = default;
};
BOOST_DESCRIBE_STRUCT(message, (),
                      (id, from_agent, to_agent, message_type, content, priority, read, created_at,
                       read_at, sent_in))

/// Folds messages' events into the table `messages`.
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
