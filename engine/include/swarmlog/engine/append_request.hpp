#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/engine/event_details.hpp>
#include <swarmlog/engine/expected.hpp>
#include <swarmlog/engine/options.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace swarmlog {

namespace detail {
class append_draft;
}

/// What an append takes: a described struct, or text as it is.
template <class Event>
concept appendable = event_type<Event> || std::same_as<Event, raw_event>;

/// One or more events for one or more streams, all or nothing. Owns its bytes; built, validated
/// and encoded on one thread, then moved into an append.
///
/// The first failure is kept and answered by the append; nothing is queued then.
class SWARMLOG_EXPORT append_request {
public:
    /// An empty request under these limits; `producer::new_append` takes the log's.
    explicit append_request(append_limits const& limits = {});
    append_request(append_request&&) noexcept;
    append_request& operator=(append_request&&) noexcept;
    ~append_request();

    /// Adds an event to a stream. Bytes are copied.
    template <event_type Event>
    append_request& add(std::string_view stream, Event const& event,
                        event_details const& details = {}) {
        std::string& data = data_buffer();
        if (result<void> const encoded = encode_event(event, data, json_depth_max()); !encoded) {
            return fail(encoded.error());
        }
        return add_encoded(stream, Event::type, schema_version_of<Event>(), details);
    }
    /// Adds an event whose data is JSON text already, checked and stored as it is.
    append_request& add(std::string_view stream, raw_event const& event,
                        event_details const& details = {});

    /// Asks for a stream's state before this append. Several add up.
    append_request& expect(std::string_view stream, expected::condition const& condition);
    /// Asks that no event beyond a position matches a query; `condition_failed` otherwise.
    append_request& expect(expected::none_since const& condition);

    /// The same key with the same content is appended once in the log's lifetime.
    append_request& idempotency_key(std::string_view key);

    /// For restoring an exported log: the time each following event was first recorded. Answered
    /// `invalid_argument` at the write unless later than every event already stored.
    append_request& recorded_at(timestamp time);

    /// Events added so far.
    [[nodiscard]] std::size_t event_count() const noexcept;
    /// The first failure so far, if any.
    [[nodiscard]] result<void> status() const;

private:
    friend struct detail_access;
    explicit append_request(std::unique_ptr<detail::append_draft> draft) noexcept;
    [[nodiscard]] std::uint32_t json_depth_max() const noexcept;
    std::string& data_buffer();
    append_request& add_encoded(std::string_view stream, std::string_view type,
                                std::uint32_t schema_version, event_details const& details);
    append_request& fail(error failure);

    std::unique_ptr<detail::append_draft> draft_;
};

} // namespace swarmlog
