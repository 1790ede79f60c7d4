#pragma once

#include "support/layered_vfs.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace swarmlog::test {

/// A SQLite VFS over another one whose I/O can be made to fail.
///
/// Counts the calls that could fail on a real device: writes, flushes and truncations; reads only
/// when it is told to. A failed write has written half of what it was given; a failed flush has
/// flushed nothing; a failed read has read half. Settings may be changed from any thread at any
/// time.
class fault_vfs final : public layered_vfs {
public:
    enum class fault : int {
        io_error,   ///< every counted call fails with its own SQLITE_IOERR code
        disk_full,  ///< only writes count, and fail with SQLITE_FULL
        short_read, ///< only reads count, and end early without an error
    };
    enum class files : int { all, wal };
    enum class call : int { read, write, sync, truncate };

    explicit fault_vfs(std::string name, std::string const& below = {});

    /// Makes the `nth` counted call from now on fail, and with `and_all_later` every one after.
    void fail_at(std::uint64_t nth, fault kind = fault::io_error, bool and_all_later = false,
                 files which = files::all);
    /// Only flushes count.
    void fail_at_sync(std::uint64_t nth, files which = files::all);
    /// Only calls of this kind count.
    void fail_at_call(call only, std::uint64_t nth, bool and_all_later = false);
    /// Only reads count. One that is shortened answers as if the file ended in its middle, which
    /// is no error to SQLite: it takes the rest for zeros.
    void shorten_read(std::uint64_t nth, bool and_all_later = false);
    void heal() noexcept;

    [[nodiscard]] bool has_failed() const noexcept { return failures_.load() != 0; }
    /// Since the faults were last set or healed.
    [[nodiscard]] std::uint64_t calls() const noexcept { return calls_.load(); }
    [[nodiscard]] std::uint64_t syncs() const noexcept { return syncs_.load(); }

    int read(layered_file& file, void* bytes, int count, sqlite3_int64 offset) override;
    int write(layered_file& file, void const* bytes, int count, sqlite3_int64 offset) override;
    int truncate(layered_file& file, sqlite3_int64 size) override;
    int sync(layered_file& file, int flags) override;

private:
    static constexpr int all_changes = -1; ///< every call but reads
    [[nodiscard]] bool must_fail(call made, bool is_wal) noexcept;
    void arm(std::uint64_t nth, fault kind, bool and_all_later, files which,
             int only = all_changes);

    std::atomic<std::uint64_t> nth_{0}; ///< 0: nothing fails
    std::atomic<bool> and_all_later_{false};
    std::atomic<int> only_{all_changes}; ///< or one `call`
    std::atomic<fault> kind_{fault::io_error};
    std::atomic<files> which_{files::all};
    std::atomic<std::uint64_t> calls_{0};
    std::atomic<std::uint64_t> syncs_{0};
    std::atomic<std::uint64_t> failures_{0};
};

} // namespace swarmlog::test
