#include "support/fault_vfs.hpp"

#include <new>
#include <stdexcept>
#include <utility>

namespace swarmlog::test {

namespace {

/// What SQLite allocates for an open file: this, and behind it the real VFS's own.
struct fault_file {
    sqlite3_file base;
    fault_vfs* owner;
    bool is_wal;
};

fault_file& ours(sqlite3_file* file) { return *reinterpret_cast<fault_file*>(file); }

sqlite3_file* real_of(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(fault_file));
}

fault_vfs& owner_of(sqlite3_vfs* vfs) { return *static_cast<fault_vfs*>(vfs->pAppData); }

sqlite3_io_methods const& real_methods(sqlite3_file* file) { return *real_of(file)->pMethods; }

int close_file(sqlite3_file* file) { return real_methods(file).xClose(real_of(file)); }

int read_file(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
    if (ours(file).owner->must_fail(fault_vfs::call::read, ours(file).is_wal)) {
        static_cast<void>(real_methods(file).xRead(real_of(file), bytes, count / 2, offset));
        return SQLITE_IOERR_READ;
    }
    return real_methods(file).xRead(real_of(file), bytes, count, offset);
}

int write_file(sqlite3_file* file, void const* bytes, int count, sqlite3_int64 offset) {
    fault_vfs& owner = *ours(file).owner;
    if (owner.must_fail(fault_vfs::call::write, ours(file).is_wal)) {
        static_cast<void>(real_methods(file).xWrite(real_of(file), bytes, count / 2, offset));
        return owner.write_failure();
    }
    return real_methods(file).xWrite(real_of(file), bytes, count, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (ours(file).owner->must_fail(fault_vfs::call::truncate, ours(file).is_wal)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    return real_methods(file).xTruncate(real_of(file), size);
}

int sync_file(sqlite3_file* file, int flags) {
    if (ours(file).owner->must_fail(fault_vfs::call::sync, ours(file).is_wal)) {
        return SQLITE_IOERR_FSYNC;
    }
    return real_methods(file).xSync(real_of(file), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return real_methods(file).xFileSize(real_of(file), size);
}

int lock_file(sqlite3_file* file, int level) {
    return real_methods(file).xLock(real_of(file), level);
}

int unlock_file(sqlite3_file* file, int level) {
    return real_methods(file).xUnlock(real_of(file), level);
}

int check_reserved(sqlite3_file* file, int* is_reserved) {
    return real_methods(file).xCheckReservedLock(real_of(file), is_reserved);
}

int control_file(sqlite3_file* file, int operation, void* argument) {
    return real_methods(file).xFileControl(real_of(file), operation, argument);
}

int sector_size(sqlite3_file* file) { return real_methods(file).xSectorSize(real_of(file)); }

int characteristics(sqlite3_file* file) {
    return real_methods(file).xDeviceCharacteristics(real_of(file));
}

int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
    return real_methods(file).xShmMap(real_of(file), region, size, extend, memory);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    return real_methods(file).xShmLock(real_of(file), offset, count, flags);
}

void barrier_shared(sqlite3_file* file) { real_methods(file).xShmBarrier(real_of(file)); }

int unmap_shared(sqlite3_file* file, int remove) {
    return real_methods(file).xShmUnmap(real_of(file), remove);
}

// Version 2: shared memory, so that the write-ahead log works, but no memory mapping.
constexpr sqlite3_io_methods methods{2,
                                     close_file,
                                     read_file,
                                     write_file,
                                     truncate_file,
                                     sync_file,
                                     file_size,
                                     lock_file,
                                     unlock_file,
                                     check_reserved,
                                     control_file,
                                     sector_size,
                                     characteristics,
                                     map_shared,
                                     lock_shared,
                                     barrier_shared,
                                     unmap_shared,
                                     nullptr,
                                     nullptr};

int open_file(sqlite3_vfs* vfs, char const* path, sqlite3_file* file, int flags, int* out_flags) {
    fault_vfs& owner = owner_of(vfs);
    int const code = owner.real()->xOpen(owner.real(), path, real_of(file), flags, out_flags);
    file->pMethods = real_of(file)->pMethods != nullptr ? &methods : nullptr;
    ours(file).owner = &owner;
    ours(file).is_wal = (flags & SQLITE_OPEN_WAL) != 0;
    return code;
}

} // namespace

fault_vfs::fault_vfs(std::string name)
    : name_(std::move(name)), real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    vfs_.pNext = nullptr;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.szOsFile = static_cast<int>(sizeof(fault_file)) + real_->szOsFile;
    vfs_.xOpen = open_file;
    // The other functions of the Unix VFS take no notice of which VFS they are called with.
    if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK) {
        throw std::runtime_error{"cannot register a VFS"};
    }
}

fault_vfs::~fault_vfs() { sqlite3_vfs_unregister(&vfs_); }

void fault_vfs::fail_at(std::uint64_t nth, fault kind, bool and_all_later, files which) {
    arm(nth, kind, and_all_later, which);
}

void fault_vfs::fail_at_sync(std::uint64_t nth, files which) {
    arm(nth, fault::io_error, false, which, static_cast<int>(call::sync));
}

void fault_vfs::fail_at_call(call only, std::uint64_t nth, bool and_all_later) {
    arm(nth, fault::io_error, and_all_later, files::all, static_cast<int>(only));
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

int fault_vfs::write_failure() const noexcept {
    return kind_.load() == fault::disk_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

} // namespace swarmlog::test
