#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace swarmlog::detail {

/// The declared tables of a store, as one connection reads and writes them: ordinary tables with
/// ordinary columns, so that any SQLite tool can read them.
///
/// SQL is made from checked names only, always quoted; values are always bound. Statements are
/// kept, at most so many, and must be dropped before the connection is closed. Belongs to one
/// connection, which every call names, and to its thread.
class sqlite_rows {
public:
    [[nodiscard]] result<std::optional<row_cells>> find(sqlite_connection& connection,
                                                        table_spec const& table, cell const& key);
    /// A visitor may read the same connection again.
    [[nodiscard]] result<void> select(sqlite_connection& connection, table_spec const& table,
                                      row_query const& asked, row_visitor const& visit);
    [[nodiscard]] result<std::uint64_t> count(sqlite_connection& connection,
                                              table_spec const& table, row_filter const& where);

    [[nodiscard]] result<void> create(sqlite_connection& connection, table_spec const& table);
    [[nodiscard]] result<void> add_indexes(sqlite_connection& connection, table_spec const& table);
    [[nodiscard]] result<void> drop(sqlite_connection& connection, std::string_view name);
    [[nodiscard]] result<void> rename(sqlite_connection& connection, std::string_view from,
                                      std::string_view to);
    [[nodiscard]] result<void> put(sqlite_connection& connection, table_spec const& table,
                                   row_cells const& row);
    [[nodiscard]] result<void> erase(sqlite_connection& connection, table_spec const& table,
                                     cell const& key);

    void drop_statements() noexcept;

private:
    /// The statements that a hot row needs.
    struct table_statements {
        table_spec table;
        sqlite_statement find, put, erase;
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };

    [[nodiscard]] result<table_statements*> statements_of(sqlite_connection& connection,
                                                          table_spec const& table);
    [[nodiscard]] static result<bool> is_taken(sqlite_connection& connection,
                                               std::string_view name);
    [[nodiscard]] static result<void> create_indexes(sqlite_connection& connection,
                                                     table_spec const& table);
    /// A statement of this text, for the caller to use and to give back.
    [[nodiscard]] result<sqlite_statement> take(sqlite_connection& connection,
                                                table_spec const& table, std::string const& sql);
    void give_back(std::string sql, sqlite_statement statement);
    /// Says whether a statement failed because its table is gone, or is not as declared.
    [[nodiscard]] error explain(sqlite_connection& connection, table_spec const& table,
                                error failure);

    std::unordered_map<std::string, table_statements, text_hash, std::equal_to<>> tables_;
    std::unordered_map<std::string, sqlite_statement, text_hash, std::equal_to<>> selects_;
};

} // namespace swarmlog::detail
