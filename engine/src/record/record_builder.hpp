#pragma once

#include "record/record_format.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/event_id.hpp>
#include <swarmlog/engine/options.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// One event on its way into a record: names are slots of the record's tables.
struct record_event {
    std::uint32_t stream = 0;
    std::uint32_t type = 0;
    version at; ///< in its stream; above the stream's base
    timestamp recorded_at;
    std::optional<timestamp> occurred_at;
    event_id id{}; ///< nil: count on from the record's own first id
    std::uint32_t schema_version = 1;
    std::span<std::uint32_t const> tags;
    std::string_view correlation, causation, metadata, data;
};

/// Packs events into a record's content. Its buffers are kept from record to record.
///
/// The caller interns: `epoch` tells whether a slot it remembers belongs to this record.
class record_builder {
public:
    /// Where a rejected append is cut off again.
    struct mark {
        std::size_t streams_bytes, strings_bytes, ids_bytes, keys_bytes, events_bytes;
        std::uint32_t stream_count, string_count, id_runs, key_count, event_count;
        std::uint64_t last_run;
        event_id last_id;
    };

    /// Starts an empty record. `own_id` is what the log's own event ids count up from.
    void begin(record_header const& header, event_id const& own_id);

    [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }
    [[nodiscard]] std::uint32_t add_stream(std::string_view name, std::uint64_t base);
    [[nodiscard]] std::uint32_t add_string(std::string_view name);
    void add_event(record_event const& event);
    void add_key(record_key const& key);

    [[nodiscard]] mark marked() const noexcept;
    /// Takes back what came after the mark. Slots given since are not valid any more: the
    /// epoch changes, so the caller interns anew (a name may then stand in a table twice).
    void cut_back(mark const& to);

    [[nodiscard]] record_header const& header() const noexcept { return header_; }
    [[nodiscard]] std::uint32_t event_count() const noexcept { return header_.event_count; }
    [[nodiscard]] bool empty() const noexcept { return header_.event_count == 0; }
    [[nodiscard]] position next_position() const noexcept {
        return position{header_.first.value + header_.event_count};
    }
    /// About how long the content would be now.
    [[nodiscard]] std::size_t content_bytes() const noexcept {
        return record_header_bytes + streams_.size() + strings_.size() + ids_.size() +
               keys_.size() + events_.size();
    }

    /// Of the event added last.
    [[nodiscard]] event_id const& last_id() const noexcept { return last_id_; }
    /// The content so far.
    [[nodiscard]] std::string content() const;

private:
    void add_id(event_id const& id);

    record_header header_;
    event_id own_id_{};
    std::uint64_t epoch_ = 0;
    std::string streams_, strings_, ids_, keys_, events_;
    std::vector<std::uint64_t> bases_; ///< of each stream in the table
    std::uint32_t string_count_ = 0;
    std::uint32_t id_runs_ = 0;
    std::uint32_t key_count_ = 0;
    // The run of ids still growing: its first id is in `ids_`, its length is not.
    event_id last_id_{};
    std::uint64_t last_run_ = 0;
};

} // namespace swarmlog::detail
