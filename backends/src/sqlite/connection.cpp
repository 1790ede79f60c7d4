#include "sqlite/connection.hpp"

#include "sqlite/error_mapping.hpp"

#include <swarmlog/engine/rows.hpp>

#include <cstddef>

namespace swarmlog::detail {

namespace {

std::string immutable_uri(std::string_view path) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string uri = "file:";
    for (char const letter : path) {
        if (letter == '%' || letter == '?' || letter == '#') {
            auto const code = static_cast<unsigned char>(letter);
            uri += '%';
            uri += hex[code >> 4U];
            uri += hex[code & 0xfU];
        } else {
            uri += letter;
        }
    }
    return uri + "?immutable=1";
}

int open_flags(sqlite_access access) noexcept {
    // Without SQLite's mutex: whoever owns a connection sees to it that one thread uses it.
    constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
    switch (access) {
    case sqlite_access::read_write: return common | SQLITE_OPEN_READWRITE;
    case sqlite_access::read_only: return common | SQLITE_OPEN_READONLY;
    case sqlite_access::immutable: return common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    }
    return common;
}

/// What no statement of ours needs. A file's own schema is parsed under the same limits.
struct connection_limit {
    int which;
    int most;
};
constexpr connection_limit connection_limits[] = {
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_SQL_LENGTH, 1024 * 1024},
    {SQLITE_LIMIT_COLUMN, 1'000},
    {SQLITE_LIMIT_EXPR_DEPTH, 500},
    {SQLITE_LIMIT_COMPOUND_SELECT, 8},
    {SQLITE_LIMIT_VDBE_OP, 25'000'000},
    {SQLITE_LIMIT_FUNCTION_ARG, 16},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 8'192},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

/// The file may be somebody else's making: it must not make SQLite run or believe anything.
void distrust_file(sqlite3* database) noexcept {
    struct setting {
        int which;
        int value;
    };
    for (auto const& [which, value] :
         {setting{SQLITE_DBCONFIG_DEFENSIVE, 1}, setting{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
          setting{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, setting{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
          setting{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
          setting{SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
          setting{SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
          // A column that is not there must not become a text.
          setting{SQLITE_DBCONFIG_DQS_DDL, 0}, setting{SQLITE_DBCONFIG_DQS_DML, 0}}) {
        sqlite3_db_config(database, which, value, nullptr);
    }
    for (auto const& [which, most] : connection_limits) sqlite3_limit(database, which, most);
}

std::string pragmas(sqlite_connection_settings const& settings) {
    // A negative cache size is in KiB.
    std::uint64_t const cache_kib = settings.cache_bytes / 1024 + 1;
    return "PRAGMA cache_size=-" + std::to_string(cache_kib) +
           ";PRAGMA mmap_size=0;PRAGMA temp_store=MEMORY;PRAGMA cell_size_check=ON;"
           "PRAGMA secure_delete=OFF;PRAGMA wal_autocheckpoint=0;";
}

} // namespace

result<sqlite_connection> sqlite_connection::open(sqlite_connection_settings const& settings,
                                                  sqlite_access access) {
    auto connection = open_file(settings, access);
    if (!connection) return connection.error();
    bool const writes = access == sqlite_access::read_write;
    if (writes && sqlite3_db_readonly(connection->handle_, "main") == 1) {
        return error{errc::permission_denied, "cannot write to " + settings.path};
    }
    sqlite3_busy_timeout(connection->handle_, static_cast<int>(settings.lock_wait_max.count()));
    connection->checkpoint_on_close(false);
    if (auto added = connection->add_functions(); !added) return added.error();
    if (auto set = connection->execute(pragmas(settings), "open"); !set) return set.error();
    return connection;
}

result<void> sqlite_connection::add_functions() {
    auto const like = [](sqlite3_context* context, int, sqlite3_value** values) {
        auto const text_of = [](sqlite3_value* value) {
            auto const* const text = sqlite3_value_text(value);
            auto const size = static_cast<std::size_t>(sqlite3_value_bytes(value));
            return std::string_view{reinterpret_cast<char const*>(text), size};
        };
        bool const is_null = sqlite3_value_type(values[0]) == SQLITE_NULL ||
                             sqlite3_value_type(values[1]) == SQLITE_NULL;
        if (is_null) {
            sqlite3_result_null(context);
        } else {
            sqlite3_result_int(context, is_like(text_of(values[0]), text_of(values[1])) ? 1 : 0);
        }
    };
    int const code = sqlite3_create_function_v2(
        handle_, "swarmlog_like", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
        nullptr, like, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failure(code, "open");
    return {};
}

result<sqlite_connection>
sqlite_connection::open_untouched(sqlite_connection_settings const& settings) {
    return open_file(settings, sqlite_access::immutable);
}

result<sqlite_connection> sqlite_connection::open_file(sqlite_connection_settings const& settings,
                                                       sqlite_access access) {
    std::string const name =
        access == sqlite_access::immutable ? immutable_uri(settings.path) : settings.path;
    char const* const vfs = settings.vfs.empty() ? nullptr : settings.vfs.c_str();
    sqlite3* handle = nullptr;
    int const code = sqlite3_open_v2(name.c_str(), &handle, open_flags(access), vfs);
    sqlite_connection connection{handle}; // SQLite gives one even when it fails
    if (code != SQLITE_OK) return sqlite_failure(handle, code, "open", settings.path);
    distrust_file(handle);
    return connection;
}

result<void> sqlite_connection::execute(std::string const& sql, std::string_view doing) {
    int const code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failure(code, doing);
    return {};
}

result<sqlite_statement> sqlite_connection::prepare(std::string_view sql, std::string_view doing) {
    sqlite3_stmt* statement = nullptr;
    int const code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return failure(code, doing);
    return sqlite_statement{statement, doing};
}

result<std::int64_t> sqlite_connection::integer(std::string_view sql, std::string_view doing) {
    auto statement = prepare(sql, doing);
    if (!statement) return statement.error();
    result<bool> const row = statement->step();
    if (!row) return row.error();
    return *row ? statement->integer(0) : 0;
}

void sqlite_connection::let_vacuum(bool on) noexcept {
    sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, on ? 1 : 0);
}

void sqlite_connection::checkpoint_on_close(bool on) noexcept {
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

result<void> sqlite_connection::close() {
    int const code = sqlite3_close(handle_);
    if (code != SQLITE_OK) return failure(code, "close");
    handle_ = nullptr;
    return {};
}

sqlite3_file* sqlite_connection::main_file() const noexcept {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(handle_, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
    return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

sqlite3_file* sqlite_connection::wal_file() const noexcept {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&file));
    return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

error sqlite_connection::failure(int code, std::string_view doing) const {
    return sqlite_failure(handle_, code, doing);
}

} // namespace swarmlog::detail
