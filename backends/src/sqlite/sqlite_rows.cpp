#include "sqlite/sqlite_rows.hpp"

#include "sqlite/row_sql.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace swarmlog::detail {

namespace {

/// Statements kept for queries; as many again for tables.
constexpr std::size_t selects_max = 64;
constexpr std::size_t tables_max = 64;

void bind_cell(sqlite_statement& statement, int parameter, cell const& value) noexcept {
    if (auto const* const integer = std::get_if<std::int64_t>(&value)) {
        statement.bind(parameter, *integer);
    } else if (auto const* const real = std::get_if<double>(&value)) {
        statement.bind_real(parameter, *real);
    } else if (auto const* const text = std::get_if<std::string>(&value)) {
        statement.bind_text(parameter, *text);
    } else {
        statement.bind_null(parameter);
    }
}

/// False when the stored value does not fit its column.
bool read_cell(sqlite_statement const& row, int at, column_spec const& column, cell& out) {
    int const type = row.type(at);
    if (type == SQLITE_NULL) {
        out = std::monostate{};
        return column.nullable;
    }
    switch (column.kind) {
    case column_kind::integer: out = row.integer(at); return type == SQLITE_INTEGER;
    case column_kind::real: out = row.real(at); return type == SQLITE_FLOAT;
    case column_kind::text: {
        std::string_view const bytes = row.bytes(at);
        if (auto* const text = std::get_if<std::string>(&out)) {
            text->assign(bytes);
        } else {
            out = std::string{bytes};
        }
        return type == SQLITE_TEXT;
    }
    }
    return false;
}

result<void> read_row(sqlite_statement const& statement, table_spec const& table, row_cells& out) {
    out.resize(table.columns.size());
    for (std::size_t at = 0; at != out.size(); ++at) {
        if (!read_cell(statement, static_cast<int>(at), table.columns[at], out[at])) {
            return error{errc::corrupt, "table " + table.name + " holds a value in column " +
                                            table.columns[at].name +
                                            " that does not fit its declaration"};
        }
    }
    return {};
}

constexpr std::string_view reading = "read rows of";
constexpr std::string_view writing = "write rows to";

} // namespace

error sqlite_rows::explain(sqlite_connection& connection, table_spec const& table, error failure) {
    if ((sqlite3_errcode(connection.handle()) & 0xff) != SQLITE_ERROR) { return failure; }
    auto statement = connection.prepare(
        "SELECT count(*) FROM sqlite_schema WHERE type='table' AND name=?", reading);
    if (!statement) { return failure; }
    statement->bind_text(1, table.name);
    auto const row = statement->step();
    if (!row || !*row) { return failure; }
    if (statement->integer(0) == 0) {
        return error{errc::not_found, "there is no table " + table.name};
    }
    return error{errc::corrupt,
                 "table " + table.name + " is not as declared: " + failure.message()};
}

result<sqlite_rows::table_statements*> sqlite_rows::statements_of(sqlite_connection& connection,
                                                                  table_spec const& table) {
    auto const known = tables_.find(std::string_view{table.name});
    if (known != tables_.end() && known->second.table == table) { return &known->second; }
    if (auto const valid = check_table(table); !valid) { return valid.error(); }
    if (known == tables_.end() && tables_.size() >= tables_max) { tables_.clear(); }

    table_statements made{table, {}, {}, {}};
    struct wanted {
        sqlite_statement table_statements::*statement;
        std::string sql;
        std::string_view doing;
    };
    for (auto const& [statement, sql, doing] :
         {wanted{&table_statements::find, find_row_sql(table), reading},
          wanted{&table_statements::put, put_row_sql(table), writing},
          wanted{&table_statements::erase, erase_row_sql(table), writing}}) {
        auto prepared = connection.prepare(sql, doing);
        if (!prepared) { return explain(connection, table, prepared.error()); }
        made.*statement = std::move(*prepared);
    }
    auto const placed = tables_.insert_or_assign(table.name, std::move(made));
    return &placed.first->second;
}

