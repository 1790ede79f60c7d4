#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/durability.hpp>
#include <swarmlog/engine/error.hpp>

#include <chrono>
#include <cstdint>
#include <functional>

namespace swarmlog::detail {

/// Keeps the write-ahead log short, flushed and quick to write. Writer's thread.
///
/// SQLite starts the log over at the next write once all of it has been moved into the main file
/// and no reader needs it. So, after a commit:
///
///     shorter than bytes_max          durable: grow the file ahead of its use
///     from bytes_max                  move what no reader needs; again each quarter of
///                                     bytes_max, as long as readers keep it from starting over
///     from 4 * bytes_max              the same, but first wait a little for older read views,
///                                     and afterwards for those that still read the log
///
/// A reader never waits. The file grows ahead in steps because a flush of a file whose length
/// has changed costs a second write of the device: docs/decisions/0004.
class write_ahead_log {
public:
    struct limits {
        durability mode = durability::durable;
        std::uint64_t bytes_max = 0;
        std::uint32_t page_bytes = 0;
        std::chrono::milliseconds sync_interval{};
    };
    /// Waits until the views that are open now have ended, or for a bounded time; false when
    /// they have not.
    using reader_wait = std::function<bool()>;

    write_ahead_log(sqlite_connection& writer, limits const& bounds, reader_wait wait);
    write_ahead_log(write_ahead_log const&) = delete;
    write_ahead_log& operator=(write_ahead_log const&) = delete;

    /// Flushes it, and with it all that was committed. A failure is final: the system may have
    /// dropped what it could not write.
    [[nodiscard]] result<void> flush();

    /// Does what is due. `disk_full` loses nothing and is tried again; after any other failure
    /// nothing more may be written.
    [[nodiscard]] result<void> after_commit();

    /// Its file may have become shorter.
    void measure_again() noexcept { file_bytes_ = 0; }

    /// Moves all of it into the main file and leaves it empty. Waits for readers as long as the
    /// connection waits for locks, and then fails with `deadline_exceeded`.
    [[nodiscard]] result<void> move_all();

    /// Bytes in use since the log last started over; the file may be longer.
    [[nodiscard]] std::uint64_t bytes() const noexcept;

private:
    [[nodiscard]] result<void> sync_when_due();
    [[nodiscard]] result<void> move_what_no_reader_needs();
    void grow_ahead();

    sqlite_connection& writer_;
    limits limits_;
    reader_wait wait_;
    std::uint64_t frames_ = 0;
    std::uint64_t next_move_bytes_;
    std::uint64_t file_bytes_ = 0; ///< as far as known
    std::chrono::steady_clock::time_point synced_at_;
};

} // namespace swarmlog::detail
