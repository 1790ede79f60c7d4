#include <swarmlog/backends/sql_reader.hpp>

#include "sqlite/connection.hpp"
#include "sqlite/sql/bounded_functions.hpp"
#include "sqlite/sql/events_table.hpp"
#include "sqlite/sql/sql_guard.hpp"
#include "sqlite/store_file.hpp"

#include <swarmlog/backends/open_sqlite.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <type_traits>
#include <utility>
#include <variant>

namespace swarmlog {

namespace {

error invalid(std::string text) { return {errc::invalid_argument, std::move(text)}; }

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n;") == std::string_view::npos;
}

/// Ends a statement's life before its connection's transaction.
class prepared {
public:
    explicit prepared(sqlite3_stmt* handle) noexcept : handle_(handle) {}
    prepared(prepared const&) = delete;
    prepared& operator=(prepared const&) = delete;
    ~prepared() { sqlite3_finalize(handle_); }
    [[nodiscard]] sqlite3_stmt* handle() const noexcept { return handle_; }

private:
    sqlite3_stmt* handle_;
};

void bind(sqlite3_stmt* statement, int parameter, cell const& value) {
    std::visit(
        [&](auto const& held) {
            using held_type = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<held_type, std::int64_t>) {
                sqlite3_bind_int64(statement, parameter, held);
            } else if constexpr (std::is_same_v<held_type, double>) {
                sqlite3_bind_double(statement, parameter, held);
            } else if constexpr (std::is_same_v<held_type, std::string>) {
                sqlite3_bind_text64(statement, parameter, held.data(), held.size(), SQLITE_STATIC,
                                    SQLITE_UTF8);
            } else {
                sqlite3_bind_null(statement, parameter);
            }
        },
        value);
}

result<cell> cell_at(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return cell{std::int64_t{sqlite3_column_int64(statement, column)}};
    case SQLITE_FLOAT: return cell{sqlite3_column_double(statement, column)};
    case SQLITE_TEXT: {
        auto const* const text =
            reinterpret_cast<char const*>(sqlite3_column_text(statement, column));
        auto const size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        if (text == nullptr) return error{errc::io_error, "no memory for a value"};
        return cell{std::string{text, size}};
    }
    case SQLITE_BLOB:
        return invalid(std::string{"column "} + sqlite3_column_name(statement, column) +
                       " is a BLOB, which is no value of a row: say hex(...)");
    default: return cell{};
    }
}

std::uint64_t bytes_of(cell const& value) {
    auto const* const text = std::get_if<std::string>(&value);
    return sizeof(cell) + (text != nullptr ? text->size() : 0);
}

bool is_own_table(std::string const& name) {
    return !check_table({name, {{"key", column_kind::integer, false}}, 0, {}});
}

/// The events up to the moment that a whole statement sees.
struct log_events final : detail::events_source {
    explicit log_events(event_log opened) : log(std::move(opened)) {}
    result<moment> now() override { return moment{&log, through}; }

    event_log log;
    position through;
};

} // namespace

struct sql_reader::state {
    state(detail::sqlite_connection opened, sql_limits const& most)
        : limits(most), connection(std::move(opened)), guard(connection, most) {}

    result<sql_rows> select(std::string_view text, row_cells const& parameters);
    result<detail::sql_guard::names> names_in(char const* statement);
    result<sql_rows> run(std::string_view text, row_cells const& parameters);
    result<void> check(sqlite3_stmt* statement, std::string_view rest, row_cells const& parameters);
    result<sql_rows> take(sqlite3_stmt* statement);
    error explain(int code) { return events->failure ? *events->failure : guard.explain(code); }

    sql_limits limits;
    detail::sqlite_connection connection;
    log_events* events = nullptr; ///< the connection's
    detail::sql_guard guard;
};

result<sql_rows> sql_reader::state::select(std::string_view text, row_cells const& parameters) {
    constexpr std::string_view doing = "select from";
    events->failure.reset();
    if (auto begun = connection.execute("BEGIN", doing); !begun) return begun.error();
    // This read fixes the moment that the whole statement sees.
    result<std::int64_t> const head = connection.integer(detail::head_statement, doing);
    result<sql_rows> answer = head ? result<sql_rows>{sql_rows{}} : head.error();
    if (head) {
        events->through = position{static_cast<std::uint64_t>(*head)};
        auto readable = names_in("SELECT name FROM projections");
        // Whoever writes the file may name one of the store's own tables there.
        if (readable) std::erase_if(*readable, is_own_table);
        auto all = names_in("SELECT lower(name) FROM sqlite_schema");
        if (!readable || !all) {
            answer = readable ? all.error() : readable.error();
        } else {
            readable->insert({"events", "projections", "json_each", "json_tree"});
            all->insert(
                {"sqlite_schema", "sqlite_master", "sqlite_temp_schema", "sqlite_temp_master"});
            guard.impose(std::move(*readable), std::move(*all));
            answer = run(text, parameters);
            guard.lift();
        }
    }
    auto const ended = connection.execute("ROLLBACK", doing);
    return answer && !ended ? result<sql_rows>{ended.error()} : std::move(answer);
}

