#pragma once

#include "index/bloom_filter.hpp"
#include "index/key.hpp"

#include "record/varint.hpp"

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The bytes of a run. Never change what is stored without a new `run_format_version`.
///
///     run     := header, blocks numbered from 0
///     blocks  := (64 data blocks, guide)*, (1 to 64 data blocks, guide)?
///
/// Every block and the header end in a checksum of what is before it:
///
///     sealed X := X, XXH3-64 little-endian, seeded with run id * 2^32 + block number
///                 (a header's number is 2^32 - 1), so that a misplaced block is caught too
///
/// Entries are sorted by (hash, kind, name, first position), through all data blocks. The hash
/// is `hash_key(kind, name)` and therefore not stored. A key with many postings has several
/// entries of at most 512 each, so that a seek decodes little.
///
///     data    := sealed entry+
///     entry   := kind u8, name sized, body sized
///     body    := ordinal varint, first varint, count varint, more?
///     more    := span varint, (delta varint){count - 1}                only when count > 1
///
/// - A search compares names and skips bodies.
/// - `first` is the entry's first position less the run's, `span` its last less its first,
///   each `delta` a position less the one before it.
/// - `ordinal` is the number of the key's postings before this entry: for a stream in the whole
///   log, so that the posting with version v is number v - 1; for other kinds in this run.
///
/// A guide leads into the data blocks before it: for each the place of its first entry (a
/// *fence*), and a filter of their keys. It is as large as its keys need, however long the run,
/// and both writing and reading a run take it one guide at a time.
///
///     guide   := sealed count varint, fence{count}, filter bytes
///     fence   := hash u64 little-endian, first varint
///
///     header  := sealed version varint, level varint, run first varint, run last varint,
///                entries varint, keys varint, postings varint, guide bytes varint, colliding u8,
///                data blocks varint, guides varint, fence{guides}
///
/// `colliding` is 1 when two keys of the run have the same hash: then a fence's position says
/// nothing about another key, and a search walks all blocks of that hash.
namespace swarmlog::detail {

inline constexpr std::uint64_t run_format_version = 1;

/// A block and its row fit the 4,061 bytes that SQLite keeps of a row in one 4 KiB page.
/// docs/decisions/0005-index-runs.md has the measurement.
inline constexpr std::size_t block_bytes_target = 4'000;
inline constexpr std::uint32_t data_blocks_per_guide = 64;
inline constexpr std::uint32_t entry_postings_max = 512;
inline constexpr std::uint32_t header_block_number = 0xffff'ffff;

/// An entry as it lies in a block; views into the block.
struct run_entry {
    std::uint64_t hash = 0; ///< filled by scans only: lookups know it already
    key_kind kind = key_kind::stream;
    std::string_view name;
    std::uint64_t ordinal = 0;
    std::uint64_t first = 0; ///< position
    std::uint64_t span = 0;
    std::uint32_t count = 0;
    std::string_view deltas;

    [[nodiscard]] std::uint64_t last() const noexcept { return first + span; }
    [[nodiscard]] bool is_of(key_kind wanted_kind, std::string_view wanted) const noexcept {
        return name == wanted && kind == wanted_kind;
    }
    [[nodiscard]] bool is_of(key_ref const& key) const noexcept {
        return is_of(key.kind, key.name);
    }
    /// Adds its positions to `out`; false when the deltas are not what count and span say.
    [[nodiscard]] bool append_positions(std::vector<std::uint64_t>& out) const;
};

/// Where a block begins in the order of entries.
struct fence {
    std::uint64_t hash = 0;
    std::uint64_t first = 0; ///< position
    friend constexpr auto operator<=>(fence const&, fence const&) = default;
};

struct guide {
    std::vector<fence> fences;
    bloom_filter filter;

    [[nodiscard]] std::size_t memory_bytes() const noexcept {
        return sizeof(guide) + fences.size() * sizeof(fence) + filter.bytes();
    }
};

struct run_header {
    std::uint64_t entry_count = 0;
    std::uint64_t key_count = 0;
    std::uint64_t posting_count = 0;
    std::uint64_t guide_bytes = 0; ///< in memory
    std::uint32_t data_block_count = 0;
    bool colliding = false;
    std::vector<fence> guides; ///< the first fence of each guide
};

/// The number under which a data block or a guide is stored.
[[nodiscard]] constexpr std::uint32_t block_of_data(std::uint32_t data_block) noexcept {
    return data_block + data_block / data_blocks_per_guide;
}
[[nodiscard]] constexpr std::uint32_t block_of_guide(std::uint32_t guide_index,
                                                     std::uint32_t data_block_count) noexcept {
    std::uint32_t const before = (guide_index + 1) * data_blocks_per_guide;
    return guide_index + (before < data_block_count ? before : data_block_count);
}

/// Appends the checksum.
void seal_block(std::string& bytes, std::uint64_t run, std::uint32_t block);
/// The content of a sealed block; `corrupt`, naming run and block, when the checksum is bad.
[[nodiscard]] result<std::string_view> open_block(std::string_view sealed, std::uint64_t run,
                                                  std::uint32_t block);
[[nodiscard]] error corrupt_block(std::uint64_t run, std::uint32_t block, char const* what);

/// Reads a data block's entries in turn. Views into `content`, which must stay.
class entry_reader {
public:
    entry_reader() = default;
    entry_reader(std::string_view content, position run_first) noexcept
        : reader_(content), run_first_(run_first.value) {}

    /// False at the end, and when the bytes are not an entry: then `failed()`.
    [[nodiscard]] bool next(run_entry& entry) noexcept {
        if (reader_.at_end()) { return false; }
        std::string_view body;
        read_key(entry, body);
        return read_body(entry, body);
    }
    /// Skips to the first entry of `key`; false when there is none.
    [[nodiscard]] bool find(key_ref const& key, run_entry& entry) noexcept {
        while (!reader_.at_end()) {
            std::string_view body;
            read_key(entry, body);
            if (entry.is_of(key)) { return read_body(entry, body); }
        }
        return false;
    }
    [[nodiscard]] bool failed() const noexcept { return failed_ || reader_.failed(); }

private:
    void read_key(run_entry& entry, std::string_view& body) noexcept {
        entry.kind = static_cast<key_kind>(reader_.bytes(1)[0]);
        entry.name = reader_.sized_bytes();
        body = reader_.sized_bytes();
    }
    [[nodiscard]] bool read_body(run_entry& entry, std::string_view body) noexcept;

    byte_reader reader_;
    std::uint64_t run_first_ = 0;
    bool failed_ = false;
};

/// At least what `put_entry` writes.
[[nodiscard]] std::size_t entry_bytes_at_most(run_entry const& entry) noexcept;
/// Writes an entry at `out`; returns the end.
[[nodiscard]] char* put_entry(char* out, run_entry const& entry, position run_first) noexcept;

[[nodiscard]] std::string encode_guide(guide const& content, position run_first);
[[nodiscard]] result<guide> decode_guide(std::string_view content, stored_run const& run,
                                         std::uint32_t block);

/// Sealed. `run` gives what is not in the header itself.
[[nodiscard]] std::string encode_header(run_header const& header, stored_run const& run);
/// Checks the checksum, and the counts against `run`.
[[nodiscard]] result<run_header> decode_header(stored_run const& run);

} // namespace swarmlog::detail
