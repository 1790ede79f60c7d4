#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace swarmlog::detail {

/// A prepared statement. Used by one thread at a time, and dies before its connection.
///
/// Bind, then step until it answers false; `reset` makes it ready again and lets go of what it
/// has read. A bind that fails is reported by the next step.
class sqlite_statement {
public:
    sqlite_statement() = default;
    sqlite_statement(sqlite3_stmt* handle, std::string_view doing) noexcept
        : handle_(handle), doing_(doing) {}
    sqlite_statement(sqlite_statement&& other) noexcept
        : handle_(std::exchange(other.handle_, nullptr)),
          doing_(other.doing_),
          bind_code_(other.bind_code_) {}
    sqlite_statement& operator=(sqlite_statement&& other) noexcept;
    ~sqlite_statement() { sqlite3_finalize(handle_); }

    /// Parameters count from 1. Bytes are not copied: they must live until `reset`.
    void bind(int parameter, std::int64_t value) noexcept;
    void bind(int parameter, position at) noexcept {
        bind(parameter, static_cast<std::int64_t>(at.value));
    }
    void bind_blob(int parameter, std::string_view bytes) noexcept;
    void bind_text(int parameter, std::string_view text) noexcept;
    void bind_real(int parameter, double value) noexcept;
    void bind_null(int parameter) noexcept;

    /// True when there is a row to read.
    [[nodiscard]] result<bool> step();
    /// SQLite's own result code, for those who must tell them apart.
    [[nodiscard]] int step_code() noexcept;
    /// Runs a statement that has no rows, and resets it.
    [[nodiscard]] result<void> run();
    void reset() noexcept { sqlite3_reset(handle_); }

    /// Columns count from 0. Bytes live until the next step or reset.
    [[nodiscard]] std::int64_t integer(int column) const noexcept {
        return sqlite3_column_int64(handle_, column);
    }
    [[nodiscard]] position position_at(int column) const noexcept {
        return position{static_cast<std::uint64_t>(integer(column))};
    }
    [[nodiscard]] std::string_view bytes(int column) const noexcept;
    [[nodiscard]] double real(int column) const noexcept {
        return sqlite3_column_double(handle_, column);
    }
    /// One of SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB and SQLITE_NULL.
    [[nodiscard]] int type(int column) const noexcept {
        return sqlite3_column_type(handle_, column);
    }

    /// True between the first step and the reset.
    [[nodiscard]] bool is_busy() const noexcept { return sqlite3_stmt_busy(handle_) != 0; }
    /// Another statement of the same text, for use while this one is busy.
    [[nodiscard]] result<sqlite_statement> twin() const;

private:
    void note(int code) noexcept {
        if (code != SQLITE_OK) bind_code_ = code;
    }

    sqlite3_stmt* handle_ = nullptr;
    std::string_view doing_; ///< completes "cannot …"; a literal
    int bind_code_ = SQLITE_OK;
};

/// Resets a statement when the scope ends, so that no statement outlives its transaction.
class statement_scope {
public:
    explicit statement_scope(sqlite_statement& statement) noexcept : statement_(statement) {}
    statement_scope(statement_scope const&) = delete;
    statement_scope& operator=(statement_scope const&) = delete;
    ~statement_scope() { statement_.reset(); }

private:
    sqlite_statement& statement_;
};

} // namespace swarmlog::detail
