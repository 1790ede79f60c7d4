#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/engine/receipt.hpp>
#include <swarmlog/projections/log_tables.hpp>
#include <swarmlog/projections/projection.hpp>
#include <swarmlog/projections/projection_set.hpp>
#include <swarmlog/projections/typed_query.hpp>

#include <boost/describe/class.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// \file
/// Rows that are saved and removed as a whole, for what has no commands of its own: settings,
/// profiles, notes. Each change is an event with the row in it, so that nothing of the log's
/// order, history, as-of views and transactions is given up.
///
///     struct note { std::string id; std::string text; };
///     BOOST_DESCRIBE_STRUCT(note, (), (id, text))
///
///     struct notes {                                          // a collection of them
///         static constexpr std::string_view name = "notes";   // the table's name too
///         static constexpr std::uint32_t version = 1;         // raise it when the row changes
///         using row_type = note;
///         static constexpr auto key = &note::id;
///         // Optional, as for a projection: static std::vector<index_spec> indexes()
///     };
///
///     projection_set projections;
///     projections.add(repository_table<notes>{});
///     …
///     repository<notes> all{log};
///     all.save({"1", "remember the milk"}).value();
///
/// The events are `<name>.saved` and `<name>.removed`, in a stream `<name>-<key>` for each row.
namespace swarmlog {

namespace detail {

/// `<Collection::name><Suffix>`, as a constant.
template <class Collection, char... Suffix>
struct collection_name {
    static constexpr std::string_view name = Collection::name;
    static constexpr auto text = [] {
        std::array<char, name.size() + sizeof...(Suffix)> made{};
        std::copy(name.begin(), name.end(), made.begin());
        std::size_t at = name.size();
        ((made[at++] = Suffix), ...);
        return made;
    }();
    static constexpr std::string_view value{text.data(), text.size()};
};

template <class Collection>
using key_type_of =
    std::remove_cvref_t<decltype(std::declval<typename Collection::row_type>().*Collection::key)>;

template <class Key>
[[nodiscard]] std::string text_of_key(Key const& key) {
    row_key_view const view = key_of_argument(key);
    return view.is_text ? std::string{view.text} : std::to_string(view.number);
}

} // namespace detail

/// What names a collection of rows.
template <class T>
concept row_collection = detail::has_identity<T> && detail::has_key<T>;

/// The row with this key is this one now, whatever it was.
template <row_collection Collection>
struct row_saved {
    /// The event's type in the log: `<name>.saved`.
    static constexpr std::string_view type =
        detail::collection_name<Collection, '.', 's', 'a', 'v', 'e', 'd'>::value;
    typename Collection::row_type row; ///< as it is from now on
    BOOST_DESCRIBE_CLASS(row_saved, (), (row), (), ())
};

/// There is no row with this key any more.
template <row_collection Collection>
struct row_removed {
    /// The event's type in the log: `<name>.removed`.
    static constexpr std::string_view type =
        detail::collection_name<Collection, '.', 'r', 'e', 'm', 'o', 'v', 'e', 'd'>::value;
    detail::key_type_of<Collection> key; ///< of the row that is gone
    BOOST_DESCRIBE_CLASS(row_removed, (), (key), (), ())
};

/// The projection of a collection's events: add it to the log's set, inline.
template <row_collection Collection>
struct repository_table {
    static constexpr std::string_view name = Collection::name;
    static constexpr std::uint32_t version = Collection::version;
    using row_type = typename Collection::row_type;
    static constexpr auto key = Collection::key;
    using handles = event_types<row_saved<Collection>, row_removed<Collection>>;

    static std::vector<index_spec> indexes() {
        if constexpr (requires { Collection::indexes(); }) {
            return Collection::indexes();
        } else {
            return {};
        }
    }
    static std::string stream_of(std::string_view row_key) {
        return std::string{name} + '-' + std::string{row_key};
    }

    void apply(row_saved<Collection> const& event, event_view const&, rows<row_type>& table) const {
        table.put(event.row);
    }
    void apply(row_removed<Collection> const& event, event_view const&,
               rows<row_type>& table) const {
        table.erase(event.key);
    }
};

/// The rows of a collection. Reads answer the committed state; changes are decided at the write
/// and block until they are durable. Thread-safe; keeps a reference to the log, which must live
/// longer and have a `repository_table<Collection>`.
template <row_collection Collection>
class repository {
public:
    using row_type = typename Collection::row_type;
    using key_type = detail::key_type_of<Collection>; ///< of the member that names a row

    /// Over an open log, which it refers to.
    explicit repository(event_log& log) noexcept : log_(&log) {}

    /// Shared and not copied; null when there is none.
    template <class Key>
    [[nodiscard]] result<std::shared_ptr<row_type const>> find(Key const& key) const {
        return log_->template table<row_type>().find(key);
    }
    /// By rising key.
    [[nodiscard]] result<std::vector<row_type>> find_all() const {
        return log_->template table<row_type>().all();
    }
    /// A query over the committed rows, still to be narrowed.
    [[nodiscard]] typed_query<row_type> query() const { return log_->template query<row_type>(); }

    /// Adds the row, or puts it in place of the one with its key.
    result<receipt> save(row_type row) {
        return log_->decide([event = row_saved<Collection>{std::move(row)}](
                                decision& now) -> result<void> { return append_save(now, event); });
    }
    /// Saves what `change` makes of the row, which it sees with everything that was saved before:
    /// of any number of concurrent updates none is lost. `not_found` without such a row. The key
    /// must stay (`invalid_argument`); an error that `change` returns saves nothing.
    template <class Key, class Change>
    result<receipt> update(Key const& key, Change change) {
        return log_->decide([wanted = detail::row_key{detail::key_of_argument(key)},
                             change = std::move(change)](decision& now) mutable -> result<void> {
            auto const row = find_staged(now, wanted);
            if (!row) { return row.error(); }
            row_saved<Collection> event{**row};
            if constexpr (std::is_void_v<std::invoke_result_t<Change&, row_type&>>) {
                change(event.row);
            } else if (result<void> const changed = change(event.row); !changed) {
                return changed.error();
            }
            if (detail::key_of_argument(event.row.*Collection::key) != wanted.view()) {
                return error{errc::invalid_argument,
                             "an update changes the key of " +
                                 detail::text_of_key((**row).*Collection::key)};
            }
            return append_save(now, event);
        });
    }
    /// `not_found` without such a row.
    template <class Key>
    result<receipt> remove(Key const& key) {
        return log_->decide([wanted = detail::row_key{detail::key_of_argument(key)}](
                                decision& now) -> result<void> {
            auto const row = find_staged(now, wanted);
            if (!row) { return row.error(); }
            key_type const& known = (**row).*Collection::key;
            return now.append(stream_of(known), row_removed<Collection>{known});
        });
    }

private:
    static std::string stream_of(key_type const& key) {
        return repository_table<Collection>::stream_of(detail::text_of_key(key));
    }
    static result<void> append_save(decision& now, row_saved<Collection> const& event) {
        return now.append(stream_of(event.row.*Collection::key), event);
    }
    static result<std::shared_ptr<row_type const>> find_staged(decision& now,
                                                               detail::row_key const& key) {
        auto const table = now.template table<row_type>();
        auto row = key.is_text ? table.find(key.text) : table.find(key.number);
        if (row && *row == nullptr) {
            return error{errc::not_found,
                         "there is no row " +
                             (key.is_text ? key.text : std::to_string(key.number)) + " in " +
                             std::string{std::string_view{Collection::name}}};
        }
        return row;
    }

    event_log* log_;
};

} // namespace swarmlog
