#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace swarmlog::perf {

struct close_database {
    void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};
struct finalize_statement {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using statement = std::unique_ptr<sqlite3_stmt, finalize_statement>;

enum class synchronous { normal, full };

/// One connection, with the plainest use of SQLite that is still fast.
class database {
public:
    database(std::filesystem::path const& path, synchronous level) {
        sqlite3* opened = nullptr;
        int const code = sqlite3_open(path.c_str(), &opened);
        handle_.reset(opened);
        check(code);
        run("PRAGMA journal_mode=WAL");
        run(level == synchronous::full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    }

    void run(char const* sql) {
        check(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr));
    }
    [[nodiscard]] statement prepare(char const* sql) {
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v2(handle_.get(), sql, -1, &made, nullptr));
        return statement{made};
    }
    void check(int code) const {
        if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
            throw std::runtime_error{sqlite3_errmsg(handle_.get())};
        }
    }
    void step_once(statement const& prepared) const {
        check(sqlite3_step(prepared.get()));
        check(sqlite3_reset(prepared.get()));
    }
    /// Steps through all rows, and makes the statement ready for the next time.
    template <class Visit>
    void for_each_row(statement const& prepared, Visit const& visit) const {
        int code = sqlite3_step(prepared.get());
        for (; code == SQLITE_ROW; code = sqlite3_step(prepared.get())) { visit(); }
        check(code);
        check(sqlite3_reset(prepared.get()));
    }

private:
    std::unique_ptr<sqlite3, close_database> handle_;
};

inline void bind_value(statement const& to, int place, std::string_view text) {
    sqlite3_bind_text(to.get(), place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

inline void bind_value(statement const& to, int place, std::uint64_t number) {
    sqlite3_bind_int64(to.get(), place, static_cast<sqlite3_int64>(number));
}

/// The text in a row's column, counted from 0.
inline std::string_view text_of(statement const& stepped, int column) {
    auto const* const text = sqlite3_column_text(stepped.get(), column);
    if (text == nullptr) { return {}; }
    return {reinterpret_cast<char const*>(text),
            static_cast<std::size_t>(sqlite3_column_bytes(stepped.get(), column))};
}

/// The time that a row was recorded.
inline std::uint64_t now_nanoseconds() {
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

} // namespace swarmlog::perf
