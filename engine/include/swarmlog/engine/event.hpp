#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event_id.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace swarmlog {

/// The tags of one event, decoded as they are walked. Lives as long as its event's bytes.
class tag_range {
public:
    /// A forward iterator over tags; valid as long as the range's bytes.
    class iterator {
    public:
        using iterator_category = std::forward_iterator_tag; ///< for algorithms: forward
        using value_type = std::string_view;                 ///< a tag
        using difference_type = std::ptrdiff_t;              ///< between two tags
        using pointer = std::string_view const*;             ///< to a tag
        using reference = std::string_view const&;           ///< into the event's own bytes

        iterator() = default;
        /// The tag.
        reference operator*() const noexcept { return names_[slot()]; }
        /// The tag.
        pointer operator->() const noexcept { return &names_[slot()]; }
        /// To the next tag.
        iterator& operator++() noexcept {
            while ((static_cast<unsigned char>(*cursor_++) & 0x80) != 0) {}
            --left_;
            return *this;
        }
        /// To the next tag; answers where it was.
        iterator operator++(int) noexcept {
            iterator const before = *this;
            ++*this;
            return before;
        }
        /// Compares places in one range.
        friend bool operator==(iterator const& a, iterator const& b) noexcept {
            return a.left_ == b.left_;
        }

    private:
        friend class tag_range;
        iterator(std::string_view const* names, char const* cursor, std::uint32_t left) noexcept
            : names_(names), cursor_(cursor), left_(left) {}

        /// A varint that names one of the record's strings; checked when the event was decoded.
        [[nodiscard]] std::size_t slot() const noexcept {
            std::size_t value = 0;
            unsigned shift = 0;
            for (char const* byte = cursor_;; ++byte, shift += 7) {
                value |= static_cast<std::size_t>(static_cast<unsigned char>(*byte) & 0x7f)
                         << shift;
                if ((static_cast<unsigned char>(*byte) & 0x80) == 0) { return value; }
            }
        }

        std::string_view const* names_ = nullptr;
        char const* cursor_ = nullptr;
        std::uint32_t left_ = 0;
    };

    tag_range() = default;
    /// For the decoder: `count` checked varints at `cursor`, each an index into `names`.
    tag_range(std::string_view const* names, char const* cursor, std::uint32_t count) noexcept
        : names_(names), cursor_(cursor), count_(count) {}

    /// The first tag, in the order of the append.
    [[nodiscard]] iterator begin() const noexcept { return {names_, cursor_, count_}; }
    /// Beyond the last tag.
    [[nodiscard]] iterator end() const noexcept { return {names_, cursor_, 0}; }
    /// How many tags.
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    /// True without tags.
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    /// Whether the event carries this tag: walks all of them.
    [[nodiscard]] bool contains(std::string_view tag) const noexcept {
        for (std::string_view const name : *this) {
            if (name == tag) { return true; }
        }
        return false;
    }

private:
    std::string_view const* names_ = nullptr;
    char const* cursor_ = nullptr;
    std::uint32_t count_ = 0;
};

/// An immutable fact with its envelope, borrowed: the text lives as long as the call or the
/// iteration step that gave the view says. Copy it into an `event` to keep it.
struct event_view {
    /// Place in the log; 0 for an event of an open transaction that is not committed yet.
    swarmlog::position position;
    /// Place in its stream, from 1.
    swarmlog::version version;
    std::string_view stream;          ///< 1 to 255 bytes of UTF-8
    std::string_view type;            ///< 1 to 255 bytes of UTF-8
    std::uint32_t schema_version = 1; ///< of the data's layout, as it was appended
    event_id id;                      ///< the caller's own, or made by the log
    /// The writer's clock, strictly rising with the position.
    timestamp recorded_at;
    /// The caller's own time, if it gave one.
    std::optional<timestamp> occurred_at;
    /// Empty when the caller gave none.
    std::string_view correlation_id;
    /// Empty when the caller gave none.
    std::string_view causation_id;
    /// What it can be found by besides its stream and type.
    tag_range tags;
    /// JSON, the very bytes that came in; empty when the caller gave none.
    std::string_view metadata;
    /// JSON, the very bytes that came in.
    std::string_view data;

    /// The data as a described struct. Defined in <swarmlog/engine/event_codec.hpp>.
    /// Fails with `invalid_argument` when `type` is not `Event::type`, or as `decode_event`.
    template <class Event>
    [[nodiscard]] result<Event> as() const;
};

/// An event that keeps its own bytes alive. Cheap to copy (one shared owner); as safe to read
/// from several threads as any immutable object.
class event : public event_view {
public:
    /// For readers: takes part in owning the bytes that the view borrows.
    event(event_view const& view, std::shared_ptr<void const> owner)
        : event_view(view), owner_(std::move(owner)) {}

private:
    std::shared_ptr<void const> owner_;
};

} // namespace swarmlog