result<sqlite_statement> sqlite_rows::take(sqlite_connection& connection, table_spec const& table,
                                           std::string const& sql) {
    if (auto const known = selects_.find(sql); known != selects_.end()) {
        sqlite_statement statement = std::move(known->second);
        selects_.erase(known);
        return statement;
    }
    auto prepared = connection.prepare(sql, reading);
    if (!prepared) { return explain(connection, table, prepared.error()); }
    return prepared;
}

void sqlite_rows::give_back(std::string sql, sqlite_statement statement) {
    statement.reset();
    if (selects_.size() >= selects_max) { selects_.clear(); }
    selects_.insert_or_assign(std::move(sql), std::move(statement));
}

result<std::optional<row_cells>> sqlite_rows::find(sqlite_connection& connection,
                                                   table_spec const& table, cell const& key) {
    auto const statements = statements_of(connection, table);
    if (!statements) { return statements.error(); }
    sqlite_statement& statement = (*statements)->find;
    statement_scope const scope{statement};
    bind_cell(statement, 1, key);
    auto const row = statement.step();
    if (!row) { return explain(connection, table, row.error()); }
    if (!*row) { return std::optional<row_cells>{}; }
    row_cells found;
    if (auto const read = read_row(statement, table, found); !read) { return read.error(); }
    return std::optional<row_cells>{std::move(found)};
}

result<void> sqlite_rows::select(sqlite_connection& connection, table_spec const& table,
                                 row_query const& asked, row_visitor const& visit) {
    if (auto const valid = check_filter(table, asked.where); !valid) { return valid; }
    row_sql sql = select_rows_sql(table, asked);
    auto statement = take(connection, table, sql.text);
    if (!statement) { return statement.error(); }
    int parameter = 0;
    for (cell const* const value : sql.values) { bind_cell(*statement, ++parameter, *value); }
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    statement->bind(++parameter, static_cast<std::int64_t>(std::min(asked.limit, most)));
    statement->bind(++parameter, static_cast<std::int64_t>(std::min(asked.offset, most)));
    row_cells cells;
    while (true) {
        auto const row = statement->step();
        if (!row) { return explain(connection, table, row.error()); }
        if (!*row) { break; }
        if (auto const read = read_row(*statement, table, cells); !read) { return read; }
        if (!visit(cells)) { break; }
    }
    give_back(std::move(sql.text), std::move(*statement));
    return {};
}

result<std::uint64_t> sqlite_rows::count(sqlite_connection& connection, table_spec const& table,
                                         row_filter const& where) {
    if (auto const valid = check_filter(table, where); !valid) { return valid.error(); }
    row_sql sql = count_rows_sql(table, where);
    auto statement = take(connection, table, sql.text);
    if (!statement) { return statement.error(); }
    int parameter = 0;
    for (cell const* const value : sql.values) { bind_cell(*statement, ++parameter, *value); }
    auto const row = statement->step();
    if (!row) { return explain(connection, table, row.error()); }
    auto const counted = static_cast<std::uint64_t>(*row ? statement->integer(0) : 0);
    give_back(std::move(sql.text), std::move(*statement));
    return counted;
}

result<bool> sqlite_rows::is_taken(sqlite_connection& connection, std::string_view name) {
    auto taken = connection.prepare("SELECT count(*) FROM sqlite_schema WHERE name=?", reading);
    if (!taken) { return taken.error(); }
    taken->bind_text(1, name);
    auto const row = taken->step();
    if (!row) { return row.error(); }
    return taken->integer(0) != 0;
}

result<void> sqlite_rows::create(sqlite_connection& connection, table_spec const& table) {
    if (auto const valid = check_table(table); !valid) { return valid; }
    auto const exists = is_taken(connection, table.name);
    if (!exists) { return exists.error(); }
    if (*exists) { return error{errc::invalid_argument, "there is already a table " + table.name}; }
    if (auto const made = connection.execute(create_table_sql(table), writing); !made) {
        return made;
    }
    return create_indexes(connection, table);
}

