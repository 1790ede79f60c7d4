#pragma once

#include "sample_events.hpp"

#include <swarmlog/swarmlog.hpp>

#include <cstdint>
#include <filesystem>

namespace swarmlog::perf {

/// Where a contestant keeps its log.
struct log_place {
    bool in_memory = false;
    durability mode = durability::durable;
};

[[nodiscard]] event_log open_log(log_place place, std::filesystem::path const& folder);

/// What an event carries beside its data: its tag, if it has one. Lives as long as the event.
[[nodiscard]] event_details details_of(sample_event const& event);

/// `producer_count` threads submit the events from `first` to `end` without waiting for each
/// answer; returns when all are as durable as the log's mode says.
void submit_all(event_log& log, event_maker const& make, std::uint64_t first, std::uint64_t end,
                unsigned producer_count = 1);

/// Reads the whole log, and throws unless it holds exactly what was made; in that order, if one
/// producer made it. Returns the digest of it.
[[nodiscard]] std::uint64_t expect_content(event_log const& log, event_maker const& make,
                                           std::uint64_t events, bool in_order);

} // namespace swarmlog::perf
