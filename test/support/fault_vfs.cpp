#include "support/fault_vfs.hpp"

#include <algorithm>
#include <utility>

namespace swarmlog::test {

fault_vfs::fault_vfs(std::string name, std::string const& below)
    : layered_vfs(std::move(name), below) {}

int fault_vfs::read(layered_file& file, void* bytes, int count, sqlite3_int64 offset) {
    if (!must_fail(call::read, file.is_wal)) {
        return layered_vfs::read(file, bytes, count, offset);
    }
    int const half = count / 2;
    int const code = layered_vfs::read(file, bytes, half, offset);
    if (kind_.load() != fault::short_read) { return SQLITE_IOERR_READ; }
    auto* const rest = static_cast<char*>(bytes) + half;
    std::fill(rest, rest + (count - half), '\0');
    return code == SQLITE_OK ? SQLITE_IOERR_SHORT_READ : code;
}

int fault_vfs::write(layered_file& file, void const* bytes, int count, sqlite3_int64 offset) {
    if (!must_fail(call::write, file.is_wal)) {
        return layered_vfs::write(file, bytes, count, offset);
    }
    static_cast<void>(layered_vfs::write(file, bytes, count / 2, offset));
    return kind_.load() == fault::disk_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int fault_vfs::truncate(layered_file& file, sqlite3_int64 size) {
    if (must_fail(call::truncate, file.is_wal)) { return SQLITE_IOERR_TRUNCATE; }
    return layered_vfs::truncate(file, size);
}

int fault_vfs::sync(layered_file& file, int flags) {
    if (must_fail(call::sync, file.is_wal)) { return SQLITE_IOERR_FSYNC; }
    return layered_vfs::sync(file, flags);
}

void fault_vfs::fail_at(std::uint64_t nth, fault kind, bool and_all_later, files which) {
    arm(nth, kind, and_all_later, which);
}

void fault_vfs::fail_at_sync(std::uint64_t nth, files which) {
    arm(nth, fault::io_error, false, which, static_cast<int>(call::sync));
}

void fault_vfs::fail_at_call(call only, std::uint64_t nth, bool and_all_later) {
    arm(nth, fault::io_error, and_all_later, files::all, static_cast<int>(only));
}

void fault_vfs::shorten_read(std::uint64_t nth, bool and_all_later) {
    arm(nth, fault::short_read, and_all_later, files::all, static_cast<int>(call::read));
}

void fault_vfs::heal() noexcept { arm(0, fault::io_error, false, files::all); }

void fault_vfs::arm(std::uint64_t nth, fault kind, bool and_all_later, files which, int only) {
    nth_ = 0;
    kind_ = kind;
    and_all_later_ = and_all_later;
    which_ = which;
    only_ = only;
    calls_ = 0;
    syncs_ = 0;
    failures_ = 0;
    nth_ = nth;
}

bool fault_vfs::must_fail(call made, bool is_wal) noexcept {
    if (made == call::sync) ++syncs_;
    if (which_.load() == files::wal && !is_wal) return false;
    if (kind_.load() == fault::disk_full && made != call::write) return false;
    int const only = only_.load();
    if (only == all_changes ? made == call::read : only != static_cast<int>(made)) return false;
    std::uint64_t const count = ++calls_;
    std::uint64_t const nth = nth_.load();
    bool const fails = nth != 0 && (and_all_later_.load() ? count >= nth : count == nth);
    if (fails) ++failures_;
    return fails;
}

} // namespace swarmlog::test
