#include "sqlite/read_view.hpp"

#include "sqlite/schema.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog::detail {

namespace {

/// The columns first, last, recorded_at, hash, body. The body stays in SQLite's memory until the
/// next step.
result<stored_record> record_of(sqlite_statement const& row) {
    stored_record record;
    record.first = row.position_at(0);
    record.last = row.position_at(1);
    record.recorded_at = timestamp{std::chrono::nanoseconds{row.integer(2)}};
    std::string_view const hash = row.bytes(3);
    record.body = row.bytes(4);
    if (hash.size() != record.hash.size() || record.last < record.first ||
        record.last > position::max()) {
        return error{errc::corrupt, "the record at position " + std::to_string(record.first.value) +
                                        " is not well formed"};
    }
    std::transform(hash.begin(), hash.end(), record.hash.begin(),
                   [](char byte) { return static_cast<std::uint8_t>(byte); });
    return record;
}

result<bool> step_to_record(sqlite_statement& rows, position bound) {
    result<bool> row = rows.step();
    if (row || row.error().code() != make_error_code(errc::corrupt)) return row;
    return error{errc::corrupt,
                 row.error().message() + ", near position " + std::to_string(bound.value)};
}

result<bool> visit_each(sqlite_statement& rows, position bound,
                        read_view::record_visitor const& visit, position skip_before) {
    statement_scope const scope{rows};
    rows.bind(1, bound);
    for (;;) {
        result<bool> const row = step_to_record(rows, bound);
        if (!row) return row.error();
        if (!*row) return true;
        result<stored_record> const record = record_of(rows);
        if (!record) return record.error();
        if (record->last < skip_before) continue;
        if (!visit(*record)) return false;
    }
}

/// The only column of the only row, if there is one.
result<std::optional<std::string>> bytes_of(sqlite_statement& statement, std::int64_t key) {
    statement_scope const scope{statement};
    statement.bind(1, key);
    result<bool> const row = statement.step();
    if (!row) return row.error();
    if (!*row) return std::optional<std::string>{};
    return std::optional<std::string>{statement.bytes(0)};
}

} // namespace

result<std::unique_ptr<sqlite_read_view>>
sqlite_read_view::open(std::shared_ptr<reader_pool> const& pool) {
    if (pool->is_abandoned()) return error{errc::forked_handle};
    auto loan = pool->borrow();
    if (!loan) return loan.error();
    try {
        auto const head = loan->reader->begin_snapshot();
        if (head) { return std::make_unique<sqlite_read_view>(pool, std::move(*loan), *head); }
        pool->give_back(std::move(*loan), false);
        return head.error();
    } catch (...) {
        pool->give_back(std::move(*loan), false);
        throw;
    }
}

sqlite_read_view::sqlite_read_view(std::shared_ptr<reader_pool> pool, reader_pool::loan loan,
                                   position head) noexcept
    : pool_(std::move(pool)), loan_(std::move(loan)), head_(head) {}

sqlite_read_view::~sqlite_read_view() {
    if (pool_->is_abandoned()) {
        static_cast<void>(loan_.reader.release()); // the connection belongs to the parent
        return;
    }
    bool const is_usable = reader().end_snapshot();
    pool_->give_back(std::move(loan_), is_usable);
}

result<void> sqlite_read_view::records_from(position from, record_visitor const& visit) {
    if (from > position::max()) return {};
    result<bool> on = visit_rows(reader().record_at, from, visit, from);
    if (on && *on) on = visit_rows(reader().records_after, from, visit, from);
    if (!on) return on.error();
    return {};
}

result<void> sqlite_read_view::records_back_from(position from, record_visitor const& visit) {
    auto const on = visit_rows(reader().records_back, std::min(from, position::max()), visit, {});
    if (!on) return on.error();
    return {};
}

result<bool> sqlite_read_view::visit_rows(sqlite_statement& statement, position bound,
                                          record_visitor const& visit, position skip_before) {
    if (!statement.is_busy()) return visit_each(statement, bound, visit, skip_before);
    auto twin = statement.twin();
    if (!twin) return twin.error();
    return visit_each(*twin, bound, visit, skip_before);
}

result<std::vector<stored_run>> sqlite_read_view::runs(bool with_headers) {
    auto& rows = with_headers ? reader().runs_with_headers : reader().runs;
    statement_scope const scope{rows};
    std::vector<stored_run> found;
    for (;;) {
        result<bool> const row = rows.step();
        if (!row) return row.error();
        if (!*row) return found;
        stored_run run;
        run.id = static_cast<std::uint64_t>(rows.integer(0));
        run.level = static_cast<std::uint32_t>(rows.integer(1));
        run.first = rows.position_at(2);
        run.last = rows.position_at(3);
        run.block_count = static_cast<std::uint32_t>(rows.integer(4));
        if (with_headers) run.header = rows.bytes(5);
        found.push_back(std::move(run));
    }
}

