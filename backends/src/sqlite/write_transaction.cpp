#include "sqlite/write_transaction.hpp"

#include "sqlite/error_mapping.hpp"
#include "sqlite/schema.hpp"

#include <new>
#include <utility>

namespace swarmlog::detail {

namespace {

std::int64_t block_id(std::uint64_t run, std::uint32_t block) {
    return static_cast<std::int64_t>(run << run_block_bits | block);
}

result<void> check_run(std::uint64_t run, std::uint32_t block = 0) {
    if (run < run_id_limit && block < run_block_limit) return {};
    return error{errc::invalid_argument, "run " + std::to_string(run) + ", block " +
                                             std::to_string(block) +
                                             ": a run must be below 2^39, a block below 2^24"};
}

std::string_view as_bytes(record_hash const& hash) {
    return {reinterpret_cast<char const*>(hash.data()), hash.size()};
}

} // namespace

result<std::unique_ptr<write_transaction>> sqlite_write_transaction::begin(sqlite_writer& writer) {
    if (writer.in_transaction) {
        return error{errc::invalid_argument, "the last transaction has not ended"};
    }
    // Made first: what has begun is then rolled back, whatever fails.
    auto made = std::make_unique<sqlite_write_transaction>(writer);
    if (auto begun = writer.begin.run(); !begun) return begun.error();
    return made;
}

sqlite_write_transaction::sqlite_write_transaction(sqlite_writer& writer) noexcept
    : writer_(writer), head_(writer.head) {
    writer_.in_transaction = true;
}

sqlite_write_transaction::~sqlite_write_transaction() {
    if (!is_open_ || writer_.abandoned.load(std::memory_order_relaxed)) return;
    roll_back();
    end();
}

result<void> sqlite_write_transaction::append_record(stored_record const& record) {
    if (auto open = check_open(); !open) return open;
    if (record.first <= head_ || record.last < record.first || record.last > position::max()) {
        return error{errc::invalid_argument,
                     "a record of positions " + std::to_string(record.first.value) + " to " +
                         std::to_string(record.last.value) + " cannot follow position " +
                         std::to_string(head_.value)};
    }
    auto& statement = writer_.append_record;
    statement.bind(1, record.first);
    statement.bind(2, record.last);
    statement.bind(3, std::int64_t{record.recorded_at.time_since_epoch().count()});
    statement.bind_blob(4, as_bytes(record.hash));
    statement.bind_blob(5, record.body);
    if (auto done = run(statement); !done) return done;
    head_ = record.last;
    return {};
}

result<void> sqlite_write_transaction::put_run_block(std::uint64_t run, std::uint32_t block,
                                                     std::string_view bytes) {
    if (auto open = check_open(); !open) return open;
    if (auto valid = check_run(run, block); !valid) return valid;
    auto& statement = writer_.put_run_block;
    statement.bind(1, block_id(run, block));
    statement.bind_blob(2, bytes);
    return this->run(statement);
}

result<void> sqlite_write_transaction::put_run(stored_run const& run) {
    if (auto open = check_open(); !open) return open;
    if (auto valid = check_run(run.id); !valid) return valid;
    auto& statement = writer_.put_run;
    statement.bind(1, static_cast<std::int64_t>(run.id));
    statement.bind(2, std::int64_t{run.level});
    statement.bind(3, run.first);
    statement.bind(4, run.last);
    statement.bind(5, std::int64_t{run.block_count});
    statement.bind_blob(6, run.header);
    runs_changed_ = true;
    return this->run(statement);
}

result<void> sqlite_write_transaction::drop_run(std::uint64_t run) {
    if (auto open = check_open(); !open) return open;
    if (auto valid = check_run(run); !valid) return valid;
    writer_.drop_run.bind(1, static_cast<std::int64_t>(run));
    if (auto done = this->run(writer_.drop_run); !done) return done;
    if (sqlite3_changes(writer_.connection.handle()) == 0) {
        return error{errc::invalid_argument, "there is no run " + std::to_string(run)};
    }
    runs_changed_ = true;
    return {};
}

result<void> sqlite_write_transaction::erase_run_blocks(std::uint64_t run) {
    if (auto open = check_open(); !open) return open;
    if (auto valid = check_run(run); !valid) return valid;
    writer_.erase_run_blocks.bind(1, block_id(run, 0));
    writer_.erase_run_blocks.bind(2, block_id(run, 0) + run_block_limit);
    return this->run(writer_.erase_run_blocks);
}

result<std::string> sqlite_write_transaction::run_block(std::uint64_t run, std::uint32_t block) {
    if (auto open = check_open(); !open) return open.error();
    if (auto valid = check_run(run, block); !valid) return valid.error();
    auto& statement = writer_.run_block;
    statement_scope const scope{statement};
    statement.bind(1, block_id(run, block));
    result<bool> const row = statement.step();
    if (!row) return fail(row.error());
    if (!*row) {
        return error{errc::corrupt, "block " + std::to_string(block) + " of index run " +
                                        std::to_string(run) + " is missing"};
    }
    return std::string{statement.bytes(0)};
}

result<void> sqlite_write_transaction::put_checkpoint(std::string_view name, position at) {
    if (auto open = check_open(); !open) return open;
    writer_.put_checkpoint.bind_text(1, name);
    writer_.put_checkpoint.bind(2, at);
    return run(writer_.put_checkpoint);
}

result<void> sqlite_write_transaction::erase_checkpoint(std::string_view name) {
    if (auto open = check_open(); !open) return open;
    writer_.erase_checkpoint.bind_text(1, name);
    return run(writer_.erase_checkpoint);
}

commit_result sqlite_write_transaction::commit() {
    if (auto open = check_open(); !open) return {commit_outcome::not_committed, open.error()};
    if (runs_changed_) {
        auto& statement = writer_.put_run_generation;
        statement.bind(1, static_cast<std::int64_t>(writer_.run_generation + 1));
        if (auto done = run(statement); !done) {
            return {commit_outcome::not_committed, done.error()};
        }
    }
    int const code = writer_.commit.step_code();
    if (code != SQLITE_DONE) return commit_failed(code);
    writer_.commit.reset();
    writer_.head = head_;
    if (runs_changed_) ++writer_.run_generation;
    end();
    return {};
}

commit_result sqlite_write_transaction::commit_failed(int code) {
    error failure = writer_.connection.failure(code, "commit to");
    writer_.commit.reset();
    int const primary = code & 0xff;
    bool const was_taken_back = primary == SQLITE_FULL || primary == SQLITE_BUSY;
    roll_back();
    end();
    if (was_taken_back && !writer_.broken) {
        result<void> const gone = writer_.cut_off_log();
        if (gone) return {commit_outcome::not_committed, std::move(failure)};
        failure = gone.error();
    }
    error doubt{errc::in_doubt, failure.message()};
    writer_.broken = doubt;
    return {commit_outcome::in_doubt, std::move(doubt)};
}

result<void> sqlite_write_transaction::check_open() const {
    if (failure_) return *failure_;
    if (!is_open_) return error{errc::invalid_argument, "the transaction has ended"};
    // SQLite rolls back by itself when a statement meets an I/O error, one that only reads, too.
    // What came after would stand alone, each statement in a transaction of its own.
    if (sqlite3_get_autocommit(writer_.connection.handle()) != 0) {
        return error{errc::io_error, "SQLite has rolled the transaction back after a failure"};
    }
    return {};
}

result<void> sqlite_write_transaction::run(sqlite_statement& statement) {
    auto done = statement.run();
    if (!done) return fail(done.error());
    return done;
}

error sqlite_write_transaction::fail(error failure) {
    failure_ = failure;
    roll_back();
    end();
    return failure;
}

void sqlite_write_transaction::roll_back() noexcept {
    // SQLite has rolled back by itself after some failures; then there is nothing to do.
    sqlite3* const database = writer_.connection.handle();
    if (sqlite3_get_autocommit(database) != 0) return;
    int const code = writer_.rollback.step_code();
    writer_.rollback.reset();
    if (code != SQLITE_DONE && sqlite3_get_autocommit(database) == 0) {
        try {
            writer_.broken = writer_.connection.failure(code, "roll back in");
        } catch (std::bad_alloc const&) { writer_.broken = errc::in_doubt; }
    }
}

void sqlite_write_transaction::end() noexcept {
    is_open_ = false;
    writer_.in_transaction = false;
}

} // namespace swarmlog::detail
