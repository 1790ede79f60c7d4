#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/export.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// \file
/// Rows as the port between the engine and its backends sees them: tables of untyped cells, and
/// what can be asked of them. Programs use the typed tables of <swarmlog/projections/...>, which
/// are a skin over these.
///
/// One meaning on every backend: conditions follow SQL's logic of three values (a comparison
/// with null is unknown, and an unknown row is left out), text compares byte by byte, null
/// sorts before everything, and rows that are otherwise equal come by rising key.
namespace swarmlog {

/// What a column of a row holds. Nothing else is stored: the typed tables turn enums, times,
/// booleans and JSON into these.
using cell = std::variant<std::monostate, std::int64_t, double, std::string>;

/// The cells of one row, in the order of its table's columns.
using row_cells = std::vector<cell>;

/// What a column's cells hold, unless they are null.
enum class column_kind : std::uint8_t { integer, real, text };

/// A column of a declared table.
struct column_spec {
    std::string name;                     ///< a name as in `table_spec`
    column_kind kind = column_kind::text; ///< of its cells
    bool nullable = false;                ///< whether cells may be null
    friend bool operator==(column_spec const&, column_spec const&) = default;
};

/// A secondary index: columns by their place in the table.
struct index_spec {
    std::vector<std::uint32_t> columns; ///< in the order of the index
    friend bool operator==(index_spec const&, index_spec const&) = default;
};

/// A declared table. Names are 1 to 63 of [a-z0-9_], do not start with a digit, and are not
/// one of the store's own (`check_table`).
struct table_spec {
    std::string name;                 ///< of the table
    std::vector<column_spec> columns; ///< in the order of a row's cells
    std::uint32_t key = 0;            ///< the column that names a row: integer or text, never null
    std::vector<index_spec> indexes;  ///< besides the one by key
    friend bool operator==(table_spec const&, table_spec const&) = default;
};

/// `invalid_argument` when a table's names, key, kinds or indexes are not as they must be.
[[nodiscard]] SWARMLOG_EXPORT result<void> check_table(table_spec const& table);
/// `invalid_argument` when a row does not fit its table: count, kinds, nulls, NaN, or text that
/// is not UTF-8 or has a zero byte (which SQL text cannot hold).
[[nodiscard]] SWARMLOG_EXPORT result<void> check_row(table_spec const& table, row_cells const& row);

/// True for UTF-8 without a zero byte: what a text column takes.
[[nodiscard]] SWARMLOG_EXPORT bool is_row_text(std::string_view text) noexcept;

/// How two cells of one kind are ordered; null first.
[[nodiscard]] SWARMLOG_EXPORT std::strong_ordering compare_cells(cell const& left,
                                                                 cell const& right) noexcept;

/// SQL's LIKE: % for any text, _ for one character of UTF-8, ASCII letters of either case alike.
[[nodiscard]] SWARMLOG_EXPORT bool is_like(std::string_view text,
                                           std::string_view pattern) noexcept;

/// A condition on the cells of one row.
struct row_filter {
    /// What can be asked.
    enum class kind : std::uint8_t {
        every, ///< holds for all
        eq,
        ne,
        lt,
        le,
        gt,
        ge,
        in, ///< equal to one of `values`
        like,
        is_null,
        all_of, ///< and; of nothing: true
        any_of, ///< or; of nothing: false
        none_of ///< not, of exactly one part
    };
    kind what = kind::every;       ///< what is asked
    std::uint32_t column = 0;      ///< of a comparison, `in`, `like` and `is_null`
    std::vector<cell> values;      ///< one for a comparison and `like`, any number for `in`
    std::vector<row_filter> parts; ///< of all_of, any_of, none_of

