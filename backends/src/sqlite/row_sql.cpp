#include "sqlite/row_sql.hpp"

#include <cstddef>
#include <span>

namespace swarmlog::detail {

namespace {

std::string_view type_of(column_kind kind) noexcept {
    switch (kind) {
    case column_kind::integer: return "INTEGER";
    case column_kind::real: return "REAL";
    case column_kind::text: return "TEXT";
    }
    return "";
}

std::string all_columns(table_spec const& table) {
    std::string text;
    for (column_spec const& column : table.columns) {
        if (!text.empty()) { text += ','; }
        text += quoted_name(column.name);
    }
    return text;
}

std::string_view operator_of(row_filter::kind what) noexcept {
    switch (what) {
    case row_filter::kind::eq: return "=?";
    case row_filter::kind::ne: return "<>?";
    case row_filter::kind::lt: return "<?";
    case row_filter::kind::le: return "<=?";
    case row_filter::kind::gt: return ">?";
    case row_filter::kind::ge: return ">=?";
    default: return "";
    }
}

void add_filter(row_sql& sql, table_spec const& table, row_filter const& filter);

/// Halves within halves: SQLite's expressions may be 1,000 deep, and a chain is as deep as long.
void add_parts(row_sql& sql, table_spec const& table, std::span<row_filter const> parts,
               std::string_view between) {
    if (parts.empty()) { return; }
    sql.text += '(';
    if (parts.size() == 1) {
        add_filter(sql, table, parts.front());
    } else {
        std::size_t const half = parts.size() / 2;
        add_parts(sql, table, parts.first(half), between);
        sql.text += between;
        add_parts(sql, table, parts.subspan(half), between);
    }
    sql.text += ')';
}

void add_filter(row_sql& sql, table_spec const& table, row_filter const& filter) {
    using kind = row_filter::kind;
    auto const add_all = [&](std::string_view between, std::string_view when_none) {
        if (filter.parts.empty()) { sql.text += when_none; }
        add_parts(sql, table, filter.parts, between);
    };
    switch (filter.what) {
    case kind::every: sql.text += '1'; return;
    case kind::all_of: add_all(" AND ", "1"); return;
    case kind::any_of: add_all(" OR ", "0"); return;
    case kind::none_of:
        sql.text += "NOT ";
        add_all("", "");
        return;
    default: break;
    }
    std::string const column = quoted_name(table.columns[filter.column].name);
    for (cell const& value : filter.values) { sql.values.push_back(&value); }
    if (filter.what == kind::is_null) {
        sql.text += column + " IS NULL";
    } else if (filter.what == kind::like) {
        // SQLite's own LIKE reads text that is not ours to define.
        sql.text += "swarmlog_like(" + column + ",?)";
    } else if (filter.what == kind::in) {
        sql.text += column + " IN (";
        for (std::size_t at = 0; at != filter.values.size(); ++at) {
            sql.text += at == 0 ? "?" : ",?";
        }
        sql.text += ')';
    } else {
        sql.text += column;
        sql.text += operator_of(filter.what);
    }
}

void add_where(row_sql& sql, table_spec const& table, row_filter const& where) {
    if (where.what == row_filter::kind::every) { return; }
    sql.text += " WHERE ";
    add_filter(sql, table, where);
}

} // namespace

std::string quoted_name(std::string_view name) { return '"' + std::string{name} + '"'; }

std::string create_table_sql(table_spec const& table) {
    std::string text = "CREATE TABLE " + quoted_name(table.name) + "(";
    for (column_spec const& column : table.columns) {
        if (&column != &table.columns.front()) { text += ','; }
        text += quoted_name(column.name);
        text += ' ';
        text += type_of(column.kind);
        if (&column == &table.columns[table.key]) { text += " PRIMARY KEY"; }
        if (!column.nullable) { text += " NOT NULL"; }
    }
    // A text key would otherwise be a second B-tree beside the rows.
    bool const is_text = table.columns[table.key].kind == column_kind::text;
    return text + (is_text ? ") WITHOUT ROWID" : ")");
}

std::string create_index_sql(table_spec const& table, index_spec const& index,
                             std::string_view name) {
    std::string text = "CREATE INDEX " + quoted_name(name) + " ON " + quoted_name(table.name) + "(";
    for (std::uint32_t const& column : index.columns) {
        if (&column != &index.columns.front()) { text += ','; }
        text += quoted_name(table.columns[column].name);
    }
    return text + ')';
}

std::string put_row_sql(table_spec const& table) {
    std::string text =
        "INSERT INTO " + quoted_name(table.name) + "(" + all_columns(table) + ") VALUES(";
    std::string changes;
    for (std::size_t at = 0; at != table.columns.size(); ++at) {
        text += at == 0 ? "?" : ",?";
        if (at == table.key) { continue; }
        std::string const column = quoted_name(table.columns[at].name);
        if (!changes.empty()) { changes += ','; }
        changes.append(column).append("=excluded.").append(column);
    }
    // An update in place leaves alone the indexes whose columns stay the same.
    text += ") ON CONFLICT(" + quoted_name(table.columns[table.key].name) + ") DO ";
    return text + (changes.empty() ? "NOTHING" : "UPDATE SET " + changes);
}

std::string find_row_sql(table_spec const& table) {
    return "SELECT " + all_columns(table) + " FROM " + quoted_name(table.name) + " WHERE " +
           quoted_name(table.columns[table.key].name) + "=?";
}

std::string erase_row_sql(table_spec const& table) {
    return "DELETE FROM " + quoted_name(table.name) + " WHERE " +
           quoted_name(table.columns[table.key].name) + "=?";
}

row_sql select_rows_sql(table_spec const& table, row_query const& asked) {
    row_sql sql;
    sql.text = "SELECT " + all_columns(table) + " FROM " + quoted_name(table.name);
    add_where(sql, table, asked.where);
    sql.text += " ORDER BY ";
    for (row_order const& order : asked.order) {
        sql.text += quoted_name(table.columns[order.column].name);
        sql.text += order.descending ? " DESC," : ",";
    }
    sql.text += quoted_name(table.columns[table.key].name) + " LIMIT ? OFFSET ?";
    return sql;
}

row_sql count_rows_sql(table_spec const& table, row_filter const& where) {
    row_sql sql;
    sql.text = "SELECT count(*) FROM " + quoted_name(table.name);
    add_where(sql, table, where);
    return sql;
}

} // namespace swarmlog::detail
