#pragma once

#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/export.hpp>

namespace swarmlog {

/// A log in this process's memory: the same behaviour as on SQLite, gone with the process.
/// Records are kept as they are unless `options.codec` asks for packing.
[[nodiscard]] SWARMLOG_EXPORT result<event_log> open_memory(log_options options = {
                                                                .codec = record_codec::none});

} // namespace swarmlog