result<std::string> sqlite_read_view::run_header(std::uint64_t run) {
    bool const is_possible = run < run_id_limit;
    auto header = bytes_of(reader().run_header, is_possible ? static_cast<std::int64_t>(run) : -1);
    if (!header) return header.error();
    if (*header) return std::move(**header);
    return error{errc::corrupt, "index run " + std::to_string(run) + " is missing"};
}

result<std::string> sqlite_read_view::run_block(std::uint64_t run, std::uint32_t block) {
    bool const is_possible = run < run_id_limit && block < run_block_limit;
    std::uint64_t const key = run << run_block_bits | block;
    auto bytes = bytes_of(reader().run_block, is_possible ? static_cast<std::int64_t>(key) : -1);
    if (!bytes) return bytes.error();
    if (*bytes) return std::move(**bytes);
    return error{errc::corrupt, "block " + std::to_string(block) + " of index run " +
                                    std::to_string(run) + " is missing"};
}

result<std::uint64_t> sqlite_read_view::run_generation() {
    statement_scope const scope{reader().run_generation};
    result<bool> const row = reader().run_generation.step();
    if (!row) return row.error();
    if (!*row) return error{errc::corrupt, "the store has no run_generation"};
    return static_cast<std::uint64_t>(reader().run_generation.integer(0));
}

result<std::optional<position>> sqlite_read_view::checkpoint_of(std::string_view name) {
    auto& statement = reader().checkpoint;
    statement_scope const scope{statement};
    statement.bind_text(1, name);
    result<bool> const row = statement.step();
    if (!row) return row.error();
    if (!*row) return std::optional<position>{};
    return std::optional{statement.position_at(0)};
}

result<std::vector<stored_checkpoint>> sqlite_read_view::checkpoints() {
    auto& rows = reader().checkpoints;
    statement_scope const scope{rows};
    std::vector<stored_checkpoint> found;
    for (;;) {
        result<bool> const row = rows.step();
        if (!row) return row.error();
        if (!*row) return found;
        found.push_back({std::string{rows.bytes(0)}, rows.position_at(1)});
    }
}

result<std::vector<stored_projection>> sqlite_read_view::projections() {
    auto& rows = reader().projections;
    statement_scope const scope{rows};
    std::vector<stored_projection> found;
    for (;;) {
        result<bool> const row = rows.step();
        if (!row) return row.error();
        if (!*row) return found;
        found.push_back({std::string{rows.bytes(0)}, static_cast<std::uint32_t>(rows.integer(1)),
                         std::string{rows.bytes(2)}, rows.position_at(3)});
    }
}

result<std::optional<stored_snapshot>> sqlite_read_view::snapshot_of(std::string_view projection,
                                                                     position at) {
    auto& statement = reader().snapshot;
    statement_scope const scope{statement};
    statement.bind_text(1, projection);
    statement.bind(2, std::min(at, position::max()));
    result<bool> const row = statement.step();
    if (!row) return row.error();
    if (!*row) return std::optional<stored_snapshot>{};
    return std::optional{stored_snapshot{std::string{statement.bytes(0)}, statement.position_at(1),
                                         std::string{statement.bytes(2)}}};
}

result<std::vector<stored_snapshot>> sqlite_read_view::snapshots() {
    auto& rows = reader().snapshots;
    statement_scope const scope{rows};
    std::vector<stored_snapshot> found;
    for (;;) {
        result<bool> const row = rows.step();
        if (!row) return row.error();
        if (!*row) return found;
        found.push_back({std::string{rows.bytes(0)}, rows.position_at(1), {}});
    }
}

result<std::optional<row_cells>> find_committed_row(std::shared_ptr<reader_pool> const& pool,
                                                    table_spec const& table, cell const& key) {
    struct lent_reader {
        reader_pool& pool;
        reader_pool::loan loan;
        ~lent_reader() { pool.give_back(std::move(loan), true); }
    };
    if (pool->is_abandoned()) return error{errc::forked_handle};
    auto loan = pool->borrow();
    if (!loan) return loan.error();
    lent_reader const lent{*pool, std::move(*loan)};
    return lent.loan.reader->rows.find(lent.loan.reader->connection, table, key);
}

} // namespace swarmlog::detail
