/// The rows' part of a transaction in memory.

#include "memory/memory_transaction.hpp"

#include <utility>

namespace swarmlog::detail {

namespace {

/// About what a row takes beside its place in the orders.
std::uint64_t bytes_of(row_cells const& row) noexcept {
    std::uint64_t bytes = row.size() * sizeof(cell);
    for (cell const& each : row) {
        if (auto const* const text = std::get_if<std::string>(&each)) bytes += text->size();
    }
    return bytes;
}

error no_table(std::string_view name) {
    return {errc::not_found, "there is no table " + std::string{name}};
}

} // namespace

memory_tables& memory_transaction::tables() {
    if (!staged_tables_) {
        staged_tables_ = std::make_shared<memory_tables>(*next_.tables);
        next_.tables = staged_tables_;
    }
    return *staged_tables_;
}

memory_table* memory_transaction::own_table(std::string_view name) {
    if (auto const known = own_tables_.find(name); known != own_tables_.end()) {
        return known->second.get();
    }
    auto& all = tables();
    auto const found = all.find(name);
    if (found == all.end()) return nullptr;
    auto copy = std::make_shared<memory_table>(*found->second);
    found->second = copy;
    return own_tables_.emplace(std::string{name}, std::move(copy)).first->second.get();
}

memory_projections& memory_transaction::projections() {
    if (!staged_projections_) {
        staged_projections_ = std::make_shared<memory_projections>(*next_.projections);
        next_.projections = staged_projections_;
    }
    return *staged_projections_;
}

memory_stored_snapshots& memory_transaction::snapshots() {
    if (!staged_snapshots_) {
        staged_snapshots_ = std::make_shared<memory_stored_snapshots>(*next_.snapshots);
        next_.snapshots = staged_snapshots_;
    }
    return *staged_snapshots_;
}

result<std::optional<row_cells>> memory_transaction::find_row(table_spec const& table,
                                                              cell const& key) {
    if (auto open = check_open(); !open) return open.error();
    return find_row_in(*next_.tables, table, key);
}

result<void> memory_transaction::select_rows(table_spec const& table, row_query const& asked,
                                             row_visitor const& visit) {
    if (auto open = check_open(); !open) return open;
    return select_rows_in(*next_.tables, table, asked, visit);
}

result<std::uint64_t> memory_transaction::count_rows(table_spec const& table,
                                                     row_filter const& where) {
    if (auto open = check_open(); !open) return open.error();
    return count_rows_in(*next_.tables, table, where);
}

result<void> memory_transaction::create_table(table_spec const& table) {
    return change([&]() -> result<void> {
        if (auto valid = check_table(table); !valid) return valid;
        if (tables().contains(table.name)) {
            return error{errc::invalid_argument, "there is already a table " + table.name};
        }
        auto fresh = std::make_shared<memory_table>(table);
        tables().emplace(table.name, fresh);
        own_tables_.emplace(table.name, std::move(fresh));
        return {};
    });
}

result<void> memory_transaction::add_indexes(table_spec const& table) {
    return change([&]() -> result<void> {
        if (auto valid = check_table(table); !valid) return valid;
        memory_table const* const bare = own_table(table.name);
        if (bare == nullptr) return no_table(table.name);
        table_spec wanted = table;
        wanted.indexes.clear();
        if (bare->table() != wanted) {
            return error{errc::invalid_argument,
                         "table " + table.name + " has indexes, or other columns"};
        }
        auto indexed = std::make_shared<memory_table>(table);
        bare->select({}, [&](row_cells const& row) {
            indexed->put(row);
            return true;
        });
        tables().find(table.name)->second = indexed;
        own_tables_.find(table.name)->second = std::move(indexed);
        return {};
    });
}

result<void> memory_transaction::drop_table(std::string_view name) {
    return change([&]() -> result<void> {
        auto const found = tables().find(name);
        if (found == tables().end()) return {};
        row_query everything;
        found->second->select(everything, [&](row_cells const& row) {
            next_.sizes.row_bytes -= bytes_of(row);
            return true;
        });
        tables().erase(found);
        if (auto const own = own_tables_.find(name); own != own_tables_.end()) {
            own_tables_.erase(own);
        }
        return {};
    });
}

result<void> memory_transaction::rename_table(std::string_view from, std::string_view to) {
    return change([&]() -> result<void> {
        memory_table* const source = own_table(from);
        if (source == nullptr) return no_table(from);
        table_spec renamed = source->table();
        renamed.name = to;
        if (auto valid = check_table(renamed); !valid) return valid;
        if (tables().contains(to)) {
            return error{errc::invalid_argument, "there is already a table " + std::string{to}};
        }
        source->rename(std::string{to});
        auto moved = tables().extract(tables().find(from));
        moved.key() = to;
        tables().insert(std::move(moved));
        auto own = own_tables_.extract(own_tables_.find(from));
        own.key() = to;
        own_tables_.insert(std::move(own));
        return {};
    });
}

result<void> memory_transaction::put_row(table_spec const& table, row_cells const& row) {
    return change([&]() -> result<void> {
        if (auto valid = check_row(table, row); !valid) return valid;
        if (auto const same = table_in(*next_.tables, table); !same) return same.error();
        memory_table* const target = own_table(table.name);
        row_cells const* const before = target->find(row[table.key]);
        std::uint64_t const bytes_before = before != nullptr ? bytes_of(*before) : 0;
        std::uint64_t const bytes = bytes_of(row);
        next_.sizes.row_bytes -= bytes_before;
        if (auto grown = grow(next_.sizes.row_bytes, bytes); !grown) return grown;
        target->put(row);
        return {};
    });
}

result<void> memory_transaction::erase_row(table_spec const& table, cell const& key) {
    return change([&]() -> result<void> {
        if (auto const same = table_in(*next_.tables, table); !same) return same.error();
        memory_table* const target = own_table(table.name);
        row_cells const* const before = target->find(key);
        if (before == nullptr) return {};
        next_.sizes.row_bytes -= bytes_of(*before);
        target->erase(key);
        return {};
    });
}

result<void> memory_transaction::put_projection(stored_projection const& projection) {
    return change([&]() -> result<void> {
        projections().insert_or_assign(projection.name,
                                       std::make_shared<stored_projection const>(projection));
        return {};
    });
}

result<void> memory_transaction::erase_projection(std::string_view name) {
    return change([&]() -> result<void> {
        auto& all = projections();
        if (auto const found = all.find(name); found != all.end()) all.erase(found);
        return {};
    });
}

result<void> memory_transaction::put_snapshot(stored_snapshot const& snapshot) {
    return change([&]() -> result<void> {
        auto& body = snapshots()[{snapshot.projection, snapshot.position}];
        if (body != nullptr) next_.sizes.row_bytes -= body->size();
        if (auto grown = grow(next_.sizes.row_bytes, snapshot.body.size()); !grown) return grown;
        body = std::make_shared<std::string const>(snapshot.body);
        return {};
    });
}

result<void> memory_transaction::erase_snapshots(std::string_view projection, position from) {
    return change([&]() -> result<void> {
        auto& all = snapshots();
        auto at = all.lower_bound({std::string{projection}, from});
        while (at != all.end() && at->first.first == projection) {
            next_.sizes.row_bytes -= at->second->size();
            at = all.erase(at);
        }
        return {};
    });
}

} // namespace swarmlog::detail
