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
    bool created = false;
    position head;                      ///< the last event that can be read
    position indexed_through;           ///< covered by index runs
    std::uint64_t replayed_records = 0; ///< after the last run, checked and applied again
    std::uint64_t replayed_events = 0;
    std::uint32_t schema_version = 0;
    std::uint32_t migrated_from = 0; ///< equal to schema_version when nothing was migrated
    /// The last position known to have been acknowledged.
    std::optional<position> high_water_mark;
    /// Acknowledged events that are gone: the mark is beyond the head.
    std::uint64_t lost_events = 0;
    /// The machine stopped while a relaxed log was open: a suffix may be gone, also one that
    /// the mark does not know of.
    bool loss_possible = false;
    /// Set when a record after the last run is damaged; the log is then read-only.
    std::optional<position> corrupt_at;
    bool read_only = false;
    std::string message; ///< one sentence for a person when something was found
    /// What a person should see to although all is well: files that others may read or write.
    std::vector<std::string> warnings;
    std::chrono::nanoseconds duration{};
};

/// What `verify` found. The log is sound when `problems` is empty.
struct verify_report {
    struct problem {
        position at;
        std::string what;
    };
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    std::uint64_t streams = 0;
    std::uint64_t postings = 0;    ///< index entries compared with the log
    std::vector<problem> problems; ///< the first 100
    [[nodiscard]] bool sound() const noexcept { return problems.empty(); }
};

/// Figures of a running log. Counters count since it was opened.
struct log_statistics {
    position head;
    swarmlog::durability durability = swarmlog::durability::durable;
    std::uint64_t events_appended = 0;
    std::uint64_t appends_accepted = 0;
    std::uint64_t appends_rejected = 0;
    std::uint64_t groups = 0; ///< commits, each one flush
    std::uint64_t records = 0;
    std::uint64_t queued_appends = 0;
    std::uint64_t queued_bytes = 0;
    std::uint64_t index_runs = 0;
    std::uint64_t index_tail_keys = 0;
    std::uint64_t index_memory_bytes = 0;
    std::uint64_t record_cache_bytes = 0;
};

/// One key of the index with its events' count: a stream, a type or a tag.
struct key_info {
    std::string name;
    std::uint64_t events = 0;
    position first;
    position last;
};

} // namespace swarmlog
