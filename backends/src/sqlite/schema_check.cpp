#include "sqlite/schema_check.hpp"

#include "sqlite/row_sql.hpp"
#include "sqlite/schema.hpp"

#include <swarmlog/engine/detail/printable_text.hpp>
#include <swarmlog/engine/rows.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace swarmlog::detail {

namespace {

constexpr std::string_view comparing = "compare the schema of";

/// A row of sqlite_schema.
struct schema_entry {
    std::string type;
    std::string name;
    std::string table;
    std::string sql; ///< empty for an index that belongs to a PRIMARY KEY
    std::int64_t root_page = 0;

    /// What must be equal; pages are where they are.
    [[nodiscard]] bool is_declared_as(schema_entry const& other) const {
        return type == other.type && name == other.name && table == other.table && sql == other.sql;
    }
};

/// The tables of the statements that make a store, as SQLite keeps them, and the one index that
/// comes with a PRIMARY KEY of two columns.
std::vector<schema_entry> own_entries(std::string_view statements) {
    constexpr std::string_view begin = "CREATE TABLE ";
    std::vector<schema_entry> entries;
    for (std::size_t at = statements.find(begin); at != std::string_view::npos;
         at = statements.find(begin, at + 1)) {
        std::string_view const sql = statements.substr(at, statements.find(';', at) - at);
        std::string const name{sql.substr(begin.size(), sql.find('(') - begin.size())};
        entries.push_back({"table", name, name, std::string{sql}});
    }
    entries.push_back({"index", "sqlite_autoindex_snapshots_1", "snapshots", ""});
    return entries;
}

/// Reads a statement from its front.
class sql_words {
public:
    explicit sql_words(std::string_view text) noexcept : rest_(text) {}

    bool take(std::string_view word) noexcept {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    /// A name in double quotes; empty when there is none.
    std::string name() {
        std::size_t const end =
            rest_.starts_with('"') ? rest_.find('"', 1) : std::string_view::npos;
        if (end == std::string_view::npos) return {};
        std::string found{rest_.substr(1, end - 1)};
        rest_.remove_prefix(end + 1);
        return found;
    }

private:
    std::string_view rest_;
};

std::optional<column_kind> take_kind(sql_words& words) {
    if (words.take(" INTEGER")) return column_kind::integer;
    if (words.take(" REAL")) return column_kind::real;
    if (words.take(" TEXT")) return column_kind::text;
    return std::nullopt;
}

/// The table that `create_table_sql` would declare in these very words, if there is one.
std::optional<table_spec> declared_table(std::string_view sql) {
    sql_words words{sql};
    table_spec table;
    if (!words.take("CREATE TABLE ")) return std::nullopt;
    table.name = words.name();
    if (!words.take("(")) return std::nullopt;
    do {
        column_spec column{words.name(), column_kind::text, true};
        auto const kind = take_kind(words);
        if (!kind) return std::nullopt;
        column.kind = *kind;
        if (words.take(" PRIMARY KEY"))
            table.key = static_cast<std::uint32_t>(table.columns.size());
        column.nullable = !words.take(" NOT NULL");
        table.columns.push_back(std::move(column));
    } while (words.take(","));
    if (!check_table(table) || create_table_sql(table) != sql) return std::nullopt;
    return table;
}

/// The columns of an index of this name that `create_index_sql` would declare in these words.
std::optional<index_spec> declared_index(schema_entry const& found, table_spec const& table) {
    sql_words words{found.sql};
    index_spec index;
    if (!words.take("CREATE INDEX ") || words.name() != found.name || !words.take(" ON ") ||
        words.name() != table.name || !words.take("(")) {
        return std::nullopt;
    }
    do {
        std::string const name = words.name();
        auto const column =
            std::find_if(table.columns.begin(), table.columns.end(),
                         [&](column_spec const& each) { return each.name == name; });
        if (column == table.columns.end()) return std::nullopt;
        index.columns.push_back(static_cast<std::uint32_t>(column - table.columns.begin()));
    } while (words.take(","));
    if (create_index_sql(table, index, found.name) != found.sql) return std::nullopt;
    return index;
}

/// Takes one entry after the other, and then says what is missing.
class schema_comparison {
public:
    explicit schema_comparison(std::string const& path)
        : path_(path), missing_(own_entries(new_store_statements())) {}

