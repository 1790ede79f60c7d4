#pragma once

#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/projections/row_type.hpp>
#include <swarmlog/projections/rows.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

/// \file
/// A projection is a plain struct that folds events into the rows of one table:
///
///     struct task_list {
///         static constexpr std::string_view name = "tasks";   // the table's name too
///         static constexpr std::uint32_t version = 1;         // raise it when the fold changes
///         using row_type = task;
///         static constexpr auto key = &task::id;
///         using handles = event_types<task_created, task_started>;
///
///         void apply(task_created const& event, event_view const& from, rows<task>& tasks) const;
///         void apply(task_started const& event, event_view const& from, rows<task>& tasks) const;
///
///         // Optional: secondary indexes.
///         static std::vector<index_spec> indexes() { return {index_on(&task::status)}; }
///         // Optional: the one stream whose events alone make the row of a key, so that the row
///         // as of a moment is folded from that stream only.
///         static std::string stream_of(std::string_view key) { return "task-" + std::string{key}; }
///     };
///
/// `apply` must depend on nothing but its arguments: the same events must always give the same
/// rows. An exception from it rejects the append whose event it was given.
namespace swarmlog {

/// The event types that a projection takes.
template <event_type... Events>
struct event_types {};

namespace detail {

template <class Projection, class Event>
concept applies_event = requires(Projection const& fold, Event const& event, event_view const& from,
                                 rows<typename Projection::row_type>& into) {
    fold.apply(event, from, into);
};

template <class Projection>
concept has_identity = requires {
    { Projection::name } -> std::convertible_to<std::string_view>;
    { Projection::version } -> std::convertible_to<std::uint32_t>;
};

template <class Projection>
concept has_key = requires {
    typename Projection::row_type;
    requires row_type<typename Projection::row_type>;
    { column_of<typename Projection::row_type>(Projection::key) } -> std::same_as<std::uint32_t>;
};

template <class Projection>
concept has_stream_of = requires(std::string_view key) {
    { Projection::stream_of(key) } -> std::convertible_to<std::string>;
};

template <class Projection, class... Events>
consteval bool check_handlers(event_types<Events...>) {
    static_assert((applies_event<Projection, Events> && ...),
                  "swarmlog: a projection needs `void apply(Event const&, event_view const&, "
                  "rows<row_type>&) const` for each of its `handles = event_types<...>`");
    return true;
}

/// Says in words what a projection lacks.
template <class Projection>
consteval bool check_projection() {
    static_assert(has_identity<Projection>,
                  "swarmlog: a projection needs `static constexpr std::string_view name` and "
                  "`static constexpr std::uint32_t version`");
    static_assert(has_key<Projection>,
                  "swarmlog: a projection needs `using row_type` (a struct described with "
                  "BOOST_DESCRIBE_STRUCT) and `static constexpr auto key = &row_type::member`");
    return check_handlers<Projection>(typename Projection::handles{});
}

template <class Projection, class... Events>
[[nodiscard]] consteval bool applies_all(event_types<Events...>) {
    return (applies_event<Projection, Events> && ...);
}

/// The table that a projection fills.
template <class Projection>
[[nodiscard]] table_spec table_of() {
    using row = typename Projection::row_type;
    table_spec table;
    table.name = std::string{std::string_view{Projection::name}};
    table.columns = columns_of<row>();
    table.key = column_of<row>(Projection::key);
    if constexpr (requires { Projection::indexes(); }) { table.indexes = Projection::indexes(); }
    return table;
}

} // namespace detail

/// What `projection_set::add` takes; `detail::check_projection` says in words what is missing.
template <class T>
concept projection =
    std::copy_constructible<T> && detail::has_identity<T> && detail::has_key<T> && requires {
    requires detail::applies_all<T>(typename T::handles{});
};

} // namespace swarmlog
