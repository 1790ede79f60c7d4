#pragma once

#include "sqlite/lock_file.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/durability.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/position.hpp>

#include <optional>

/// What is kept in the lock file, outside SQLite: two entries of 64 bytes, little endian.
///
///     mark    at 0    magic "swlgmark", u32 layout = 1, u32 zero, store id (16),
///                     u64 last position, 16 bytes zero, u64 XXH3 of the 56 bytes before
///     session at 64   magic "swlgsess", u32 layout = 1, u32 clean, store id (16),
///                     boot id (16), u32 mode, u32 loss, u64 XXH3 of the 56 bytes before
///
/// The mode is 1 for durable and 2 for relaxed; 0 in files of before it was told. The loss is 1
/// while a session is open whose opening had to report that one is possible: should that opening
/// fail, or its process die, before anybody has heard of it, the next one reports it again.
///
/// The mark is the last position that was acknowledged. It is written after the commit and not
/// flushed: a killed process leaves it in the page cache, and after a power loss it may be behind
/// the store, which is always allowed. It may not be ahead: then acknowledged events are missing.
/// Only the first mark after such a loss is flushed, because the one before it is ahead. One
/// flipped bit in a write-ahead log silently drops what follows it; this is how that is noticed.
///
/// The session says whether the store was closed, and under which boot of the machine it was
/// open, and how durable. It is flushed when the store is opened and after it is closed, so "not
/// closed, and another boot since" means a power loss or a kernel crash. That is when a relaxed
/// store may have lost commits which the mark, lost with them, does not know of.
///
/// An entry that is torn, foreign or of another store counts as absent, but for a session whose
/// checksum is wrong: the power may have gone while it was written over one that was not closed.
namespace swarmlog::detail {

[[nodiscard]] std::optional<position> read_high_water_mark(lock_file const& file,
                                                           store_id const& store);
[[nodiscard]] result<void> write_high_water_mark(lock_file const& file, store_id const& store,
                                                 position last);

/// True when the last session was relaxed and not closed, and the machine was started anew since.
/// A torn entry may have been one of those. One that does not tell its mode had that of `now`.
/// Also when the last session had to report a loss itself and was not closed.
[[nodiscard]] bool may_have_lost(lock_file const& file, store_id const& store, durability now);
/// Both flush.
[[nodiscard]] result<void> write_session_opened(lock_file const& file, store_id const& store,
                                                durability mode, bool reports_loss);
[[nodiscard]] result<void> write_session_closed(lock_file const& file, store_id const& store,
                                                durability mode);

} // namespace swarmlog::detail
