#pragma once

#include "support/fault_vfs.hpp"
#include "support/file_image.hpp"
#include "support/memory_vfs.hpp"
#include "support/temporary_folder.hpp"

#include <swarmlog/backends/open_sqlite.hpp>
#include <swarmlog/projections/projection_set.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace swarmlog::test {

enum class operation { open, append, checkpoint, consume, rebuild, import, backup, close };
inline constexpr std::array<std::string_view, 8> operation_names{
    "open", "append", "checkpoint", "consume", "rebuild", "import", "backup", "close"};

enum class fault {
    read,
    short_read, ///< without an error: as if the file ended there
    write,
    sync,
    truncate,
    disk_full,
    allocation,        ///< the library's own
    sqlite_allocation, ///< in SQLite
};
inline constexpr std::array<std::string_view, 8> fault_names{
    "read",     "short read", "write",      "flush",
    "truncate", "disk full",  "allocation", "allocation in SQLite"};

struct fault_point {
    operation during = operation::open;
    fault kind = fault::read;
    std::uint64_t nth = 0; ///< 0: nothing fails
    bool and_all_later = false;
    bool is_killed = false; ///< and not closed afterwards
};

[[nodiscard]] std::string name_of(fault_point const& point);

/// What kind of log the faults come to.
struct log_shape {
    explicit log_shape(std::uint64_t seed);

    std::uint64_t appends = 0; ///< at most 40
    bool is_grouped = false;
    bool is_closed = false; ///< else left by a killed process, so that opening has to recover it
    bool has_table = true;
    bool has_async_table = false;
    bool has_consumer = false;
    sqlite_log_options options; ///< without its projections
};

/// A log in memory, to which faults come one at a time: each starts from the same files.
class swept_log {
public:
    swept_log(memory_vfs& memory, fault_vfs& faults, log_shape shape);

    /// What is wrong after a fault at this point; nothing when all is well.
    [[nodiscard]] std::string run(fault_point const& point);

    /// Calls of the kind in the run before, of one without a fault.
    [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }

private:
    /// What became of an append, without a word of text: memory may be short when it is noted.
    struct told {
        enum class answer { unasked, accepted, refused, in_doubt } what = answer::unasked;
        errc code{};
    };
    static constexpr std::size_t appends_max = 64;
    static constexpr std::uint64_t number_afterwards = 60;

    [[nodiscard]] sqlite_log_options options(projection_set& projections) const;
    void append_before(event_log& log);
    void load(disk_image const& files);
    [[nodiscard]] disk_image files() const;

    void arm(fault_point const& point);
    void perform(fault_point const& point, projection_set& projections,
                 sqlite_log_options const& faulty, std::optional<event_log>& log);
    void act(operation during, projection_set& projections, sqlite_log_options const& faulty,
             std::optional<event_log>& log);
    void append_some(event_log& log, std::uint64_t count);
    static void note(told& noted, result<receipt> const& answer);
    void import_some(event_log& log);
    void consume_some(event_log& log);

    void fail(std::string what);
    /// A device that lies about what it holds is noticed at best.
    void notice(std::string what);
    void judge_answers(fault kind);
    void check_reads(event_log& log);
    void check_backup();
    void check_stored(disk_image const& files);
    void check_appends(event_log& log);
    void check_append(std::uint64_t number, std::uint32_t parts);
    template <class Row, class Key>
    void check_rows(event_log& log, std::string_view name, std::map<Key, Row> const& expected);
    void rebuild_tables(projection_set& projections);
    void check_consumer(event_log& log);

    memory_vfs& memory_;
    fault_vfs& faults_;
    log_shape shape_;
    temporary_folder folder_;
    std::filesystem::path file_ = folder_ / "log.db"; ///< but for the lock file, in memory
    std::filesystem::path copy_ = folder_ / "copy.db";
    disk_image template_;
    std::array<told, appends_max> told_{};
    told consumed_;
    position consumed_before_;
    std::string problem_;
    bool is_noticed_ = false;
    bool may_lie_ = false; ///< this point's device
    bool is_import_unknown_ = false;
    std::uint64_t calls_ = 0;
    std::uint64_t checked_ = 0;
};

} // namespace swarmlog::test