result<void> sqlite_rows::add_indexes(sqlite_connection& connection, table_spec const& table) {
    if (auto const valid = check_table(table); !valid) { return valid; }
    auto counted = connection.prepare(
        "SELECT sum(type='table'), sum(type='index' AND sql IS NOT NULL) "
        "FROM sqlite_schema WHERE tbl_name=?",
        reading);
    if (!counted) { return counted.error(); }
    counted->bind_text(1, table.name);
    auto const row = counted->step();
    if (!row) { return row.error(); }
    if (counted->integer(0) == 0) {
        return error{errc::not_found, "there is no table " + table.name};
    }
    if (counted->integer(1) != 0) {
        return error{errc::invalid_argument, "table " + table.name + " has indexes"};
    }
    counted->reset();
    return create_indexes(connection, table);
}

result<void> sqlite_rows::create_indexes(sqlite_connection& connection, table_spec const& table) {
    for (index_spec const& index : table.indexes) {
        // An index keeps its name when its table is renamed, so the next table's takes another.
        std::string base = table.name + "_by";
        for (std::uint32_t const column : index.columns) {
            base += "_" + table.columns[column].name;
        }
        std::string name = base;
        for (int number = 2;; ++number) {
            auto const used = is_taken(connection, name);
            if (!used) { return used.error(); }
            if (!*used) { break; }
            name = base + "_" + std::to_string(number);
        }
        auto const made = connection.execute(create_index_sql(table, index, name), writing);
        if (!made) { return made; }
    }
    return {};
}

result<void> sqlite_rows::drop(sqlite_connection& connection, std::string_view name) {
    table_spec named{std::string{name}, {{"key", column_kind::integer, false}}, 0, {}};
    if (auto const valid = check_table(named); !valid) { return valid; }
    drop_statements();
    return connection.execute("DROP TABLE IF EXISTS " + quoted_name(name), writing);
}

result<void> sqlite_rows::rename(sqlite_connection& connection, std::string_view from,
                                 std::string_view to) {
    for (std::string_view const name : {from, to}) {
        table_spec named{std::string{name}, {{"key", column_kind::integer, false}}, 0, {}};
        if (auto const valid = check_table(named); !valid) { return valid; }
    }
    drop_statements();
    auto exists = connection.prepare(
        "SELECT (SELECT count(*) FROM sqlite_schema WHERE type='table' AND name=?1), "
        "(SELECT count(*) FROM sqlite_schema WHERE name=?2)",
        reading);
    if (!exists) { return exists.error(); }
    exists->bind_text(1, from);
    exists->bind_text(2, to);
    auto const row = exists->step();
    if (!row) { return row.error(); }
    bool const has_source = exists->integer(0) != 0;
    bool const has_target = exists->integer(1) != 0;
    exists->reset();
    if (!has_source) { return error{errc::not_found, "there is no table " + std::string{from}}; }
    if (has_target) {
        return error{errc::invalid_argument, "there is already a table " + std::string{to}};
    }
    return connection.execute("ALTER TABLE " + quoted_name(from) + " RENAME TO " + quoted_name(to),
                              writing);
}

result<void> sqlite_rows::put(sqlite_connection& connection, table_spec const& table,
                              row_cells const& row) {
    if (auto const valid = check_row(table, row); !valid) { return valid; }
    auto const statements = statements_of(connection, table);
    if (!statements) { return statements.error(); }
    sqlite_statement& statement = (*statements)->put;
    for (std::size_t at = 0; at != row.size(); ++at) {
        bind_cell(statement, static_cast<int>(at) + 1, row[at]);
    }
    return statement.run();
}

result<void> sqlite_rows::erase(sqlite_connection& connection, table_spec const& table,
                                cell const& key) {
    auto const statements = statements_of(connection, table);
    if (!statements) { return statements.error(); }
    bind_cell((*statements)->erase, 1, key);
    return (*statements)->erase.run();
}

void sqlite_rows::drop_statements() noexcept {
    tables_.clear();
    selects_.clear();
}

} // namespace swarmlog::detail
