#pragma once

#include "memory/record_log.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/rows.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace swarmlog::detail {

/// A run of the index: its blocks by number, and what `put_run` said once it was put.
struct memory_run {
    std::optional<stored_run> indexed; ///< not in the index while it is built or once dropped
    std::vector<std::pair<std::uint32_t, std::shared_ptr<std::string const>>> blocks;

    /// Null when there is no such block.
    [[nodiscard]] std::string const* find_block(std::uint32_t number) const noexcept;
    /// False when the block is there already.
    [[nodiscard]] bool add_block(std::uint32_t number, std::string_view bytes);
};

/// Values by their keys. A map is never changed once it is published, nor is a run in it.
using memory_runs = std::map<std::uint64_t, std::shared_ptr<memory_run const>>;
/// Tables by name. A published table is never changed: the next transaction changes a copy, which
/// shares all but the paths to what differs.
using memory_tables = std::map<std::string, std::shared_ptr<memory_table const>, std::less<>>;
using memory_projections =
    std::map<std::string, std::shared_ptr<stored_projection const>, std::less<>>;
using memory_stored_snapshots =
    std::map<std::pair<std::string, position>, std::shared_ptr<std::string const>>;
using memory_checkpoints = std::vector<std::pair<std::shared_ptr<std::string const>, position>>;

/// Everything that is committed: what a read view holds.
struct memory_snapshot {
    record_log::range records;
    std::shared_ptr<memory_runs const> runs;
    std::shared_ptr<memory_checkpoints const> checkpoints;
    std::shared_ptr<memory_tables const> tables;
    std::shared_ptr<memory_projections const> projections;
    std::shared_ptr<memory_stored_snapshots const> snapshots;
    std::uint64_t run_generation = 0;
    storage_sizes sizes;

    [[nodiscard]] position head() const noexcept;
};

/// What the backend, its transaction and its read views share. The mutex is held for copying or
/// replacing the snapshot only.
struct memory_state {
    memory_state();

    [[nodiscard]] memory_snapshot snapshot() const;
    void publish(memory_snapshot next) noexcept;

    record_log records; ///< the writer's; readers see it through their range

    std::uint64_t bytes_max = 0;
    bool in_transaction = false; ///< the writer's
    std::atomic<bool> abandoned{false};

private:
    mutable std::mutex mutex_;
    memory_snapshot committed_;
};

} // namespace swarmlog::detail
