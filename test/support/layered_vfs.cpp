#include "support/layered_vfs.hpp"

#include <stdexcept>
#include <utility>

namespace swarmlog::test {

namespace {

layered_file& ours(sqlite3_file* file) { return *reinterpret_cast<layered_file*>(file); }

sqlite3_file* below(sqlite3_file* file) { return ours(file).below(); }

sqlite3_io_methods const& methods_below(sqlite3_file* file) { return *below(file)->pMethods; }

layered_vfs& owner_of(sqlite3_vfs* vfs) { return *static_cast<layered_vfs*>(vfs->pAppData); }

int close_file(sqlite3_file* file) { return methods_below(file).xClose(below(file)); }

int read_file(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
    return ours(file).owner->read(ours(file), bytes, count, offset);
}

int write_file(sqlite3_file* file, void const* bytes, int count, sqlite3_int64 offset) {
    return ours(file).owner->write(ours(file), bytes, count, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return ours(file).owner->truncate(ours(file), size);
}

int sync_file(sqlite3_file* file, int flags) { return ours(file).owner->sync(ours(file), flags); }

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return methods_below(file).xFileSize(below(file), size);
}

int lock_file(sqlite3_file* file, int level) {
    return methods_below(file).xLock(below(file), level);
}

int unlock_file(sqlite3_file* file, int level) {
    return methods_below(file).xUnlock(below(file), level);
}

int check_reserved(sqlite3_file* file, int* is_reserved) {
    return methods_below(file).xCheckReservedLock(below(file), is_reserved);
}

int control_file(sqlite3_file* file, int operation, void* argument) {
    return methods_below(file).xFileControl(below(file), operation, argument);
}

int sector_size(sqlite3_file* file) { return methods_below(file).xSectorSize(below(file)); }

int characteristics(sqlite3_file* file) {
    return methods_below(file).xDeviceCharacteristics(below(file));
}

int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
    return methods_below(file).xShmMap(below(file), region, size, extend, memory);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    return methods_below(file).xShmLock(below(file), offset, count, flags);
}

void barrier_shared(sqlite3_file* file) { methods_below(file).xShmBarrier(below(file)); }

int unmap_shared(sqlite3_file* file, int remove) {
    return methods_below(file).xShmUnmap(below(file), remove);
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
    layered_file& opened = ours(file);
    opened.owner = &owner_of(vfs);
    opened.is_wal = (flags & SQLITE_OPEN_WAL) != 0;
    int const code = opened.owner->open(path, opened, flags, out_flags);
    file->pMethods = below(file)->pMethods != nullptr ? &methods : nullptr;
    return code;
}

int delete_file(sqlite3_vfs* vfs, char const* path, int sync_folder) {
    return owner_of(vfs).remove(path, sync_folder != 0);
}

int access_file(sqlite3_vfs* vfs, char const* path, int flags, int* answer) {
    sqlite3_vfs& below = owner_of(vfs).below();
    return below.xAccess(&below, path, flags, answer);
}

int full_path(sqlite3_vfs* vfs, char const* path, int count, char* into) {
    sqlite3_vfs& below = owner_of(vfs).below();
    return below.xFullPathname(&below, path, count, into);
}

} // namespace

layered_vfs::layered_vfs(std::string name, std::string const& below)
    : name_(std::move(name)),
      below_(sqlite3_vfs_find(below.empty() ? nullptr : below.c_str())),
      vfs_(*below_) {
    vfs_.pNext = nullptr;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.szOsFile = static_cast<int>(sizeof(layered_file)) + below_->szOsFile;
    vfs_.xOpen = open_file;
    vfs_.xDelete = delete_file;
    vfs_.xAccess = access_file;
    vfs_.xFullPathname = full_path;
    // The other functions take no notice of which VFS they are called with.
    if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK) {
        throw std::runtime_error{"cannot register a VFS"};
    }
}

layered_vfs::~layered_vfs() { sqlite3_vfs_unregister(&vfs_); }

int layered_vfs::open(char const* path, layered_file& file, int flags, int* out_flags) {
    return below_->xOpen(below_, path, file.below(), flags, out_flags);
}

int layered_vfs::read(layered_file& file, void* bytes, int count, sqlite3_int64 offset) {
    return file.below()->pMethods->xRead(file.below(), bytes, count, offset);
}

int layered_vfs::write(layered_file& file, void const* bytes, int count, sqlite3_int64 offset) {
    return file.below()->pMethods->xWrite(file.below(), bytes, count, offset);
}

int layered_vfs::truncate(layered_file& file, sqlite3_int64 size) {
    return file.below()->pMethods->xTruncate(file.below(), size);
}

int layered_vfs::sync(layered_file& file, int flags) {
    return file.below()->pMethods->xSync(file.below(), flags);
}

int layered_vfs::remove(char const* path, bool sync_folder) {
    return below_->xDelete(below_, path, sync_folder ? 1 : 0);
}

} // namespace swarmlog::test
