#pragma once

#include "index/position_cursor.hpp"
#include "log/log_core.hpp"
#include "record/record.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/query.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace swarmlog::detail {

/// Walks committed events, a page at a time, with no read transaction open between pages.
///
/// A page is a list of records with the places in them that are wanted: whole records when
/// every event is, single places when the index named them. One thread at a time.
class event_cursor {
public:
    using clock_type = std::chrono::steady_clock;

    explicit event_cursor(std::shared_ptr<log_core> core) : core_(std::move(core)) {}

    // What to read; before the first step only.
    [[nodiscard]] query& wanted() noexcept { return wanted_; }
    void matching(query events) { wanted_ = std::move(events); }
    void after(position bound) { after_ = std::max(after_, bound); }
    void before(position bound) { before_ = before_ ? std::min(*before_, bound) : bound; }
    void after(version bound) { after_version_ = bound; }
    void before(version bound) { before_version_ = bound; }
    void after(timestamp bound) { after_time_ = bound; }
    void before(timestamp bound) { before_time_ = bound; }
    void backwards() { direction_ = direction::backwards; }
    void limit(std::uint64_t events_max) { left_ = events_max; }
    void wait_for(position at, std::chrono::milliseconds wait_max) {
        wait_for_ = at;
        wait_max_ = wait_max;
    }
    /// Smaller pages for a subscription that wants little at a time.
    void page_events(std::size_t events_max) { page_events_ = events_max; }

    /// The next event, valid until the next step; null at the end.
    [[nodiscard]] result<event_view const*> step();
    /// The record that owns the event of the last step.
    [[nodiscard]] std::shared_ptr<record const> const& owner() const noexcept { return owner_; }
    /// Adds all that is left to `out`.
    [[nodiscard]] result<void> collect(std::vector<event>& out);
    [[nodiscard]] result<std::uint64_t> count();

    /// After the end: the last position that was looked at.
    [[nodiscard]] position read_through() const noexcept { return last_; }

private:
    /// One record of a page. Without `places`, all events from `from` to `upto` are meant.
    struct page_part {
        std::shared_ptr<record const> source;
        position from;
        position upto;
        std::vector<std::uint32_t> places;
        bool all = true;
    };

    [[nodiscard]] result<void> prepare();
    [[nodiscard]] result<void> narrow_by_version(log_core::reading& now);
    [[nodiscard]] result<void> narrow_by_time(read_view& view);
    /// The last position recorded before (or at) a time; 0: none.
    [[nodiscard]] result<position> last_recorded(timestamp bound, bool inclusive, read_view& view);
    [[nodiscard]] result<void> fetch_page();
    void fetch_recent();
    [[nodiscard]] result<void> fetch_records(read_view& view);
    [[nodiscard]] result<void> fetch_places(log_core::reading& now);
    void add_whole(std::shared_ptr<record const> source);
    [[nodiscard]] result<void> start_part();
    [[nodiscard]] result<void> decode_to_walk_back(page_part const& part);
    [[nodiscard]] result<event_view const*> next_of_part();

    std::shared_ptr<log_core> core_;
    query wanted_;
    direction direction_ = direction::forwards;
    position after_;
    std::optional<position> before_;
    std::optional<version> after_version_, before_version_;
    std::optional<timestamp> after_time_, before_time_;
    std::optional<position> wait_for_;
    std::chrono::milliseconds wait_max_{0};
    std::uint64_t left_ = ~std::uint64_t{0};
    std::size_t page_events_ = 0;

    bool prepared_ = false;
    // What is left to fetch, both inclusive.
    position first_;
    position last_;
    bool exhausted_ = false;

    std::vector<page_part> page_;
    std::size_t part_ = 0; ///< of the page, in hand
    bool part_open_ = false;
    std::optional<record::cursor> walk_;
    std::size_t place_ = 0;
    std::vector<event_view> reversed_; ///< what is wanted of a record, when walking backwards
    std::shared_ptr<record const> owner_;
    event_view view_;
};

} // namespace swarmlog::detail
