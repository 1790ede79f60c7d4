#include "sqlite/failed_commit.hpp"

#include "sqlite/error_mapping.hpp"
#include "sqlite/wal_format.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace swarmlog::detail {

namespace {

/// All numbers of the write-ahead log are big-endian.
std::uint32_t number_at(std::string_view bytes, std::size_t offset) {
    std::uint32_t number = 0;
    for (char const each : bytes.substr(offset, 4)) {
        number = number << 8 | static_cast<unsigned char>(each);
    }
    return number;
}

/// The sum of a frame, which goes on from that of the frame before it.
class frame_sum {
public:
    /// As it stands at `offset` of a header.
    frame_sum(std::string_view header, std::size_t offset, bool is_big_endian)
        : is_big_endian_(is_big_endian),
          first_(number_at(header, offset)),
          second_(number_at(header, offset + 4)) {}

    void add(std::string_view bytes) {
        for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
            first_ += word_at(bytes, at) + second_;
            second_ += word_at(bytes, at + 4) + first_;
        }
    }
    [[nodiscard]] bool stands_in(std::string_view frame_header) const {
        return number_at(frame_header, 16) == first_ && number_at(frame_header, 20) == second_;
    }

private:
    [[nodiscard]] std::uint32_t word_at(std::string_view bytes, std::size_t offset) const {
        std::uint32_t const word = number_at(bytes, offset);
        return is_big_endian_ ? word : __builtin_bswap32(word);
    }

    bool is_big_endian_;
    std::uint32_t first_;
    std::uint32_t second_;
};

/// The open write-ahead log, and whether it could be read.
class wal_reader {
public:
    explicit wal_reader(sqlite3_file& file) : file_(file) {}

    /// False at the end of the file, and when it fails: then `code` is what was answered.
    [[nodiscard]] bool read(std::uint64_t offset, std::string& into) {
        int const code = file_.pMethods->xRead(&file_, into.data(), static_cast<int>(into.size()),
                                               static_cast<sqlite3_int64>(offset));
        if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) { code_ = code; }
        return code == SQLITE_OK;
    }
    [[nodiscard]] int code() const noexcept { return code_; }

private:
    sqlite3_file& file_;
    int code_ = SQLITE_OK;
};

/// Whether a recovery would find a whole transaction after the first `frames` frames, which end at
/// `offset`.
bool has_more(wal_reader& log, std::uint32_t frames, std::uint64_t& offset) {
    std::string header(wal_header_bytes, '\0');
    if (!log.read(0, header) || (number_at(header, 0) & ~1U) != wal_magic) { return false; }
    std::uint32_t const page_bytes = number_at(header, 8);
    if (!std::has_single_bit(page_bytes)) { return false; }
    bool const is_big_endian = (number_at(header, 0) & 1U) != 0;
    std::size_t const frame_bytes = wal_frame_header_bytes + page_bytes;
    offset = wal_header_bytes + std::uint64_t{frames} * frame_bytes;

    std::string frame(wal_frame_header_bytes, '\0');
    if (frames != 0 && !log.read(offset - frame_bytes, frame)) { return false; }
    frame_sum sum =
        frames == 0 ? frame_sum{header, 24, is_big_endian} : frame_sum{frame, 16, is_big_endian};
    frame.resize(frame_bytes);
    for (std::uint64_t at = offset; log.read(at, frame); at += frame_bytes) {
        std::string_view const all = frame;
        bool const is_of_this_log = all.substr(8, 8) == std::string_view{header}.substr(16, 8);
        sum.add(all.substr(0, 8));
        sum.add(all.substr(wal_frame_header_bytes));
        if (!is_of_this_log || number_at(all, 0) == 0 || !sum.stands_in(all)) { return false; }
        bool const ends_a_transaction = number_at(all, 4) != 0;
        if (ends_a_transaction) { return true; }
    }
    return false;
}

} // namespace

result<void> take_back_failed_commit(sqlite_connection& writer) {
    auto const failed = [&](int code) {
        return sqlite_failure(nullptr, code, "take back what a failed commit left in",
                              sqlite3_db_filename(writer.handle(), "main"));
    };
    sqlite3_file* const main = writer.main_file();
    sqlite3_file* const file = writer.wal_file();
    if (file == nullptr) { return {}; } // nothing was written to it yet

    // How many frames are committed stands in the first part of the index, which is mapped already.
    constexpr int index_part_bytes = 32 * 1024;
    constexpr std::size_t frames_offset = 16;
    void volatile* index = nullptr;
    int code = main->pMethods->xShmMap(main, 0, index_part_bytes, 0, &index);
    if (code != SQLITE_OK || index == nullptr) { return failed(SQLITE_IOERR_SHMMAP); }
    std::uint32_t frames = 0;
    std::memcpy(&frames, static_cast<char const*>(const_cast<void const*>(index)) + frames_offset,
                sizeof frames);

    wal_reader log{*file};
    std::uint64_t offset = 0;
    bool const must_go = has_more(log, frames, offset);
    if (log.code() != SQLITE_OK) { return failed(log.code()); }
    if (!must_go) { return {}; }
    static constexpr std::array<char, wal_frame_header_bytes> zeros{};
    code = file->pMethods->xWrite(file, zeros.data(), static_cast<int>(zeros.size()),
                                  static_cast<sqlite3_int64>(offset));
    if (code == SQLITE_OK) { code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL); }
    if (code != SQLITE_OK) { return failed(code); }
    return {};
}

} // namespace swarmlog::detail
