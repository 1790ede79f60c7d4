#pragma once

#include "sqlite/high_water_mark.hpp"
#include "sqlite/lock_file.hpp"
#include "sqlite/reader_pool.hpp"
#include "sqlite/schema.hpp"
#include "sqlite/write_ahead_log.hpp"
#include "sqlite/writer.hpp"

#include <swarmlog/backends/sqlite_store.hpp>
#include <swarmlog/engine/backend.hpp>

#include <memory>
#include <optional>
#include <string>

namespace swarmlog::detail {

/// A store in a SQLite file that this process writes.
///
///     1. One connection makes every write and every checkpoint, and is closed last.
///        (SQLite before 3.51.3 can lose commits when two connections checkpoint.)
///     2. The lock file is held from before the first write until after the last.
///     3. The files of the store are opened by SQLite only: closing a raw descriptor would
///        drop SQLite's POSIX locks.
///     4. After a failure of the medium at COMMIT or in a checkpoint, nothing more is
///        written, not even by closing: the next open finds out what is there.
///
/// Threads: `read`, `backup_to`, `sizes` and `facts` from any; the rest from the writer's.
class sqlite_backend final : public backend {
public:
    /// `plan` is `shipped_schema()` but in tests of migrations.
    [[nodiscard]] static result<std::unique_ptr<backend>>
    open(std::string const& path, sqlite_store_options const& options, schema_plan const& plan);

    sqlite_backend(std::string path, sqlite_store_options options, lock_file lock,
                   sqlite_connection writer);
    sqlite_backend(sqlite_backend const&) = delete;
    sqlite_backend& operator=(sqlite_backend const&) = delete;
    ~sqlite_backend() override;

    store_facts const& facts() const noexcept override { return facts_; }
    std::string_view name() const noexcept override { return "sqlite"; }
    result<std::unique_ptr<write_transaction>> begin() override;
    result<std::unique_ptr<read_view>> read() override;
    result<std::optional<row_cells>> find_row(table_spec const& table, cell const& key) override;
    /// May also be called without a commit, with the same head, to do what is due.
    result<void> after_commit(position head) override;
    result<void> checkpoint() override;
    result<void> backup_to(std::string const& path, progress const& report) override;
    /// Needs room for the whole store twice over: in SQLite's temporary folder and in the
    /// write-ahead log.
    result<void> compact() override;
    /// Reads the leaves of the index, not the log.
    result<storage_sizes> sizes() override;
    result<void> close() override;
    void abandon() noexcept override;

private:
    [[nodiscard]] result<void> recover(schema_plan const& plan, bool created);
    /// Drops what a crash has left half done, before anything is written.
    [[nodiscard]] result<void> tidy();
    /// The caller begins to write, whatever is lost.
    [[nodiscard]] result<void> let_evidence_go();
    [[nodiscard]] result<void> check_writable() const;
    /// Remembers a failure after which nothing more may be written.
    [[nodiscard]] result<void> judge(result<void> done);

    std::string const path_;
    sqlite_store_options const options_;
    store_facts facts_;
    lock_file lock_;
    std::unique_ptr<sqlite_writer> writer_;
    std::optional<write_ahead_log> log_;
    std::shared_ptr<reader_pool> readers_;
    std::optional<error> mark_failure_; ///< told by `close`; no reason to stop before
    /// Acknowledged commits are missing, and what is left of the write-ahead log may hold them:
    /// it stays as it is, through closing too, until the caller begins to write all the same.
    bool keeps_evidence_ = false;
    /// The mark in the file is ahead of the store, and the next one has to be on the medium.
    bool mark_comes_down_ = false;
    bool is_closed_ = false;
};

} // namespace swarmlog::detail
