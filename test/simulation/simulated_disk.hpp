#pragma once

#include "support/fault_vfs.hpp"
#include "support/file_image.hpp"
#include "support/io_journal.hpp"
#include "support/memory_vfs.hpp"
#include "support/recorded_calls.hpp"
#include "support/recording_vfs.hpp"
#include "support/temporary_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>

namespace swarmlog::test {

/// The layer that SQLite calls: it tells of changes before they are made and of flushes after,
/// and refuses everything once the process counts as dead.
class watched_vfs final : public layered_vfs {
public:
    using layered_vfs::layered_vfs;

    int write(layered_file& file, void const* bytes, int count, sqlite3_int64 offset) override;
    int truncate(layered_file& file, sqlite3_int64 size) override;
    int sync(layered_file& file, int flags) override;
    int remove(char const* path, bool sync_folder) override;

    std::function<void()> before_change; ///< must not throw
    std::function<void()> after_flush;   ///< of a write-ahead log; must not throw
    bool is_dead = false;
};

/// A disk with one store on it, on which a process can be killed and the power cut.
///
/// All of it lies in memory but the lock file, which SQLite has no part in. What was written and
/// not flushed stays when the process is killed, and is at the mercy of a power cut
/// (crash_states/power_cut.hpp). One at a time, for one thread.
class simulated_disk {
public:
    /// Makes the empty stores that disks begin with, once for the process: making one takes as
    /// long as many steps on it. No seeded_entropy may be alive: these have one of their own.
    static void prepare();

    /// Holds a new, empty store: 512, 1,024, 2,048 or 4,096 bytes a page.
    explicit simulated_disk(std::uint32_t page_bytes);

    [[nodiscard]] std::filesystem::path path() const { return folder_ / "log.db"; }
    [[nodiscard]] temporary_folder const& folder() const noexcept { return folder_; }
    [[nodiscard]] std::string const& vfs() const noexcept { return watched_.name(); }
    [[nodiscard]] fault_vfs& faults() noexcept { return faulty_; }
    [[nodiscard]] watched_vfs& watched() noexcept { return watched_; }

    /// Before a log is opened.
    void start_process();
    /// From now on nothing changes any more: what was under way is cut short here. The log's
    /// handle is still to be dropped, and then `start_process` may be called.
    void kill_process();
    /// After the handle of a killed process is dropped.
    void cut_power(std::mt19937_64& random);

    /// Of all files as they are now.
    [[nodiscard]] std::uint64_t fingerprint_now() const;
    /// What a log does to a backup's files without SQLite, it does to those of the folder. Makes an
    /// empty file, as the log does there, and gives it its name.
    void make(std::string const& name);
    void rename(std::string const& name, std::string const& new_name);
    /// In the folder, too. No log has it open.
    void remove(std::string const& name);

private:
    [[nodiscard]] std::filesystem::path lock_path() const { return folder_ / "log.db.lock"; }
    void put(disk_image const& image);

    temporary_folder folder_;
    memory_vfs memory_{"simulated-memory"};
    io_journal journal_;
    recording_vfs recorder_{"simulated-recorder", journal_, recording_vfs::flushes::honoured,
                            memory_.name()};
    fault_vfs faulty_{"simulated-faults", recorder_.name()};
    watched_vfs watched_{"simulated-disk", faulty_.name()};
    std::optional<recorded_calls> calls_;
    std::optional<std::string> lock_when_killed_;
};

} // namespace swarmlog::test
