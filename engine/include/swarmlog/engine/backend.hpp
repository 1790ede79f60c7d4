#pragma once

#include <swarmlog/engine/durability.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/rows.hpp>
#include <swarmlog/engine/timestamp.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// The port between the engine and what stores its bytes.
///
/// A backend keeps two parts in one transaction but apart in its interface: the *log* (commit
/// records, append-only) and the *state* derived from it (index runs, consumers' checkpoints,
/// projections' rows). It knows nothing of events: bytes and cells in, bytes and cells out.
namespace swarmlog {

/// SHA-256 of a record's content; names the record that a later one follows.
using record_hash = std::array<std::uint8_t, 32>;

/// The sixteen bytes that tell one store from another; every record carries them.
using store_id = std::array<std::uint8_t, 16>;

/// One commit record as it is stored. `body` is only valid during the call that hands it over.
struct stored_record {
    position first;        ///< position of its first event
    position last;         ///< position of its last event
    timestamp recorded_at; ///< of its first event
    record_hash hash{};    ///< of its content: its name in the chain
    std::string_view body; ///< framed, see docs/record-format.md
};

/// A sorted, immutable part of the index: its header and its numbered blocks.
struct stored_run {
    std::uint64_t id = 0;          ///< unique for the store's lifetime, rising
    std::uint32_t level = 0;       ///< 0 as flushed from the tail, +1 a merge
    position first;                ///< positions covered, without a gap
    position last;                 ///< the last of them
    std::uint32_t block_count = 0; ///< numbered from 0
    std::string header;            ///< fences and filter
};

/// How far a consumer has got.
struct stored_checkpoint {
    std::string name; ///< the consumer's
    position at;      ///< acknowledged up to here
};

/// Bytes on the medium. A part that a backend does not have is zero.
struct storage_sizes {
    /// Commit records. In a SQLite file also what is not told apart from them: projections' tables,
    /// snapshots, and what pages leave unused.
    std::uint64_t log_bytes = 0;
    /// Runs: their headers and blocks.
    std::uint64_t index_bytes = 0;
    /// Consumers' checkpoints; in memory also projections' rows and snapshots.
    std::uint64_t row_bytes = 0;
    /// The file of the write-ahead log.
    std::uint64_t wal_bytes = 0;
    /// The files as they are, with free pages.
    std::uint64_t total_bytes = 0;
};

/// How a failed commit is to be taken.
enum class commit_outcome {
    committed,
    not_committed, ///< nothing of it is stored or can come back: a full disk
    in_doubt,      ///< may come back at the next open: the caller must stop writing
};

/// What `write_transaction::commit` answers.
struct commit_result {
    commit_outcome outcome = commit_outcome::committed; ///< how it is to be taken
    error failure{};                                    ///< set unless committed
};

/// A consistent, committed range to read from. Short-lived: it may hold a read transaction.
/// Used by one thread at a time.
class read_view : public row_reader {
public:
    /// Called with each record; returns false to stop.
    using record_visitor = std::function<bool(stored_record const&)>;

    /// The last position stored; 0 when the log is empty.
    [[nodiscard]] virtual result<position> head() = 0;

    /// Visits records in order from the one that contains `from` (or the first after it).
    [[nodiscard]] virtual result<void> records_from(position from, record_visitor const& visit) = 0;

    /// Visits records in reverse order from the one that contains `from` (or the last before it).
    [[nodiscard]] virtual result<void> records_back_from(position from,
                                                         record_visitor const& visit) = 0;

    /// All runs by rising first position. Headers are left empty when `with_headers` is false.
    [[nodiscard]] virtual result<std::vector<stored_run>> runs(bool with_headers) = 0;

    /// One run's header; `corrupt` when it is not there.
    [[nodiscard]] virtual result<std::string> run_header(std::uint64_t run) = 0;

