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
    constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (access) {
    case sqlite_access::create: return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case sqlite_access::read_write: return common | SQLITE_OPEN_READWRITE;
    case sqlite_access::read_only: return common | SQLITE_OPEN_READONLY;
    case sqlite_access::immutable: return common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    }
    return common;
}

std::string pragmas(sqlite_connection_settings const& settings) {
    // A negative cache size is in KiB.
    std::uint64_t const cache_kib = settings.cache_bytes / 1024 + 1;
    return "PRAGMA cache_size=-" + std::to_string(cache_kib) +
           ";PRAGMA mmap_size=0;PRAGMA temp_store=MEMORY;PRAGMA trusted_schema=OFF;"
           "PRAGMA secure_delete=OFF;PRAGMA wal_autocheckpoint=0;";
}

} // namespace

result<sqlite_connection> sqlite_connection::open(sqlite_connection_settings const& settings,
                                                  sqlite_access access) {
    auto connection = open_file(settings, access);
    if (!connection) return connection.error();
    bool const writes = access == sqlite_access::create || access == sqlite_access::read_write;
    if (writes && sqlite3_db_readonly(connection->handle_, "main") == 1) {
        return error{errc::permission_denied, "cannot write to " + settings.path};
    }
    sqlite3_busy_timeout(connection->handle_, static_cast<int>(settings.lock_wait_max.count()));
    sqlite3_db_config(connection->handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
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
        handle_, "swarmlog_like", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
        like, nullptr, nullptr, nullptr);
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
