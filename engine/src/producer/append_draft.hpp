#pragma once

#include "index/key.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event_details.hpp>
#include <swarmlog/engine/expected.hpp>
#include <swarmlog/engine/options.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// A tag in a draft's bytes, hashed.
struct draft_tag {
    std::uint64_t hash = 0;
    std::uint32_t offset = 0;
    std::uint8_t size = 0;
};

/// One event in a draft's bytes: `data metadata stream type correlation causation`, back to back.
struct draft_event {
    std::uint64_t stream_hash = 0;
    std::uint64_t type_hash = 0;
    event_id id{}; ///< nil: the log makes one
    std::optional<timestamp> occurred_at;
    std::optional<timestamp> recorded_at;
    std::uint32_t begin = 0;
    std::uint32_t data_size = 0;
    std::uint32_t metadata_size = 0;
    std::uint32_t schema_version = 1;
    std::uint32_t first_tag = 0;
    std::uint16_t tag_count = 0;
    std::uint8_t stream_size = 0;
    std::uint8_t type_size = 0;
    std::uint8_t correlation_size = 0;
    std::uint8_t causation_size = 0;
};

/// What is asked of one stream.
struct draft_condition {
    enum class kind : std::uint8_t { no_stream, stream_exists, version };
    std::uint64_t hash = 0;
    std::uint64_t version = 0;
    std::uint32_t offset = 0;
    std::uint8_t size = 0;
    kind what = kind::version;
};

/// The texts of one drafted event, borrowed from its draft.
struct draft_texts {
    std::string_view data, metadata, stream, type, correlation, causation;
};

/// The encoded form of an append: one buffer of text and small tables that point into it.
/// Recycled, so that a producer's steady path allocates nothing.
class append_draft {
public:
    /// Forgets the content, keeps the memory, and takes new limits.
    void reset(append_limits const& limits);

    /// Where the next event's data is to be encoded. Ends what a failed attempt left there.
    [[nodiscard]] std::string& data_buffer();
    /// Takes what stands in the data buffer since `data_buffer` as the next event's data.
    void add_encoded(std::string_view stream, std::string_view type, std::uint32_t schema_version,
                     event_details const& details);
    void add_raw(std::string_view stream, raw_event const& event, event_details const& details);
    void expect(std::string_view stream, expected::condition const& condition);
    void expect(expected::none_since const& condition);
    void set_idempotency_key(std::string_view key);
    void set_recorded_at(timestamp time) { recorded_at_ = time; }
    /// Appends another draft's events and conditions: what a decision collects.
    void absorb(append_draft const& other);

    /// Keeps the first failure.
    void fail(error failure);
    [[nodiscard]] std::optional<error> const& failure() const noexcept { return failure_; }

    [[nodiscard]] std::vector<draft_event> const& events() const noexcept { return events_; }
    [[nodiscard]] std::vector<draft_condition> const& conditions() const noexcept {
        return conditions_;
    }
    [[nodiscard]] std::vector<expected::none_since> const& none_since() const noexcept {
        return none_since_;
    }
    [[nodiscard]] std::string_view idempotency_key() const noexcept { return idempotency_key_; }
    [[nodiscard]] std::size_t byte_count() const noexcept { return bytes_.size(); }
    [[nodiscard]] append_limits const& limits() const noexcept { return limits_; }

    [[nodiscard]] draft_texts texts_of(draft_event const& event) const noexcept;
    [[nodiscard]] key_ref stream_of(draft_event const& event) const noexcept;
    [[nodiscard]] key_ref stream_of(draft_condition const& condition) const noexcept;
    [[nodiscard]] key_ref tag_at(std::size_t index) const noexcept;

    /// SHA-256 over everything that makes two appends "the same content" under one
    /// idempotency key: each event's stream, type, schema version, data, metadata, tags, ids
    /// and time of occurrence.
    [[nodiscard]] std::array<std::uint8_t, 32> content_hash() const;

private:
    [[nodiscard]] std::string_view slice(std::size_t offset, std::size_t size) const noexcept {
        return std::string_view{bytes_}.substr(offset, size);
    }
    [[nodiscard]] bool check_name(std::string_view name, errc code, char const* what);
    [[nodiscard]] bool add_details(draft_event& event, event_details const& details);
    /// Tags are a set: one that the event already has is not added again.
    void add_tag(std::size_t first_tag, std::string_view tag);
    [[nodiscard]] bool check_sizes(draft_event const& event);
    void drop_unfinished();

    append_limits limits_;
    std::string bytes_;
    std::size_t data_begin_ = 0;
    std::vector<draft_event> events_;
    std::vector<draft_tag> tags_;
    std::vector<draft_condition> conditions_;
    std::vector<expected::none_since> none_since_;
    std::string idempotency_key_;
    std::optional<timestamp> recorded_at_;
    std::optional<error> failure_;
};

} // namespace swarmlog::detail
