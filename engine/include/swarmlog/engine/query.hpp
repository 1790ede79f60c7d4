#pragma once

#include <swarmlog/export.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog {

struct event_view;

/// Says which events are meant, for reads, subscriptions and append conditions alike.
///
/// A query is a union of items. An event matches an item when it is of *any* of the item's
/// streams, of *any* of its types, and carries *all* of its tags; a list that is empty asks
/// nothing. A query without items matches every event. A plain value: copy it as you like.
///
///     query{}.type("task.started").tag("agent:worker-1")
///     query{}.stream("task-1") | query{}.stream("task-2")
class SWARMLOG_EXPORT query {
public:
    /// One part of the union.
    struct item {
        std::vector<std::string> streams; ///< any of them
        std::vector<std::string> types;   ///< any of them
        std::vector<std::string> tags;    ///< all of them

        /// Whether the event is meant by this part.
        [[nodiscard]] bool matches(event_view const& event) const;
        friend bool operator==(item const&, item const&) = default;
    };

    /// Matches every event until it is narrowed.
    query() = default;

    /// Narrows the last item: of this stream (or of another one named before).
    query& stream(std::string_view name) &;
    /// The same, in a chain.
    [[nodiscard]] query stream(std::string_view name) &&;
    /// Narrows the last item: of this type (or of another one named before).
    query& type(std::string_view name) &;
    /// The same, in a chain.
    [[nodiscard]] query type(std::string_view name) &&;
    /// Narrows the last item: carries this tag, too.
    query& tag(std::string_view name) &;
    /// The same, in a chain.
    [[nodiscard]] query tag(std::string_view name) &&;

    /// The events that match either side; everything, if one side is everything.
    [[nodiscard]] friend query operator|(query left, query const& right) {
        left.unite(right);
        return left;
    }

    /// Whether the event is meant.
    [[nodiscard]] bool matches(event_view const& event) const;
    /// True when it matches every event.
    [[nodiscard]] bool is_all() const noexcept { return items_.empty(); }
    /// Its parts; empty when it matches every event. Lives as long as the query, unchanged.
    [[nodiscard]] std::vector<item> const& items() const noexcept { return items_; }
    friend bool operator==(query const&, query const&) = default;

private:
    item& last();
    void unite(query const& other);

    std::vector<item> items_;
};

} // namespace swarmlog
