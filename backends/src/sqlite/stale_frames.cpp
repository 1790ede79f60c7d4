#include "sqlite/stale_frames.hpp"

#include "sqlite/error_mapping.hpp"
#include "sqlite/wal_format.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace swarmlog::detail {

namespace {

using wal_header = std::array<unsigned char, wal_header_bytes>;
using frame_header = std::array<unsigned char, wal_frame_header_bytes>;

/// Numbers of the write-ahead log are big-endian.
std::uint32_t number_at(wal_header const& header, std::size_t offset) {
    std::uint32_t number = 0;
    for (std::size_t each = 0; each != 4; ++each) { number = number << 8 | header[offset + each]; }
    return number;
}

/// What SQLite answers; `SQLITE_IOERR_SHORT_READ` beyond the end of the file.
template <class Bytes>
int read(sqlite3_file& file, std::uint64_t offset, Bytes& into) {
    return file.pMethods->xRead(&file, into.data(), static_cast<int>(into.size()),
                                static_cast<sqlite3_int64>(offset));
}

/// How many frames are committed. It stands in the first part of the shared index, which is mapped
/// as long as the log is open.
std::optional<std::uint32_t> committed_frames(sqlite3_file& main) {
    constexpr int part_bytes = 32 * 1024;
    constexpr std::size_t offset = 16;
    void volatile* index = nullptr;
    int const code = main.pMethods->xShmMap(&main, 0, part_bytes, 0, &index);
    if (code != SQLITE_OK || index == nullptr) { return std::nullopt; }
    std::uint32_t frames = 0;
    std::memcpy(&frames, static_cast<char const*>(const_cast<void const*>(index)) + offset,
                sizeof frames);
    return frames;
}

/// Whether there is a frame of this course of the log from `offset` on: `SQLITE_ROW` or
/// `SQLITE_DONE`, or how reading failed.
int find_frame(sqlite3_file& file, wal_header const& header, std::uint64_t offset,
               std::uint64_t frame_bytes) {
    constexpr std::size_t salts_in_header = 16;
    constexpr std::size_t salts_in_frame = 8;
    constexpr std::size_t salts_bytes = 8;
    frame_header frame{};
    for (std::uint64_t at = offset;; at += frame_bytes) {
        int const code = read(file, at, frame);
        if (code == SQLITE_IOERR_SHORT_READ) { return SQLITE_DONE; }
        if (code != SQLITE_OK) { return code; }
        if (std::memcmp(frame.data() + salts_in_frame, header.data() + salts_in_header,
                        salts_bytes) == 0) {
            return SQLITE_ROW;
        }
    }
}

} // namespace

result<void> cut_off_stale_frames(sqlite_connection& writer) {
    sqlite3_file* const file = writer.wal_file();
    if (file == nullptr) { return {}; } // there is none yet
    auto const failed = [&](int code) {
        return sqlite_failure(nullptr, code, "cut off the end of the write-ahead log of",
                              sqlite3_db_filename(writer.handle(), "main"));
    };
    wal_header header{};
    int code = read(*file, 0, header);
    if (code == SQLITE_IOERR_SHORT_READ) { return {}; }
    if (code != SQLITE_OK) { return failed(code); }
    std::uint32_t const page_bytes = number_at(header, 8);
    if ((number_at(header, 0) & ~1U) != wal_magic || !std::has_single_bit(page_bytes)) {
        return {};
    }

    auto const frames = committed_frames(*writer.main_file());
    if (!frames) { return failed(SQLITE_IOERR_SHMMAP); }
    std::uint64_t const frame_bytes = wal_frame_header_bytes + page_bytes;
    std::uint64_t const end = wal_header_bytes + *frames * frame_bytes;
    code = find_frame(*file, header, end, frame_bytes);
    if (code == SQLITE_DONE) { return {}; }
    if (code != SQLITE_ROW) { return failed(code); }
    code = file->pMethods->xTruncate(file, static_cast<sqlite3_int64>(end));
    if (code == SQLITE_OK) { code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL); }
    if (code != SQLITE_OK) { return failed(code); }
    return {};
}

} // namespace swarmlog::detail
