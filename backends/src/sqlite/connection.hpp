#pragma once

#include "sqlite/statement.hpp"

#include <swarmlog/engine/error.hpp>

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace swarmlog::detail {

enum class sqlite_access {
    read_write,
    read_only, ///< reads what another connection writes
    immutable, ///< reads a file that nobody writes: no locks, no write-ahead log
};

struct sqlite_connection_settings {
    std::string path; ///< absolute
    std::string vfs;  ///< empty: the default one
    std::uint64_t cache_bytes = 1024 * 1024;
    std::chrono::milliseconds lock_wait_max{2'000};
};

/// One SQLite connection, which trusts its file with nothing: no trigger of it fires, no view or
/// function in it runs, and what is parsed from it has limits. Used by one thread at a time (it is
/// opened without SQLite's own mutex); its statements die before it.
class sqlite_connection {
public:
    [[nodiscard]] static result<sqlite_connection> open(sqlite_connection_settings const& settings,
                                                        sqlite_access access);

    /// Opens the file as immutable and reads nothing from it.
    [[nodiscard]] static result<sqlite_connection>
    open_untouched(sqlite_connection_settings const& settings);

    sqlite_connection() = default;
    sqlite_connection(sqlite_connection&& other) noexcept
        : handle_(std::exchange(other.handle_, nullptr)) {}
    sqlite_connection& operator=(sqlite_connection&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~sqlite_connection() { sqlite3_close_v2(handle_); }

    /// Runs statements whose rows do not matter.
    [[nodiscard]] result<void> execute(std::string const& sql, std::string_view doing);
    /// `doing` completes "cannot …" in errors and must be a literal.
    [[nodiscard]] result<sqlite_statement> prepare(std::string_view sql, std::string_view doing);
    /// The first column of the only row.
    [[nodiscard]] result<std::int64_t> integer(std::string_view sql, std::string_view doing);

    /// VACUUM attaches a file of its own, which is off here but for it.
    void let_vacuum(bool on) noexcept;
    /// When off, which is the default here, closing the last connection leaves the write-ahead
    /// log as it is.
    void checkpoint_on_close(bool on) noexcept;
    /// Every statement must be gone. What fails here leaves the handle open.
    [[nodiscard]] result<void> close();
    /// Forgets the handle without a call to SQLite.
    void leak() noexcept { handle_ = nullptr; }

    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }
    /// The open main or write-ahead file, for the few things SQLite has no statement for.
    [[nodiscard]] sqlite3_file* main_file() const noexcept;
    [[nodiscard]] sqlite3_file* wal_file() const noexcept;
    [[nodiscard]] error failure(int code, std::string_view doing) const;

private:
    /// swarmlog_like(text, pattern): what typed queries mean by `like`.
    [[nodiscard]] result<void> add_functions();
    [[nodiscard]] static result<sqlite_connection>
    open_file(sqlite_connection_settings const& settings, sqlite_access access);

    explicit sqlite_connection(sqlite3* handle) noexcept : handle_(handle) {}

    sqlite3* handle_ = nullptr;
};

} // namespace swarmlog::detail
