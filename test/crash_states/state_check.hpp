#pragma once

#include "crash_states/history.hpp"
#include "support/file_image.hpp"
#include "support/memory_vfs.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event_log.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::test {

/// What is wrong with a log after a power cut.
struct finding {
    bool is_loss = false; ///< acknowledged and gone, and nothing else is wrong
    std::string what;     ///< empty: nothing
};

/// Opens logs in files as a power cut left them, and looks whether they keep what was promised:
/// what was acknowledged is there and what was rejected is not, groups are whole, the projection
/// fits, `verify` finds nothing, a loss that the mode allows is reported, and opening again, after
/// closing and after another crash, changes nothing. One for each history.
///
/// The store lies in memory; the lock file, which SQLite has no part in, in a temporary folder.
/// Where no store was left it has to be made, and all of it lies in the folder.
///
/// Opening a log is slow beside building a state, and most states differ in what recovery drops.
/// So SQLite alone recovers each state first. When the store that it makes of it, what the lock
/// file says and the first sector, which is all that a log sees, are those of a former state, what was
/// found of that one holds for this, but for what had been promised meanwhile. One in 32 of
/// these is opened all the same.
///
/// Nor does SQLite recover a state whose write-ahead log, replayed by its format
/// (replayed_wal.hpp), leaves what that of a former state left; but one in 16, to compare.
class state_check {
public:
    /// One in `again_each` of the logs that are opened is opened once more after another crash.
    explicit state_check(std::uint64_t again_each = 16);

    [[nodiscard]] finding look_at(disk_image left, expectation const& expected);

    /// States so far that a log was opened in; for the rest one like it was.
    [[nodiscard]] std::uint64_t opened() const noexcept { return opened_; }

private:
    /// What a log said and held when it was opened.
    struct look {
        std::string wrong; ///< whatever had been promised; empty: nothing
        position head{};
        std::uint64_t lost_events = 0;
        bool loss_possible = false;
    };

    [[nodiscard]] look look_once(disk_image const& left, expectation const& expected);
    [[nodiscard]] look look_in_memory(disk_image const& left, expectation const& expected);
    [[nodiscard]] look look_on_disk(disk_image const& left, expectation const& expected);
    [[nodiscard]] result<event_log> open(durability mode, std::string const& vfs,
                                         std::filesystem::path const& file);
    void load(disk_image const& image);
    [[nodiscard]] disk_image image() const;
    [[nodiscard]] std::string look_again(disk_image const& files, disk_image const& closed_first,
                                         expectation const& expected, position head);
    /// What a log in these files would see of them; nothing when SQLite cannot recover them.
    [[nodiscard]] std::optional<std::uint64_t> recovered_form(disk_image const& left);
    [[nodiscard]] static std::uint64_t replayed_form(disk_image const& left);
    [[nodiscard]] static std::uint64_t form_of(disk_image const& left, file_image recovered);
    [[nodiscard]] look judge(event_log const& log, expectation const& expected);
    [[nodiscard]] std::string judge_contents(event_log const& log, expectation const& expected);
    [[nodiscard]] std::vector<tally> const& rows_at(known_session const& session, position head);

    temporary_folder folder_;
    std::filesystem::path in_memory_ = folder_ / "log.db"; ///< but for the lock file
    memory_vfs memory_{"crash-states"};
    std::map<std::pair<known_session const*, std::uint64_t>, std::vector<tally>> rows_;
    /// By fingerprint.
    std::map<std::pair<known_session const*, std::uint64_t>, look> looks_;
    std::set<std::pair<known_session const*, std::uint64_t>> seen_again_;
    /// What SQLite made of files, by what replaying them makes.
    std::map<std::uint64_t, std::uint64_t> forms_;
    std::uint64_t again_each_;
    std::uint64_t opened_ = 0;
    std::uint64_t repeated_ = 0;
    std::uint64_t replayed_ = 0;
};

} // namespace swarmlog::test