    /// One block of a run; `corrupt` when it is not there.
    [[nodiscard]] virtual result<std::string> run_block(std::uint64_t run, std::uint32_t block) = 0;

    /// Rises whenever the set of runs changed.
    [[nodiscard]] virtual result<std::uint64_t> run_generation() = 0;

    /// A consumer's checkpoint, if it has one.
    [[nodiscard]] virtual result<std::optional<position>> checkpoint_of(std::string_view name) = 0;
    /// Every consumer's checkpoint, by rising name.
    [[nodiscard]] virtual result<std::vector<stored_checkpoint>> checkpoints() = 0;

    /// By rising name.
    [[nodiscard]] virtual result<std::vector<stored_projection>> projections() = 0;
    /// A projection's snapshot with the highest position up to `at`, if there is one.
    [[nodiscard]] virtual result<std::optional<stored_snapshot>>
    snapshot_of(std::string_view projection, position at) = 0;
    /// Every snapshot by projection and rising position, with empty bodies.
    [[nodiscard]] virtual result<std::vector<stored_snapshot>> snapshots() = 0;
};

/// The one transaction that writes. Dropping it without `commit` rolls it back.
/// Used by the writer's thread only. Its reads see what it has written.
class write_transaction : public row_reader {
public:
    // The log part.
    /// Appends a record; its first position follows the last one stored.
    [[nodiscard]] virtual result<void> append_record(stored_record const& record) = 0;

    // The state part.
    /// Stores a block of a run that is still to be put. Bytes are copied.
    [[nodiscard]] virtual result<void> put_run_block(std::uint64_t run, std::uint32_t block,
                                                     std::string_view bytes) = 0;
    /// Makes a run, whose blocks are already put, part of the index.
    [[nodiscard]] virtual result<void> put_run(stored_run const& run) = 0;
    /// Takes a run out of the index; its blocks stay until `erase_run_blocks`.
    [[nodiscard]] virtual result<void> drop_run(std::uint64_t run) = 0;
    /// Takes the blocks of a run out of the store, if there are any.
    [[nodiscard]] virtual result<void> erase_run_blocks(std::uint64_t run) = 0;
    /// One block, also of a run that is not put yet; `corrupt` when it is not there.
    [[nodiscard]] virtual result<std::string> run_block(std::uint64_t run, std::uint32_t block) = 0;
    /// Sets a consumer's checkpoint, in place of the one it had.
    [[nodiscard]] virtual result<void> put_checkpoint(std::string_view name, position at) = 0;
    /// Forgets a consumer's checkpoint, if it has one.
    [[nodiscard]] virtual result<void> erase_checkpoint(std::string_view name) = 0;

    // Rows. A row must fit its table (`check_row`); the table must be there (`not_found`).
    /// An empty table with its indexes. `invalid_argument` when one of that name is there.
    [[nodiscard]] virtual result<void> create_table(table_spec const& table) = 0;
    /// Gives a table that was made without indexes those of `table`, which equals it otherwise:
    /// many rows are put sooner so. Takes memory for each row. `invalid_argument` when it has
    /// indexes.
    [[nodiscard]] virtual result<void> add_indexes(table_spec const& table) = 0;
    /// Also when there is none.
    [[nodiscard]] virtual result<void> drop_table(std::string_view name) = 0;
    /// `invalid_argument` when there is already a table of the new name.
    [[nodiscard]] virtual result<void> rename_table(std::string_view from, std::string_view to) = 0;
    /// Adds the row, or puts it in place of the one with its key.
    [[nodiscard]] virtual result<void> put_row(table_spec const& table, row_cells const& row) = 0;
    /// Erases the row with this key, if there is one.
    [[nodiscard]] virtual result<void> erase_row(table_spec const& table, cell const& key) = 0;
    /// Sets how far a projection has got, in place of what was said of its name.
    [[nodiscard]] virtual result<void> put_projection(stored_projection const& projection) = 0;
    /// Forgets a projection, if it is known; its table stays.
    [[nodiscard]] virtual result<void> erase_projection(std::string_view name) = 0;
    /// Stores a snapshot, in place of one of the same projection and position.
    [[nodiscard]] virtual result<void> put_snapshot(stored_snapshot const& snapshot) = 0;
    /// Those of the projection at or after `from`.
    [[nodiscard]] virtual result<void> erase_snapshots(std::string_view projection,
                                                       position from) = 0;