    friend bool operator==(row_filter const&, row_filter const&) = default;
};

/// How deep conditions may be nested.
inline constexpr std::size_t filter_depth_max = 32;
/// How many conditions a filter may have, in all.
inline constexpr std::size_t filter_size_max = 4'096;

/// `invalid_argument` when a filter does not fit its table or is beyond the limits.
[[nodiscard]] SWARMLOG_EXPORT result<void> check_filter(table_spec const& table,
                                                        row_filter const& filter);

/// Whether a row meets a filter (unknown counts as no). The filter was checked.
[[nodiscard]] SWARMLOG_EXPORT bool matches(row_filter const& filter, row_cells const& row);

/// One column of an order.
struct row_order {
    std::uint32_t column = 0; ///< its place in the table
    bool descending = false;  ///< largest first, null last
    friend bool operator==(row_order const&, row_order const&) = default;
};

/// Which rows, in which order. The key is the last order of all, so the answer has one order.
struct row_query {
    row_filter where;             ///< which rows
    std::vector<row_order> order; ///< first by the first
    std::uint64_t offset = 0;     ///< rows left out at the beginning
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max(); ///< rows at most
    friend bool operator==(row_query const&, row_query const&) = default;
};

/// Called with each row; returns false to stop.
using row_visitor = std::function<bool(row_cells const&)>;

/// Reads rows: the half of the port that a read view and a transaction share. Tables are
/// addressed by name and read as their specification says; `not_found` when there is none of
/// that name, `corrupt` when what is stored does not fit the specification.
class row_reader {
public:
    virtual ~row_reader() = default;
    /// The row with this key, if there is one.
    [[nodiscard]] virtual result<std::optional<row_cells>> find_row(table_spec const& table,
                                                                    cell const& key) = 0;
    /// Visits the rows asked for, in the order asked for, until the visitor returns false. A row is
    /// only valid during the call that hands it over.
    [[nodiscard]] virtual result<void> select_rows(table_spec const& table, row_query const& asked,
                                                   row_visitor const& visit) = 0;
    /// How many rows meet a condition.
    [[nodiscard]] virtual result<std::uint64_t> count_rows(table_spec const& table,
                                                           row_filter const& where) = 0;
};

/// How far a projection has got, as its table's transaction says.
struct stored_projection {
    std::string name;          ///< the projection's
    std::uint32_t version = 0; ///< of its fold
    std::string layout; ///< the table it fills, as `layout_of` says: to know a changed row type
    swarmlog::position position; ///< its rows are those of this position
    friend bool operator==(stored_projection const&, stored_projection const&) = default;
};

/// One line that says all of a table: equal for equal tables.
[[nodiscard]] SWARMLOG_EXPORT std::string layout_of(table_spec const& table);

/// Rows kept outside, to start an as-of view from. Only ever a cache.
struct stored_snapshot {
    std::string projection;      ///< the projection's name
    swarmlog::position position; ///< the rows are those of this position
    std::string body;            ///< opaque to the backend
};

/// Tables of cells in memory, with the meaning that every backend has. Ordered by key; secondary
/// indexes as the table declares them. Not thread-safe.
class SWARMLOG_EXPORT memory_table {
public:
    /// An empty table. The specification must be sound (`check_table`).
    explicit memory_table(table_spec table);
    memory_table(memory_table&&) noexcept;
    memory_table& operator=(memory_table&&) noexcept;
    memory_table(memory_table const&);
    memory_table& operator=(memory_table const&);
    ~memory_table();

    /// What it was declared as. Lives until it is renamed or gone.
    [[nodiscard]] table_spec const& table() const noexcept;
    /// How many rows.
    [[nodiscard]] std::size_t size() const noexcept;
    /// Adds the row, or puts it in place of the one with its key. It must fit (`check_row`).
    void put(row_cells row);
    /// Erases the row with this key; false when there is none.
    bool erase(cell const& key);
    /// The row with this key, null without. Lives until that row is put or erased.
    [[nodiscard]] row_cells const* find(cell const& key) const;
    /// Visits the rows asked for, in the order asked for, until the visitor returns false. Uses an
    /// index where one fits; the answer does not depend on it. The filter must be sound
    /// (`check_filter`).
    void select(row_query const& asked, row_visitor const& visit) const;
    /// How many rows meet a condition.
    [[nodiscard]] std::uint64_t count(row_filter const& where) const;
    /// Gives it another name; rows and indexes stay.
    void rename(std::string name);

private:
    struct SWARMLOG_HIDDEN state;
    std::unique_ptr<state> state_;
};

/// What is folded from the values of a column; `count` from rows.
enum class aggregate_kind : std::uint8_t { count, sum, mean, min, max };

/// One thing to fold from the rows of a group.
struct row_aggregate {
    aggregate_kind what = aggregate_kind::count; ///< how
    std::uint32_t column = 0;                    ///< not looked at for `count`
};

/// Folds rows into groups, the same way whatever stored them: groups come by rising group
/// cells, sums are compensated (Neumaier, 1974), nulls count for nothing, and the sum of
/// integers that leaves 64 bits is `invalid_argument`.
class SWARMLOG_EXPORT row_groups {
public:
    /// Columns by their place in the rows that `add` takes.
    row_groups(std::vector<std::uint32_t> group_by, std::vector<row_aggregate> aggregates);
    row_groups(row_groups&&) noexcept;
    ~row_groups();

    /// Takes a row into its group.
    void add(row_cells const& row);

    /// The rows that are equal in all the columns of `group_by`, folded.
    struct group {
        row_cells by;      ///< one cell for each column of `group_by`
        row_cells results; ///< one for each aggregate: integer, real, or null of no values
    };
    /// Without `group_by` there is one group always, also of no rows.
    [[nodiscard]] result<std::vector<group>> take();

private:
    struct SWARMLOG_HIDDEN state;
    std::unique_ptr<state> state_;
};

} // namespace swarmlog
