#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/export.hpp>

#include <cstdint>
#include <limits>
#include <memory>

namespace swarmlog {

/// How a store in memory is bounded.
struct memory_store_options {
    /// Records, index and checkpoints together; a transaction beyond it fails with `disk_full`.
    std::uint64_t bytes_max = std::numeric_limits<std::uint64_t>::max();
};

/// A new, empty store in this process's memory.
///
/// Keeps the port's promises but durability. Readers never wait for the writer: they take a
/// mutex for as long as it takes to copy five words. `backup_to` is `unsupported`.
[[nodiscard]] SWARMLOG_EXPORT result<std::unique_ptr<backend>>
open_memory_store(memory_store_options options = {});

} // namespace swarmlog
