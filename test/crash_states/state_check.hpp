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
class state_check {
public:
    state_check();

    [[nodiscard]] finding look_at(disk_image left, expectation const& expected);

private:
    [[nodiscard]] finding look_in_memory(disk_image const& left, expectation const& expected);
    [[nodiscard]] finding look_on_disk(disk_image const& left, expectation const& expected);
    [[nodiscard]] result<event_log> open(durability mode, std::string const& vfs,
                                         std::filesystem::path const& file);
    void load(disk_image const& image);
    [[nodiscard]] disk_image image() const;
    [[nodiscard]] std::string look_again(disk_image const& files, disk_image const& closed_first,
                                         expectation const& expected, position head);
    [[nodiscard]] finding judge(event_log const& log, expectation const& expected);
    [[nodiscard]] std::string judge_contents(event_log const& log, expectation const& expected);
    [[nodiscard]] std::vector<tally> const& rows_at(known_session const& session, position head);

    temporary_folder folder_;
    std::filesystem::path in_memory_ = folder_ / "log.db"; ///< but for the lock file
    memory_vfs memory_{"crash-states"};
    std::map<std::pair<known_session const*, std::uint64_t>, std::vector<tally>> rows_;
    std::set<std::pair<known_session const*, std::uint64_t>> seen_again_; ///< files, by fingerprint
    std::uint64_t states_ = 0;
};

} // namespace swarmlog::test
