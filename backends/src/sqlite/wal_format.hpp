#pragma once

#include <cstdint>

/// What is used here of SQLite's write-ahead log, as sqlite.org/fileformat2.html (4.1, 4.2) has it.
namespace swarmlog::detail {

inline constexpr std::uint64_t wal_header_bytes = 32;
inline constexpr std::uint64_t wal_frame_header_bytes = 24;
/// How it begins; one more when its sums are of big-endian words.
inline constexpr std::uint32_t wal_magic = 0x377f0682;

} // namespace swarmlog::detail
