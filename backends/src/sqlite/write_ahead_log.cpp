#include "sqlite/write_ahead_log.hpp"

#include "sqlite/error_mapping.hpp"
#include "sqlite/wal_format.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace swarmlog::detail {

namespace {

constexpr std::uint64_t growth_bytes = 512 * 1024;
/// SQLite's VFS takes no more than 128 KiB in one write.
constexpr std::size_t growth_piece_bytes = 64 * 1024;
constexpr std::uint64_t patience_factor = 4;

/// SQLite calls this after each commit with the log's length.
int note_frames(void* frames, sqlite3*, char const*, int count) noexcept {
    *static_cast<std::uint64_t*>(frames) = static_cast<std::uint64_t>(count);
    return SQLITE_OK;
}

} // namespace

write_ahead_log::write_ahead_log(sqlite_connection& writer, limits const& bounds, reader_wait wait)
    : writer_(writer),
      limits_(bounds),
      wait_(std::move(wait)),
      next_move_bytes_(bounds.bytes_max),
      synced_at_(std::chrono::steady_clock::now()) {
    sqlite3_wal_hook(writer_.handle(), &note_frames, &frames_);
}

std::uint64_t write_ahead_log::bytes() const noexcept {
    if (frames_ == 0) return 0;
    return wal_header_bytes + frames_ * (limits_.page_bytes + wal_frame_header_bytes);
}

result<void> write_ahead_log::after_commit() {
    if (auto synced = sync_when_due(); !synced) return synced;
    std::uint64_t const used = bytes();
    if (used < limits_.bytes_max) {
        next_move_bytes_ = limits_.bytes_max;
        if (limits_.mode == durability::durable) grow_ahead();
        return {};
    }
    if (used < next_move_bytes_) return {};
    next_move_bytes_ = used + limits_.bytes_max / 4;

    bool const is_patient = used >= patience_factor * limits_.bytes_max;
    // Views that begin while this waits see the last commit, so they hold nothing back.
    bool const waited = is_patient && wait_();
    if (auto moved = move_what_no_reader_needs(); !moved) return moved;
    // Views from before the move still read the log; those that begin now read the main file.
    if (waited) wait_();
    return {};
}

result<void> write_ahead_log::sync_when_due() {
    if (limits_.mode != durability::relaxed) return {};
    auto const now = std::chrono::steady_clock::now();
    if (now - synced_at_ < limits_.sync_interval) return {};
    // Unlike a checkpoint, no reader can hinder it.
    return flush();
}

result<void> write_ahead_log::flush() {
    synced_at_ = std::chrono::steady_clock::now();
    sqlite3_file* const file = writer_.wal_file();
    if (file == nullptr) return {};
    int const code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    if (code != SQLITE_OK) {
        char const* const path = sqlite3_db_filename(writer_.handle(), "main");
        return sqlite_failure(nullptr, code, "flush the write-ahead log of", path);
    }
    return {};
}

result<void> write_ahead_log::move_what_no_reader_needs() {
    int const code = sqlite3_wal_checkpoint_v2(writer_.handle(), "main", SQLITE_CHECKPOINT_PASSIVE,
                                               nullptr, nullptr);
    // Busy: another program is at it.
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) return {};
    return writer_.failure(code, "move the write-ahead log into");
}

result<void> write_ahead_log::move_all() {
    int const code = sqlite3_wal_checkpoint_v2(writer_.handle(), "main", SQLITE_CHECKPOINT_TRUNCATE,
                                               nullptr, nullptr);
    if ((code & 0xff) == SQLITE_BUSY) {
        char const* const path = sqlite3_db_filename(writer_.handle(), "main");
        return error{errc::deadline_exceeded,
                     std::string{"readers hold the write-ahead log of "} + path};
    }
    if (code != SQLITE_OK) return writer_.failure(code, "move the write-ahead log into");
    frames_ = 0;
    file_bytes_ = 0;
    next_move_bytes_ = limits_.bytes_max;
    return {};
}

void write_ahead_log::grow_ahead() {
    // Emptied, and not in use again: if the power went and the old length came back, zeros could
    // have cut short what is in the main file already, and recovery would put old pages over new.
    // The first commit writes and flushes another header, so from then on old frames are none.
    if (frames_ == 0) return;
    std::uint64_t const wanted = std::min(bytes() + growth_piece_bytes, limits_.bytes_max);
    if (wanted <= file_bytes_) return;
    sqlite3_file* const file = writer_.wal_file();
    sqlite3_int64 size = 0;
    if (file == nullptr || file->pMethods->xFileSize(file, &size) != SQLITE_OK) return;
    file_bytes_ = static_cast<std::uint64_t>(size);
    if (wanted <= file_bytes_) return;

    // Zeros are no frames: recovery stops where they begin. A failure is no loss, and SQLite
    // meets it again when it writes there itself.
    static constexpr std::array<char, growth_piece_bytes> zeros{};
    std::uint64_t const target = file_bytes_ + growth_bytes;
    for (std::uint64_t at = file_bytes_; at < target; at += zeros.size()) {
        int const code = file->pMethods->xWrite(file, zeros.data(), static_cast<int>(zeros.size()),
                                                static_cast<sqlite3_int64>(at));
        if (code != SQLITE_OK) break;
    }
    file_bytes_ = target; // also after a failure, so as not to try again at each commit
}

} // namespace swarmlog::detail
