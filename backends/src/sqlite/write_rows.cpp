/// The rows' part of a write transaction.

#include "sqlite/write_transaction.hpp"

#include <algorithm>

namespace swarmlog::detail {

template <class Change>
result<void> sqlite_write_transaction::change(Change const& apply) {
    if (auto open = check_open(); !open) return open;
    result<void> done = apply(writer_.rows, writer_.connection);
    if (!done) return fail(done.error());
    return done;
}

result<std::optional<row_cells>> sqlite_write_transaction::find_row(table_spec const& table,
                                                                    cell const& key) {
    if (auto open = check_open(); !open) return open.error();
    return writer_.rows.find(writer_.connection, table, key);
}

result<void> sqlite_write_transaction::select_rows(table_spec const& table, row_query const& asked,
                                                   row_visitor const& visit) {
    if (auto open = check_open(); !open) return open;
    return writer_.rows.select(writer_.connection, table, asked, visit);
}

result<std::uint64_t> sqlite_write_transaction::count_rows(table_spec const& table,
                                                           row_filter const& where) {
    if (auto open = check_open(); !open) return open.error();
    return writer_.rows.count(writer_.connection, table, where);
}

result<void> sqlite_write_transaction::create_table(table_spec const& table) {
    return change([&](auto& rows, auto& connection) { return rows.create(connection, table); });
}

result<void> sqlite_write_transaction::add_indexes(table_spec const& table) {
    return change(
        [&](auto& rows, auto& connection) { return rows.add_indexes(connection, table); });
}

result<void> sqlite_write_transaction::drop_table(std::string_view name) {
    return change([&](auto& rows, auto& connection) { return rows.drop(connection, name); });
}

result<void> sqlite_write_transaction::rename_table(std::string_view from, std::string_view to) {
    return change([&](auto& rows, auto& connection) { return rows.rename(connection, from, to); });
}

result<void> sqlite_write_transaction::put_row(table_spec const& table, row_cells const& row) {
    return change([&](auto& rows, auto& connection) { return rows.put(connection, table, row); });
}

result<void> sqlite_write_transaction::erase_row(table_spec const& table, cell const& key) {
    return change([&](auto& rows, auto& connection) { return rows.erase(connection, table, key); });
}

result<void> sqlite_write_transaction::put_projection(stored_projection const& projection) {
    if (auto open = check_open(); !open) return open;
    auto& statement = writer_.put_projection;
    statement.bind_text(1, projection.name);
    statement.bind(2, std::int64_t{projection.version});
    statement.bind_text(3, projection.layout);
    statement.bind(4, projection.position);
    return run(statement);
}

result<void> sqlite_write_transaction::erase_projection(std::string_view name) {
    if (auto open = check_open(); !open) return open;
    writer_.erase_projection.bind_text(1, name);
    return run(writer_.erase_projection);
}

result<void> sqlite_write_transaction::put_snapshot(stored_snapshot const& snapshot) {
    if (auto open = check_open(); !open) return open;
    auto& statement = writer_.put_snapshot;
    statement.bind_text(1, snapshot.projection);
    statement.bind(2, snapshot.position);
    statement.bind_blob(3, snapshot.body);
    return run(statement);
}

result<void> sqlite_write_transaction::erase_snapshots(std::string_view projection, position from) {
    if (auto open = check_open(); !open) return open;
    writer_.erase_snapshots.bind_text(1, projection);
    writer_.erase_snapshots.bind(2, std::min(from, position::max()));
    return run(writer_.erase_snapshots);
}

} // namespace swarmlog::detail
