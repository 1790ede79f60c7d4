#pragma once

#include "sqlite/connection.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The tables of a store, schema version 1. `application_id` is "SwLg", `user_version` is the
/// schema version.
///
///     log           one row a commit record; `first` is the key, so the file grows at its end
///     index_runs    the runs that make up the index
///     index_blocks  their blocks; id = run << 24 | block. Blocks of a run that is not in
///                   index_runs are what a merge left behind when the process ended: they are
///                   erased at the next open
///     checkpoints   how far each consumer has got
///     projections   each one's version, the layout of its table, and how far it has got
///     snapshots     rows kept for as-of views: a cache, which may be emptied at any time
///     meta          store_id (16 random bytes), run_generation
///
/// Projections' own tables stand beside these, under the names that their programs chose.
///
/// Invariants: a file in this path is absent or complete, because a new store is made under
/// another name and then renamed; and a migration moves a file from one version to the next in
/// one transaction, so it is always at one version or another.
namespace swarmlog::detail {

inline constexpr std::uint32_t sqlite_application_id = 0x5377'4c67;

/// `run` must be less than 2^39 and `block` less than 2^24, so that the key stays positive.
inline constexpr std::uint64_t run_id_limit = std::uint64_t{1} << 39U;
inline constexpr std::uint32_t run_block_limit = std::uint32_t{1} << 24U;
inline constexpr std::uint32_t run_block_bits = 24;

/// Takes a store from schema version `from` to `from + 1`. Runs inside a transaction.
struct migration_step {
    std::uint32_t from = 0;
    result<void> (*apply)(sqlite_connection& connection) = nullptr;
};

/// The version this program writes, and how older files get there.
struct schema_plan {
    std::uint32_t current = 1;
    std::span<migration_step const> steps;
};

[[nodiscard]] schema_plan const& shipped_schema() noexcept;

/// The statements that declare the tables of a new store.
[[nodiscard]] std::string_view new_store_statements() noexcept;

/// Makes a complete, empty store in `path`, which must not be there or have no bytes.
[[nodiscard]] result<void> create_store_file(sqlite_connection_settings const& settings,
                                             std::uint32_t page_bytes);

[[nodiscard]] result<std::uint32_t> read_schema_version(sqlite_connection& connection);

/// `schema_too_new`, with both versions named, when this program does not know the file's.
[[nodiscard]] result<void> check_schema_version(std::uint32_t found, schema_plan const& plan,
                                                std::string const& path);

/// Runs the steps that are missing, each in its own transaction, and answers the version the
/// file had before.
[[nodiscard]] result<std::uint32_t> migrate(sqlite_connection& connection, schema_plan const& plan,
                                            std::string const& path);

[[nodiscard]] result<store_id> read_store_id(sqlite_connection& connection);

/// Erases the blocks of runs that are not in the index. Costs one look-up a run.
[[nodiscard]] result<void> erase_unfinished_runs(sqlite_connection& connection);

} // namespace swarmlog::detail
