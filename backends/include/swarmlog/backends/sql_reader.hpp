#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/export.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog {

/// What one `select` may cost.
struct sql_limits {
    /// More rows are `invalid_argument`: the answer is kept in memory.
    std::uint64_t rows_max = 100'000;
    /// Longer is `deadline_exceeded`.
    std::chrono::milliseconds time_max{10'000};
    /// Of all rows together.
    std::uint32_t bytes_max = 256 * 1024 * 1024;
    /// Of any one value on the way. SQLite looks at the time between the steps of a statement, so
    /// the longest call of a function follows from this.
    std::uint32_t value_bytes_max = 2 * 1024 * 1024;
    /// Of the statement's text.
    std::uint32_t statement_bytes_max = 64 * 1024;
    /// Of SQLite's memory in the whole process, from then on and for good: for a program that does
    /// nothing else. 0 leaves it as it is; then what one statement holds at a time is bounded by
    /// its values' number and size only.
    std::uint64_t process_bytes_max = 0;
};

/// What a `select` answers: as many cells in each row as there are columns.
struct sql_rows {
    std::vector<std::string> columns; ///< their names, as the statement gives them
    std::vector<row_cells> rows;      ///< in the statement's order
};

/// SQL over a log in a SQLite file, for those who look into it. It cannot change anything: one
/// statement at a time, which SQLite must find to be reading, and which may use nothing but
///
///   - the tables of the projections, as row_type.hpp lays them out;
///   - `projections(name, version, layout, position)`: how far each has got;
///   - `events`, the packed log as rows: `position, stream, version, type, schema_version, id,
///     recorded_at, occurred_at, correlation_id, causation_id, tags, metadata, data`. Times are
///     nanoseconds since the Unix epoch, tags a JSON array. A condition on `position`, `stream`,
///     `type` or `recorded_at` reads only what it asks for, and so does `tag = …`, a column that
///     can only be compared. Reading by falling position is as cheap as by rising;
///   - SQLite's own functions that compute: of numbers, text, time, JSON, aggregates, windows.
///
/// Each statement sees one moment of the log: its tables and its events fit each other.
///
///     auto sql = sql_reader::open("swarm.db").value();
///     auto busy = sql.select("SELECT agent_id, count(*) FROM events JOIN ... WHERE type = ?",
///                            {std::string("task.started")}).value();
///
/// The file may be open for writing meanwhile, here or in another process. One thread at a time.
/// Sorting and grouping that do not fit into a small cache use SQLite's temporary files.
class SWARMLOG_EXPORT sql_reader {
public:
    /// Can answer what `open_sqlite_read_only` answers.
    [[nodiscard]] static result<sql_reader> open(std::filesystem::path const& path,
                                                 sql_limits const& limits = {});
    sql_reader(sql_reader&&) noexcept;
    sql_reader& operator=(sql_reader&&) noexcept;
    ~sql_reader();

    /// Parameters are bound in order, for `?`, `?1` or `:name`. `invalid_argument` says what is
    /// wrong with the statement, what it may not use, or which limit it broke.
    [[nodiscard]] result<sql_rows> select(std::string_view statement,
                                          row_cells const& parameters = {});

private:
    struct SWARMLOG_HIDDEN state;
    explicit sql_reader(std::unique_ptr<state> made) noexcept;
    std::unique_ptr<state> state_;
};

} // namespace swarmlog