result<detail::sql_guard::names> sql_reader::state::names_in(char const* statement) {
    auto rows = connection.prepare(statement, "select from");
    if (!rows) return rows.error();
    detail::sql_guard::names names;
    for (;;) {
        result<bool> const row = rows->step();
        if (!row) return row.error();
        if (!*row) return names;
        names.emplace(rows->bytes(0));
    }
}

result<sql_rows> sql_reader::state::run(std::string_view text, row_cells const& parameters) {
    if (text.size() > limits.statement_bytes_max) {
        return invalid("the statement has " + std::to_string(text.size()) +
                       " bytes; the limit is " + std::to_string(limits.statement_bytes_max));
    }
    sqlite3_stmt* made = nullptr;
    char const* rest = nullptr;
    int const code = sqlite3_prepare_v3(connection.handle(), text.data(),
                                        static_cast<int>(text.size()), 0, &made, &rest);
    prepared const statement{made};
    if (code != SQLITE_OK) return explain(code);
    if (made == nullptr) return invalid("there is no statement");
    auto const used = static_cast<std::size_t>(rest - text.data());
    if (auto fits = check(made, text.substr(used), parameters); !fits) return fits.error();
    int parameter = 0;
    for (cell const& value : parameters) bind(made, ++parameter, value);
    return take(made);
}

result<void> sql_reader::state::check(sqlite3_stmt* statement, std::string_view rest,
                                      row_cells const& parameters) {
    if (!is_blank(rest)) return invalid("there is more than one statement");
    bool const reads =
        sqlite3_stmt_readonly(statement) != 0 && sqlite3_column_count(statement) != 0;
    if (!reads) return invalid("the statement does more than read");
    auto const asked = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement));
    if (asked != parameters.size()) {
        return invalid("the statement has " + std::to_string(asked) + " parameters, but " +
                       std::to_string(parameters.size()) + " values are given");
    }
    return {};
}

result<sql_rows> sql_reader::state::take(sqlite3_stmt* statement) {
    sql_rows answer;
    int const columns = sqlite3_column_count(statement);
    for (int at = 0; at != columns; ++at) {
        answer.columns.emplace_back(sqlite3_column_name(statement, at));
    }
    std::uint64_t bytes = 0;
    for (;;) {
        int const code = sqlite3_step(statement);
        if (code == SQLITE_DONE) return answer;
        if (code != SQLITE_ROW) return explain(code);
        if (answer.rows.size() == limits.rows_max) {
            return invalid("the answer has more than " + std::to_string(limits.rows_max) +
                           " rows, the limit: say LIMIT");
        }
        row_cells& row = answer.rows.emplace_back();
        for (int at = 0; at != columns; ++at) {
            auto value = cell_at(statement, at);
            if (!value) return value.error();
            bytes += bytes_of(*value);
            row.push_back(std::move(*value));
        }
        if (bytes > limits.bytes_max) {
            return invalid("the answer has more than " + std::to_string(limits.bytes_max) +
                           " bytes, the limit");
        }
    }
}

sql_reader::sql_reader(std::unique_ptr<state> made) noexcept : state_(std::move(made)) {}
sql_reader::sql_reader(sql_reader&&) noexcept = default;
sql_reader& sql_reader::operator=(sql_reader&&) noexcept = default;
sql_reader::~sql_reader() = default;

result<sql_reader> sql_reader::open(std::filesystem::path const& path, sql_limits const& limits) {
    auto log = open_sqlite_read_only(path);
    if (!log) return log.error();
    auto const resolved = detail::resolve_store_path(path);
    if (!resolved) return resolved.error();
    bool const is_immutable = !detail::is_folder_writable(*resolved) &&
                              detail::file_bytes(detail::wal_path_of(*resolved)) == 0;
    auto connection = detail::sqlite_connection::open(
        {.path = *resolved, .vfs = {}},
        is_immutable ? detail::sqlite_access::immutable : detail::sqlite_access::read_only);
    if (!connection) return connection.error();
    // What does not fit into the cache goes to files: a statement's memory is bounded.
    if (auto set = connection->execute("PRAGMA temp_store=FILE", "open"); !set) return set.error();
    if (auto added = detail::add_bounded_functions(*connection); !added) return added.error();
    if (limits.process_bytes_max != 0) {
        constexpr auto most = std::numeric_limits<std::int64_t>::max();
        sqlite3_hard_heap_limit64(
            static_cast<std::int64_t>(std::min<std::uint64_t>(limits.process_bytes_max, most)));
    }
    auto made = std::make_unique<state>(std::move(*connection), limits);
    auto events = std::make_unique<log_events>(std::move(*log));
    made->events = events.get();
    int const code = detail::add_events_table(made->connection.handle(), std::move(events));
    if (code != SQLITE_OK) return made->connection.failure(code, "show the events of");
    // Declaring a virtual table, which its first use does, is more than the guard allows.
    for (char const* const use : {"SELECT 1 FROM events LIMIT 0", "SELECT 1 FROM json_each('[]')",
                                  "SELECT 1 FROM json_tree('[]')"}) {
        if (auto used = made->connection.execute(use, "open"); !used) return used.error();
    }
    return sql_reader{std::move(made)};
}

result<sql_rows> sql_reader::select(std::string_view statement, row_cells const& parameters) {
    return state_->select(statement, parameters);
}

} // namespace swarmlog
