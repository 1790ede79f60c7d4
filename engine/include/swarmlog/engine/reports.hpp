#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/durability.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace swarmlog {

/// What opening a log found and did.
struct open_report {
    bool created = false;               ///< there was no log before
    position head;                      ///< the last event that can be read
    position indexed_through;           ///< covered by index runs
    std::uint64_t replayed_records = 0; ///< after the last run, checked and applied again
    std::uint64_t replayed_events = 0;  ///< in these records
    std::uint32_t schema_version = 0;   ///< of the store's layout, as it is now
    std::uint32_t migrated_from = 0;    ///< equal to schema_version when nothing was migrated
    /// The last position known to have been acknowledged.
    std::optional<position> high_water_mark;
    /// Acknowledged events that are gone: the mark is beyond the head.
    std::uint64_t lost_events = 0;
    /// The machine stopped while a relaxed log was open: a suffix may be gone, also one that
    /// the mark does not know of.
    bool loss_possible = false;
    /// Set when a record after the last run is damaged; the log is then read-only.
    std::optional<position> corrupt_at;
    bool read_only = false; ///< nothing can be appended
    std::string message;    ///< one sentence for a person when something was found
    /// What a person should see to although all is well: files that others may read or write.
    std::vector<std::string> warnings;
    std::chrono::nanoseconds duration{}; ///< how long opening took
};

/// What `verify` found. The log is sound when `problems` is empty.
struct verify_report {
    /// One thing that is not as it must be.
    struct problem {
        position at;      ///< near this position
        std::string what; ///< a sentence for a person
    };
    std::uint64_t records = 0;     ///< read and checked
    std::uint64_t events = 0;      ///< in these records
    std::uint64_t streams = 0;     ///< whose versions were checked
    std::uint64_t postings = 0;    ///< index entries compared with the log
    std::vector<problem> problems; ///< the first 100

    /// True when nothing was found.
    [[nodiscard]] bool sound() const noexcept { return problems.empty(); }
};

/// Figures of a running log. Counters count since it was opened.
struct log_statistics {
    position head; ///< the last position that readers see
    swarmlog::durability durability = swarmlog::durability::durable; ///< the log's mode
    std::uint64_t events_appended = 0;                               ///< events committed
    std::uint64_t appends_accepted = 0;   ///< appends answered with a receipt
    std::uint64_t appends_rejected = 0;   ///< appends answered with an error by the writer
    std::uint64_t groups = 0;             ///< commits, each one flush
    std::uint64_t records = 0;            ///< records written
    std::uint64_t queued_appends = 0;     ///< waiting for the writer now
    std::uint64_t queued_bytes = 0;       ///< of these, in bytes
    std::uint64_t index_runs = 0;         ///< now
    std::uint64_t index_tail_keys = 0;    ///< keys in the index's tail now
    std::uint64_t index_memory_bytes = 0; ///< of filters, the tail and cached blocks
    std::uint64_t record_cache_bytes = 0; ///< unpacked records that are kept
};

/// One key of the index with its events' count: a stream, a type or a tag.
struct key_info {
    std::string name;         ///< the stream, type or tag
    std::uint64_t events = 0; ///< how many events it has
    position first;           ///< position of its first event
    position last;            ///< position of its last event
};

} // namespace swarmlog
