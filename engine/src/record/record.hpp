#pragma once

#include "record/record_format.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::detail {

/// A decoded commit record: owns its content; its events are views into it. Immutable and
/// shared by readers, so an `event` keeps its whole record alive.
class record {
public:
    /// Unpacks and checks what a backend stored, also that it stands where it says.
    [[nodiscard]] static result<std::shared_ptr<record const>> decode(stored_record const& stored);
    /// From a content, for one that was just sealed or is a draft.
    [[nodiscard]] static result<std::shared_ptr<record const>> parse(std::string content);

    record(record const&) = delete;
    record& operator=(record const&) = delete;

    [[nodiscard]] record_header const& header() const noexcept { return header_; }
    [[nodiscard]] position first() const noexcept { return header_.first; }
    [[nodiscard]] position last() const noexcept {
        return position{header_.first.value + header_.event_count - 1};
    }
    [[nodiscard]] bool contains(position at) const noexcept {
        return at >= first() && at <= last();
    }
    [[nodiscard]] std::string_view content() const noexcept { return content_; }
    [[nodiscard]] std::vector<record_key> const& keys() const noexcept { return keys_; }
    [[nodiscard]] std::size_t memory_bytes() const noexcept;
    /// The ordinal of an event by its id, or `event_count` when it is not here.
    [[nodiscard]] std::uint32_t find_id(event_id const& id) const noexcept;

    /// Steps over a record's events in order. `event` stays valid as long as the record.
    class cursor {
    public:
        explicit cursor(record const& source) noexcept
            : source_(&source), reader_(source.events_) {}

        /// Decodes the next event; false at the end, or when `failed`.
        [[nodiscard]] bool next(event_view& event) noexcept;
        /// Steps over `count` events without decoding them.
        void skip(std::uint32_t count) noexcept;
        [[nodiscard]] std::uint32_t ordinal() const noexcept { return ordinal_; }
        [[nodiscard]] bool failed() const noexcept { return failed_; }

    private:
        [[nodiscard]] bool decode(byte_reader& event_bytes, event_view& event) noexcept;
        /// Of the event at `ordinal_`, which must be one.
        [[nodiscard]] event_id id() noexcept;

        record const* source_;
        byte_reader reader_;
        std::uint32_t ordinal_ = 0;
        std::size_t id_run_ = 0;
        std::uint64_t id_offset_ = 0; ///< from the run's first; beyond its end after a step
        bool failed_ = false;
    };

    /// One event by its place; `corrupt` when its bytes are.
    [[nodiscard]] result<void> event_at(std::uint32_t ordinal, event_view& event) const;

private:
    struct id_run {
        event_id first;
        std::uint64_t count = 0;
    };

    explicit record(std::string content) : content_(std::move(content)) {}
    [[nodiscard]] bool parse_tables();
    [[nodiscard]] bool parse_names(byte_reader& reader);
    /// A stream's version before this record. It stands behind the stream's name.
    [[nodiscard]] std::uint64_t base_of(std::size_t stream) const noexcept {
        char const* const at = names_[stream].data() + names_[stream].size();
        auto const before = static_cast<std::size_t>(at - content_.data());
        return byte_reader{std::string_view{content_}.substr(before)}.varint();
    }
    [[nodiscard]] std::size_t string_count() const noexcept {
        return names_.size() - stream_count_;
    }

    std::string content_;
    record_header header_;
    std::vector<std::string_view> names_; ///< the streams', then those of types and tags
    std::size_t stream_count_ = 0;
    std::vector<id_run> ids_;
    std::vector<record_key> keys_;
    std::string_view events_;
};

/// `corrupt`, with the position.
[[nodiscard]] error corrupt_at(position at, std::string_view what);

} // namespace swarmlog::detail
