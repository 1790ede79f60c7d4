#include "sqlite/error_mapping.hpp"

#include <cerrno>
#include <system_error>

namespace swarmlog::detail {

namespace {

errc errc_of_errno(int system_errno) noexcept {
    switch (system_errno) {
    case ENOENT:
    case ENOTDIR: return errc::not_found;
    case EACCES:
    case EPERM:
    case EROFS: return errc::permission_denied;
    case ELOOP:
    case EISDIR: return errc::invalid_argument;
    case ENOSPC:
    case EDQUOT: return errc::disk_full;
    default: return errc::io_error;
    }
}

} // namespace

errc errc_of_sqlite(int code, int system_errno) noexcept {
    switch (code & 0xff) {
    case SQLITE_FULL: return errc::disk_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return errc::corrupt;
    case SQLITE_CANTOPEN: return errc_of_errno(system_errno);
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return errc::permission_denied;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return errc::already_open;
    case SQLITE_TOOBIG: return errc::append_too_large;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE: return errc::invalid_argument;
    case SQLITE_INTERRUPT: return errc::cancelled;
    default: return errc::io_error;
    }
}

error sqlite_failure(sqlite3* database, int code, std::string_view doing, std::string_view path) {
    // A connection knows its last error only; it may be about something else by now.
    bool const knows = database != nullptr && (sqlite3_errcode(database) & 0xff) == (code & 0xff);
    int const extended = knows ? sqlite3_extended_errcode(database) : code;
    int const system_errno = knows ? sqlite3_system_errno(database) : 0;

    std::string text = "cannot ";
    text.append(doing).append(" ").append(path).append(": ");
    text.append(knows ? sqlite3_errmsg(database) : sqlite3_errstr(code));
    text.append(" (SQLite code ").append(std::to_string(extended));
    int const primary = code & 0xff;
    bool const about_a_file = primary == SQLITE_CANTOPEN || primary == SQLITE_IOERR;
    if (system_errno != 0 && about_a_file) {
        text.append(", ").append(std::generic_category().message(system_errno));
    }
    text.append(")");
    return error{errc_of_sqlite(code, system_errno), std::move(text)};
}

error sqlite_failure(sqlite3* database, int code, std::string_view doing) {
    char const* const path = database != nullptr ? sqlite3_db_filename(database, "main") : nullptr;
    return sqlite_failure(database, code, doing, path != nullptr ? path : "the store");
}

error system_failure(int system_errno, std::string_view doing, std::string_view path) {
    std::string text = "cannot ";
    text.append(doing).append(" ").append(path).append(": ");
    text.append(std::generic_category().message(system_errno));
    return error{errc_of_errno(system_errno), std::move(text)};
}

} // namespace swarmlog::detail
