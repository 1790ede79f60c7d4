#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/backends/sql_reader.hpp>
#include <swarmlog/engine/error.hpp>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace swarmlog::detail {

/// Keeps what others wrote in SQL to reading some tables of a connection, for a bounded time.
/// Stays where it is: the connection knows its address.
class sql_guard {
public:
    sql_guard(sqlite_connection& connection, sql_limits const& limits);
    sql_guard(sql_guard const&) = delete;
    sql_guard& operator=(sql_guard const&) = delete;
    ~sql_guard();

    /// Names in small letters.
    using names = std::set<std::string, std::less<>>;

    /// From now on, until `lift`, the time runs, and of the tables that there are, only the
    /// readable ones can be read.
    void impose(names readable, names all);
    void lift() noexcept;

    /// Why SQLite gave up, where that was the guard's doing; else in SQLite's words.
    [[nodiscard]] error explain(int code) const;

private:
    static int authorize(void* guard, int action, char const* first, char const* second,
                         char const* database, char const* trigger) noexcept;
    static int look_at_clock(void* guard) noexcept;
    [[nodiscard]] std::uint32_t value_bytes_max() const noexcept;
    [[nodiscard]] bool may(int action, char const* first, char const* second);
    [[nodiscard]] bool may_read(std::string_view table, std::string_view column);

    sqlite_connection& connection_;
    sql_limits const limits_;
    names readable_;
    names all_;
    std::chrono::steady_clock::time_point deadline_;
    bool is_late_ = false;
    std::string denied_; ///< what the statement must not use
};

} // namespace swarmlog::detail