    /// Durable as the store's mode says when it returns `committed`.
    [[nodiscard]] virtual commit_result commit() = 0;
};

/// What the store found when it was opened, before the engine looks inside.
struct store_facts {
    store_id id{};                         ///< of this store, for its lifetime
    std::uint32_t schema_version = 0;      ///< of the file's layout, as it is now
    std::uint32_t migrated_from = 0;       ///< equal to schema_version when nothing was migrated
    bool created = false;                  ///< there was none before
    bool read_only = false;                ///< nothing can be written
    durability mode = durability::durable; ///< what a commit survives
    /// Relaxed only: how long a commit may stay unflushed. The writer calls `after_commit` once
    /// more when that long has passed without one. Zero: never needed.
    std::chrono::milliseconds sync_interval{0};
    /// The last position known to have been acknowledged, kept outside the WAL.
    std::optional<position> high_water_mark;
    /// The machine stopped while the store was open and relaxed, whatever `mode` is now: commits
    /// may be gone that no mark tells of.
    bool loss_possible = false;
    /// Sentences for a person about what is not as it should be, and no reason to fail.
    std::vector<std::string> warnings{};
};

/// Called now and then with work done and work in all; returns false to cancel.
using progress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

/// A place that keeps one log. All writes come from one thread; `read` may be called from any.
class backend {
public:
    virtual ~backend() = default;

    /// What opening found; does not change, and lives as long as the backend.
    [[nodiscard]] virtual store_facts const& facts() const noexcept = 0;
    /// Short name for receipts and statistics: "sqlite" or "memory".
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    /// Begins the write transaction, one at a time. Writer's thread. `read_only` when the store
    /// was opened for reading.
    [[nodiscard]] virtual result<std::unique_ptr<write_transaction>> begin() = 0;
    /// A view of what is committed now. May wait for another view to end, as the store's options
    /// say, and then fails with `deadline_exceeded`.
    [[nodiscard]] virtual result<std::unique_ptr<read_view>> read() = 0;
    /// The row of a table with this key, as a view made now would find it: for backends that find
    /// one row with less ado than a view costs. Any thread; waits and fails as `read` does.
    [[nodiscard]] virtual result<std::optional<row_cells>> find_row(table_spec const& table,
                                                                    cell const& key) {
        auto const view = read();
        if (!view) { return view.error(); }
        return (*view)->find_row(table, key);
    }

    /// Called by the writer after each commit: keeps the mark and, when it is due, moves the
    /// write-ahead log into the main file. Never blocks on readers.
    virtual result<void> after_commit(position head) = 0;

    /// Moves the whole write-ahead log into the main file. Writer's thread.
    [[nodiscard]] virtual result<void> checkpoint() = 0;
    /// Copies the store to a new file while appends go on. Any thread.
    /// `invalid_argument` when the target exists.
    [[nodiscard]] virtual result<void> backup_to(std::string const& path,
                                                 progress const& report) = 0;
    /// Gives unused space back. Writer's thread.
    [[nodiscard]] virtual result<void> compact() = 0;
    /// How much the store takes. Any thread.
    [[nodiscard]] virtual result<storage_sizes> sizes() = 0;

    /// Reports what a destructor could only swallow. Writer's thread, after which nothing else
    /// is called.
    [[nodiscard]] virtual result<void> close() = 0;

    /// In a forked child: gives up every handle without touching the files.
    virtual void abandon() noexcept = 0;
};

} // namespace swarmlog
