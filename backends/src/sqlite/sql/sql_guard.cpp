#include "sqlite/sql/sql_guard.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace swarmlog::detail {

namespace {

/// The clock is looked at after so many steps of SQLite's machine.
constexpr int steps_a_look = 100;

/// Functions that compute from their arguments and nothing else, in the order of their names.
/// Left out are those that reach out of the statement, tell of the program around it, or take
/// more time than their arguments' size (json_patch).
constexpr std::string_view allowed_functions[] = {
    "->",
    "->>",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_type",
    "json_valid",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "max",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "percent_rank",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "random",
    "randomblob",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "strftime",
    "substr",
    "substring",
    "sum",
    "tan",
    "tanh",
    "time",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unicode",
    "unixepoch",
    "unlikely",
    "upper",
    "zeroblob",
};

void limit(sqlite3* database, int which, int value) { sqlite3_limit(database, which, value); }

constexpr std::uint32_t value_bytes_most = 1'000'000'000; ///< SQLite's own limit

void set_limits(sqlite3* database) {
    limit(database, SQLITE_LIMIT_ATTACHED, 0);
    limit(database, SQLITE_LIMIT_EXPR_DEPTH, 100);
    limit(database, SQLITE_LIMIT_COMPOUND_SELECT, 50);
    limit(database, SQLITE_LIMIT_COLUMN, 200);
    limit(database, SQLITE_LIMIT_VDBE_OP, 100'000);
    limit(database, SQLITE_LIMIT_FUNCTION_ARG, 32);
    limit(database, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100);
    limit(database, SQLITE_LIMIT_VARIABLE_NUMBER, 1'000);
    limit(database, SQLITE_LIMIT_TRIGGER_DEPTH, 0);
    limit(database, SQLITE_LIMIT_WORKER_THREADS, 0);
}

std::string_view text_or_empty(char const* text) { return text == nullptr ? "" : text; }

std::string in_small_letters(std::string_view name) {
    std::string made{name};
    for (char& letter : made) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return made;
}

} // namespace

sql_guard::sql_guard(sqlite_connection& connection, sql_limits const& limits)
    : connection_(connection), limits_(limits) {
    set_limits(connection.handle());
}

sql_guard::~sql_guard() { lift(); }

void sql_guard::impose(names readable, names all) {
    readable_ = std::move(readable);
    all_ = std::move(all);
    deadline_ = std::chrono::steady_clock::now() + limits_.time_max;
    is_late_ = false;
    denied_.clear();
    limit(connection_.handle(), SQLITE_LIMIT_LENGTH, static_cast<int>(value_bytes_max()));
    sqlite3_set_authorizer(connection_.handle(), authorize, this);
    sqlite3_progress_handler(connection_.handle(), steps_a_look, look_at_clock, this);
}

void sql_guard::lift() noexcept {
    limit(connection_.handle(), SQLITE_LIMIT_LENGTH, static_cast<int>(value_bytes_most));
    sqlite3_set_authorizer(connection_.handle(), nullptr, nullptr);
    sqlite3_progress_handler(connection_.handle(), 0, nullptr, nullptr);
}

int sql_guard::authorize(void* guard, int action, char const* first, char const* second,
                         char const*, char const*) noexcept {
    auto& self = *static_cast<sql_guard*>(guard);
    try {
        return self.may(action, first, second) ? SQLITE_OK : SQLITE_DENY;
    } catch (...) { return SQLITE_DENY; }
}

bool sql_guard::may_read(std::string_view table, std::string_view column) {
    std::string const name = in_small_letters(table);
    // A subquery's own columns have no table. A table of which no column is read, as in
    // `SELECT count(*) FROM t`, is named as it was written; then `t` may also be a WITH's.
    bool const is_of_statement = name.empty() || (column.empty() && !all_.contains(name));
    if (is_of_statement || readable_.contains(name)) return true;
    denied_ = "reads \"" + name + "\", which is no projection's table; there are: ";
    for (std::string const& each : readable_) {
        denied_ += (each == *readable_.begin() ? "" : ", ") + each;
    }
    return false;
}

bool sql_guard::may(int action, char const* first, char const* second) {
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return true;
    case SQLITE_READ: return may_read(text_or_empty(first), text_or_empty(second));
    case SQLITE_FUNCTION: {
        std::string_view const name = text_or_empty(second);
        if (std::binary_search(std::begin(allowed_functions), std::end(allowed_functions), name)) {
            return true;
        }
        denied_ = "calls " + std::string{name} + ", which is not allowed";
        return false;
    }
    default: denied_ = "does more than read"; return false;
    }
}

std::uint32_t sql_guard::value_bytes_max() const noexcept {
    return std::min({limits_.value_bytes_max, limits_.bytes_max, value_bytes_most});
}

int sql_guard::look_at_clock(void* guard) noexcept {
    auto& self = *static_cast<sql_guard*>(guard);
    self.is_late_ = std::chrono::steady_clock::now() >= self.deadline_;
    return self.is_late_ ? 1 : 0;
}

error sql_guard::explain(int code) const {
    if (is_late_) {
        return {errc::deadline_exceeded, "the statement took longer than its limit of " +
                                             std::to_string(limits_.time_max.count()) + " ms"};
    }
    if (!denied_.empty()) return {errc::invalid_argument, "the statement " + denied_};
    int const primary = code & 0xff;
    if (primary == SQLITE_TOOBIG) {
        return {errc::invalid_argument, "the statement makes a value of more than " +
                                            std::to_string(value_bytes_max()) +
                                            " bytes, the limit"};
    }
    if (primary == SQLITE_NOMEM && limits_.process_bytes_max != 0) {
        return {errc::invalid_argument, "the statement needs more memory than the " +
                                            std::to_string(limits_.process_bytes_max) +
                                            " bytes that SQLite may have in this process"};
    }
    // What SQLite says of the statement's own text.
    if (primary == SQLITE_ERROR) {
        return {errc::invalid_argument,
                std::string{"in the statement: "} + sqlite3_errmsg(connection_.handle())};
    }
    return connection_.failure(code, "select from");
}

} // namespace swarmlog::detail
