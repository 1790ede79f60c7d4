#include "sqlite/statement.hpp"

#include "sqlite/error_mapping.hpp"

namespace swarmlog::detail {

sqlite_statement& sqlite_statement::operator=(sqlite_statement&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(doing_, other.doing_);
    std::swap(bind_code_, other.bind_code_);
    return *this;
}

void sqlite_statement::bind(int parameter, std::int64_t value) noexcept {
    note(sqlite3_bind_int64(handle_, parameter, value));
}

void sqlite_statement::bind_blob(int parameter, std::string_view bytes) noexcept {
    // A null pointer would bind NULL: no bytes are not the same as none.
    char const* const data = bytes.data() != nullptr ? bytes.data() : "";
    note(sqlite3_bind_blob64(handle_, parameter, data, bytes.size(), SQLITE_STATIC));
}

void sqlite_statement::bind_text(int parameter, std::string_view text) noexcept {
    char const* const data = text.data() != nullptr ? text.data() : "";
    note(sqlite3_bind_text64(handle_, parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void sqlite_statement::bind_real(int parameter, double value) noexcept {
    note(sqlite3_bind_double(handle_, parameter, value));
}

void sqlite_statement::bind_null(int parameter) noexcept {
    note(sqlite3_bind_null(handle_, parameter));
}

result<bool> sqlite_statement::step() {
    int const code = step_code();
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return sqlite_failure(sqlite3_db_handle(handle_), code, doing_);
}

int sqlite_statement::step_code() noexcept {
    if (bind_code_ != SQLITE_OK) return std::exchange(bind_code_, SQLITE_OK);
    return sqlite3_step(handle_);
}

result<void> sqlite_statement::run() {
    statement_scope const scope{*this};
    result<bool> const row = step();
    if (!row) return row.error();
    return {};
}

std::string_view sqlite_statement::bytes(int column) const noexcept {
    // The order matters: asking for the blob may convert the value that is measured.
    void const* const data = sqlite3_column_blob(handle_, column);
    int const size = sqlite3_column_bytes(handle_, column);
    return {static_cast<char const*>(data), static_cast<std::size_t>(size)};
}

result<sqlite_statement> sqlite_statement::twin() const {
    sqlite3* const database = sqlite3_db_handle(handle_);
    sqlite3_stmt* handle = nullptr;
    int const code = sqlite3_prepare_v2(database, sqlite3_sql(handle_), -1, &handle, nullptr);
    if (code != SQLITE_OK) return sqlite_failure(database, code, doing_);
    return sqlite_statement{handle, doing_};
}

} // namespace swarmlog::detail
