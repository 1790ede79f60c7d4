#pragma once

#include <swarmlog/engine/options.hpp>

namespace swarmlog::test {

/// For a log of few events that is opened thousands of times: opening is most of what it costs
/// then, and large tables most of opening.
inline void use_small_tables(log_options& options) {
    options.limits = {.event_bytes_max = 4'096, .append_bytes_max = 65'536};
    options.queue_appends_max = 64;
    options.queue_bytes_max = 65'536;
    options.index_filter_bytes_max = 65'536;
    options.index_cache_bytes = 65'536;
    options.stream_heads_max = 64;
}

} // namespace swarmlog::test
