#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/query.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>

#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace swarmlog {

namespace detail {
class log_core;
class event_cursor;
} // namespace detail

/// A read of committed events, in order: first narrowed, then walked once.
///
///     for (event_view event : log.read().stream("task-42").after(version{1})) { ... }
///
/// Sees everything that was acknowledged before the walk began, and nothing that is committed
/// later. Events are fetched a page at a time and no read transaction is open between pages.
/// Reads by stream, type and tag go through the index and cost what they return.
///
/// A reader belongs to one thread at a time; any number of readers may be used at once, and none
/// waits for the writer. Movable. May outlive the log: it then answers `closed`.
class SWARMLOG_EXPORT reader {
public:
    reader(reader&&) noexcept;
    reader& operator=(reader&&) noexcept;
    ~reader();

    // What to read. Streams and types widen, tags narrow, as in `query`.
    /// Of this stream, or of another one named before.
    [[nodiscard]] reader stream(std::string_view name) &&;
    /// Of this type, or of another one named before.
    [[nodiscard]] reader type(std::string_view name) &&;
    /// Carries this tag, too.
    [[nodiscard]] reader tag(std::string_view name) &&;
    /// What a query matches, in place of all that was named before.
    [[nodiscard]] reader matching(query events) &&;

    // Where to begin and end; both bounds are exclusive.
    /// Beyond this position.
    [[nodiscard]] reader after(position bound) &&;
    /// Ends ahead of this position.
    [[nodiscard]] reader before(position bound) &&;
    /// Versions need exactly one stream: else the walk answers `invalid_argument`.
    [[nodiscard]] reader after(version bound) &&;
    /// Ends ahead of this version, as above.
    [[nodiscard]] reader before(version bound) &&;
    /// By `recorded_at`.
    [[nodiscard]] reader after(timestamp bound) &&;
    /// Ends ahead of this time.
    [[nodiscard]] reader before(timestamp bound) &&;

    /// Newest first.
    [[nodiscard]] reader backwards() &&;
    /// At most so many events.
    [[nodiscard]] reader limit(std::uint64_t events_max) &&;
    /// Waits until the log's head has reached `at`, or answers `deadline_exceeded`.
    [[nodiscard]] reader wait_for(position at,
                                  std::chrono::milliseconds wait_max = std::chrono::seconds{10}) &&;

    /// The next event, which keeps its own bytes; nothing at the end. Can answer `corrupt` (with
    /// the position), `io_error`, `closed`, `deadline_exceeded`, `invalid_argument`.
    [[nodiscard]] result<std::optional<event>> next();
    /// All that is left.
    [[nodiscard]] result<std::vector<event>> collect() &&;
    /// The first event, if there is one.
    [[nodiscard]] result<std::optional<event>> first() &&;
    /// How many events there are. One key without bounds is answered from the index alone.
    [[nodiscard]] result<std::uint64_t> count() &&;

    /// Walks the events as views, each valid until the next step. Throws
    /// `boost::system::system_error` where `next` would answer an error.
    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag; ///< for ranges: input, walked once
        using value_type = event_view;                    ///< a view of an event
        using difference_type = std::ptrdiff_t;           ///< asked for by ranges

        iterator() = default;
        /// The event, until the next step.
        event_view const& operator*() const noexcept { return *view_; }
        /// The event, until the next step.
        event_view const* operator->() const noexcept { return view_; }
        /// To the next event; reads a page now and then.
        iterator& operator++() {
            view_ = owner_->step();
            return *this;
        }
        /// To the next event.
        void operator++(int) { ++*this; }
        /// True beyond the last event.
        friend bool operator==(iterator const& it, std::default_sentinel_t) noexcept {
            return it.view_ == nullptr;
        }

    private:
        friend class reader;
        explicit iterator(reader* owner) : owner_(owner), view_(owner->step()) {}
        reader* owner_ = nullptr;
        event_view const* view_ = nullptr;
    };
    /// Begins the walk, with the first event. The reader must stay where it is meanwhile.
    [[nodiscard]] iterator begin() { return iterator{this}; }
    /// Beyond the last event.
    [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

private:
    friend class event_log;
    friend class decision;
    friend class transaction;
    explicit reader(std::unique_ptr<detail::event_cursor> cursor) noexcept;
    /// The next view, or null at the end; throws on an error.
    event_view const* step();

    std::unique_ptr<detail::event_cursor> cursor_;
};

} // namespace swarmlog
