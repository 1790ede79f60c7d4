// What SQLite calls when it loads swarmlog_sqlite.so: it shows the log that is the main database of
// the connection as a table `events`, beside the tables of the projections.

#include "sqlite/sql/events_table.hpp"

#include <swarmlog/backends/open_sqlite.hpp>
#include <swarmlog/export.hpp>

#include <memory>
#include <new>
#include <optional>
#include <utility>

sqlite3_api_routines const* sqlite3_api = nullptr;

namespace swarmlog::detail {

namespace {

/// Its functions are called through a table that grows with SQLite's version: before this one,
/// those that the backend uses are not all there.
constexpr int sqlite_version_min = 3'040'000;

/// Ends a statement's life.
struct finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

/// The log in the main database's file, opened for reading when it is first asked for. What it
/// shows ends where the connection's own snapshot does.
class main_database final : public events_source {
public:
    explicit main_database(sqlite3* host) noexcept : host_(host) {}

    result<moment> now() override {
        if (!log_) {
            char const* const path = sqlite3_db_filename(host_, "main");
            if (path == nullptr || *path == '\0') {
                return error{errc::not_found, "the main database is no file: open a log's first"};
            }
            auto opened = open_sqlite_read_only(path);
            if (!opened) return opened.error();
            log_.emplace(std::move(*opened));
        }
        auto const through = head();
        if (!through) return through.error();
        return moment{&*log_, *through};
    }

private:
    /// Read by the host's connection, within the statement that asks for events.
    [[nodiscard]] result<position> head() {
        sqlite3_stmt* made = nullptr;
        int code = sqlite3_prepare_v2(host_, head_statement, -1, &made, nullptr);
        std::unique_ptr<sqlite3_stmt, finalize> const statement{made};
        if (code == SQLITE_OK) code = sqlite3_step(made);
        if (code == SQLITE_DONE) return position{};
        if (code == SQLITE_ROW) {
            return position{static_cast<std::uint64_t>(sqlite3_column_int64(made, 0))};
        }
        return error{errc::io_error,
                     std::string{"cannot read the log's head: "} + sqlite3_errmsg(host_)};
    }

    sqlite3* host_;
    std::optional<event_log> log_;
};

int load(sqlite3* host, char** message) {
    if (sqlite3_libversion_number() < sqlite_version_min) {
        *message = sqlite3_mprintf("swarmlog needs SQLite 3.40 or newer; this is %s",
                                   sqlite3_libversion());
        return SQLITE_ERROR;
    }
    std::unique_ptr<events_source> source{new (std::nothrow) main_database{host}};
    if (source == nullptr) return SQLITE_NOMEM;
    int const code = add_events_table(host, std::move(source));
    // Its code runs on after the connection: in destructors of the thread, for one.
    return code == SQLITE_OK ? SQLITE_OK_LOAD_PERMANENTLY : code;
}

} // namespace

} // namespace swarmlog::detail

extern "C" SWARMLOG_EXPORT int sqlite3_swarmlogsqlite_init(sqlite3* host, char** message,
                                                           sqlite3_api_routines const* routines) {
    sqlite3_api = routines;
    return swarmlog::detail::load(host, message);
}
