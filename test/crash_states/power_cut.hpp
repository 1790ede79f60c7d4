#pragma once

#include "support/file_image.hpp"
#include "support/io_journal.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace swarmlog::test {

/// What a power cut at a point of a journal may leave of the files:
///
///   - what was flushed before the point is there;
///   - each write and truncation of a file after its last flush is there or not, whatever came
///     of the others, in this file and the rest;
///   - of a write, any of its sectors of 512 bytes may be there without the others, and one of
///     them may hold anything where it was being written. Bytes beside what was written stay as
///     they are, as SQLite expects of a device (SQLITE_IOCAP_POWERSAFE_OVERWRITE), and so does
///     what was flushed;
///   - a name made, changed or removed is so, or as before, until the folder was flushed.
class power_cut {
public:
    static constexpr std::size_t sector_bytes = 512;

    explicit power_cut(io_journal const& journal) : journal_(journal) {}

    /// Goes on to the moment after so many entries; never back.
    void move_to(std::size_t entries);

    [[nodiscard]] disk_image leave(std::mt19937_64& random) const;
    /// Entries that may be there or not: with none, all states are one.
    [[nodiscard]] std::size_t unsettled() const noexcept {
        return unsettled_.size() + unsettled_names_.size();
    }

private:
    using entry = io_journal::entry;
    using names = std::map<std::string, std::uint32_t, std::less<>>;

    void settle_file(std::uint32_t file);
    void settle_names();

    io_journal const& journal_;
    std::size_t at_ = 0;
    std::vector<file_image> settled_; ///< by file
    names settled_names_;
    std::vector<std::size_t> unsettled_;       ///< writes and truncations, by entry
    std::vector<std::size_t> unsettled_names_; ///< changes of names, by entry
};

/// The same for the same files, and for others in all likelihood not.
[[nodiscard]] std::uint64_t fingerprint(disk_image const& files);

} // namespace swarmlog::test
