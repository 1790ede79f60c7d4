#pragma once

#include <swarmlog/engine/clock.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/export.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace swarmlog {

class state_fold;

/// What one append may hold. Checked on the producer's thread, before the queue; the error
/// names the limit and the value. Names (streams, types, tags, keys, ids) are 1 to 255 bytes of
/// UTF-8, always.
struct append_limits {
    std::size_t event_bytes_max = 1024 * 1024;       ///< data and metadata of one event
    std::size_t append_bytes_max = 16 * 1024 * 1024; ///< all events of one append
    std::uint32_t append_events_max = 16'384;        ///< events of one append
    std::uint32_t tags_max = 64;                     ///< tags of one event
    std::uint32_t json_depth_max = 64; ///< nesting of arrays and objects; at most 1,024
};

/// Who drives the writer.
enum class writer_drive {
    thread,  ///< a thread of the log's own, or a blocking call that is alone
    by_hand, ///< the host calls `run_once`; a blocking call drives it itself
};

/// How records are packed.
enum class record_codec : std::uint8_t {
    none = 0,
    lz4 = 1,
};

/// Everything that is bounded, and by how much. The defaults suit one orchestrator process.
struct log_options {
    /// What one append may hold.
    append_limits limits{};

    // Ingestion queue.
    /// Appends that wait for the writer; one more is `queue_full`, at once or after a wait.
    std::uint32_t queue_appends_max = 65'536;
    /// Bytes that wait for the writer, likewise; at least `append_bytes_max`.
    std::size_t queue_bytes_max = 64 * 1024 * 1024;
    /// How long a blocking call waits for room before `queue_full`.
    std::chrono::milliseconds queue_wait_max{10'000};

    // Commit groups: a group closes when either limit is reached or the queue is empty.
    /// Events of a group, at which it takes no further append.
    std::uint32_t group_events_max = 16'384;
    /// Bytes of a group, likewise.
    std::size_t group_bytes_max = 8 * 1024 * 1024;
    /// How long the writer waits for company after the first append of a group.
    std::chrono::microseconds linger_us{0};

    // Records.
    /// A record is closed once its content is this long: the unit of decompression, so the
    /// cost of reading one event. An append is never split.
    std::size_t record_bytes = 8 * 1024;
    /// How the records written from now on are packed; older ones are read whatever it is.
    record_codec codec = record_codec::lz4;

    // Index: bounds on memory, and on what opening has to replay.
    /// The tail of the index in memory becomes a run after so many events.
    std::uint32_t index_tail_events = 65'536;
    /// The same by its memory, in bytes.
    std::size_t index_tail_bytes_max = 64 * 1024 * 1024;
    /// Memory for the filters that tell which runs to read, in bytes.
    std::size_t index_filter_bytes_max = 64 * 1024 * 1024;
    /// Blocks of the index that lookups read lately, checked; about 4,000 bytes each.
    std::size_t index_cache_bytes = 16 * 1024 * 1024;
    /// Streams whose version is remembered: about 64 bytes each. Twice as many as are written
    /// to in turn spare nearly every lookup.
    std::size_t stream_heads_max = 524'288;

    // Reading.
    /// Records kept unpacked: those just written, and those lately read.
    std::size_t record_cache_bytes = 16 * 1024 * 1024;
    std::uint32_t page_events = 1'024; ///< events a reader fetches in one short read view
    /// How often a read-only handle looks for what another process has appended.
    std::chrono::milliseconds follow_interval{20};

    // Life cycle.
    /// How long closing waits for what is queued; the rest is answered `closed`.
    std::chrono::milliseconds close_wait_max{10'000};
    /// Go on writing although acknowledged events were found lost at open.
    bool accept_loss = false;
    /// Write nothing, even if the store could.
    bool read_only = false;
    /// Who drives the writer. A host without threads of its own takes `by_hand`.
    writer_drive drive = writer_drive::thread;
    /// Projections, folded in the transaction of each commit. Of one log at a time.
    std::shared_ptr<state_fold> state{};
    /// Where `recorded_at` comes from; not null. Tests give one of their own.
    std::shared_ptr<swarmlog::clock> clock = std::make_shared<system_clock>();
};

/// `invalid_argument`, with the option's name, when options cannot work. Opening a log asks
/// first of all, so that bad options leave no file behind.
[[nodiscard]] SWARMLOG_EXPORT result<void> check_options(log_options const& options);

} // namespace swarmlog