    [[nodiscard]] result<void> add(schema_entry const& found) {
        if (!take_own(found) && !take_table(found) && !take_index(found)) {
            return difference("has " + said(found) + ", which swarmlog does not make");
        }
        if (found.root_page < 2 || !root_pages_.insert(found.root_page).second) {
            return difference("keeps " + said(found) + " where something else is");
        }
        return {};
    }

    [[nodiscard]] result<void> check_complete() const {
        if (missing_.empty()) return {};
        return difference("does not have " + said(missing_.front()));
    }

    /// `stored` is what `layout_of` says of a table.
    [[nodiscard]] result<void> check_layout(std::string_view stored) const {
        auto const of = tables_.find(stored.substr(0, stored.find('(')));
        if (of == tables_.end() || layout_of(of->second) == stored) return {};
        return difference("has a table " + detail::quoted(of->first) +
                          " of other columns or indexes than its projection's");
    }

private:
    bool take_own(schema_entry const& found) {
        auto const own =
            std::find_if(missing_.begin(), missing_.end(),
                         [&](schema_entry const& each) { return each.is_declared_as(found); });
        if (own == missing_.end()) return false;
        missing_.erase(own);
        return true;
    }
    bool take_table(schema_entry const& found) {
        if (found.type != "table" || found.name != found.table) return false;
        auto const table = declared_table(found.sql);
        return table && table->name == found.name && tables_.emplace(found.name, *table).second;
    }
    bool take_index(schema_entry const& found) {
        auto const of = tables_.find(found.table);
        if (found.type != "index" || of == tables_.end()) return false;
        auto const index = declared_index(found, of->second);
        if (index) of->second.indexes.push_back(*index);
        return index.has_value();
    }
    static std::string said(schema_entry const& found) {
        return "a " + detail::quoted(found.type) + " named " + detail::quoted(found.name);
    }
    [[nodiscard]] error difference(std::string const& what) const {
        return {errc::corrupt, path_ + " " + what + "; nothing of it is used"};
    }

    std::string const& path_;
    std::vector<schema_entry> missing_;
    std::map<std::string, table_spec, std::less<>> tables_;
    std::set<std::int64_t> root_pages_;
};

result<void> compare_entries(sqlite_connection& connection, schema_comparison& comparison) {
    // A table comes before its indexes: so they were made.
    auto rows = connection.prepare(
        "SELECT type,name,tbl_name,sql,rootpage FROM sqlite_schema ORDER BY rowid", comparing);
    if (!rows) return rows.error();
    for (;;) {
        result<bool> const row = rows->step();
        if (!row) return row.error();
        if (!*row) return comparison.check_complete();
        schema_entry const found{std::string{rows->bytes(0)}, std::string{rows->bytes(1)},
                                 std::string{rows->bytes(2)}, std::string{rows->bytes(3)},
                                 rows->integer(4)};
        if (auto same = comparison.add(found); !same) return same;
    }
}

result<void> compare_layouts(sqlite_connection& connection, schema_comparison const& comparison) {
    auto rows = connection.prepare("SELECT layout FROM projections", comparing);
    if (!rows) return rows.error();
    for (;;) {
        result<bool> const row = rows->step();
        if (!row) return row.error();
        if (!*row) return {};
        if (auto same = comparison.check_layout(rows->bytes(0)); !same) return same;
    }
}

} // namespace

result<void> check_schema(sqlite_connection& connection, std::uint32_t schema_version,
                          std::string const& path) {
    if (schema_version != shipped_schema().current) return {};
    auto const is_utf8 =
        connection.integer("SELECT encoding='UTF-8' FROM pragma_encoding", comparing);
    if (!is_utf8) return is_utf8.error();
    if (*is_utf8 == 0) return error{errc::corrupt, path + " keeps text in another form than UTF-8"};
    schema_comparison comparison{path};
    if (auto same = compare_entries(connection, comparison); !same) return same;
    return compare_layouts(connection, comparison);
}

} // namespace swarmlog::detail
