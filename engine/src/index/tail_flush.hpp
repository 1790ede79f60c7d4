#pragma once

#include "index/run_writer.hpp"
#include "index/tail.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

namespace swarmlog::detail {

/// Writes all postings of a tail as entries of a run, in the run's order. The streams'
/// `writer.count` are their versions as of the tail's last posting. The writer's thread.
[[nodiscard]] result<void> write_tail(tail const& flushed, run_writer& writer,
                                      write_transaction& transaction);

} // namespace swarmlog::detail
