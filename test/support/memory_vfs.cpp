#include "support/memory_vfs.hpp"

#include "support/io_journal.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

namespace swarmlog::test {

/// What SQLite allocates for an open file, made and ended by `open_file` and `close_file`.
struct memory_vfs::handle {
    sqlite3_file base{};
    std::shared_ptr<file> opened{};
    int level = SQLITE_LOCK_NONE;
    bool is_mapped = false;
    std::uint32_t shared_slots = 0;
};

namespace {

memory_vfs::handle& ours(sqlite3_file* given) {
    return *reinterpret_cast<memory_vfs::handle*>(given);
}

memory_vfs& owner_of(sqlite3_vfs* vfs) { return *static_cast<memory_vfs*>(vfs->pAppData); }

int unlock_file(sqlite3_file* given, int level);
int unmap_shared(sqlite3_file* given, int remove);

int close_file(sqlite3_file* given) {
    memory_vfs::handle& self = ours(given);
    unlock_file(given, SQLITE_LOCK_NONE);
    unmap_shared(given, 0);
    self.~handle();
    return SQLITE_OK;
}

int read_file(sqlite3_file* given, void* into, int count, sqlite3_int64 offset) {
    auto const wanted = static_cast<std::size_t>(count);
    std::size_t const there = ours(given).opened->content.read(static_cast<char*>(into), wanted,
                                                               static_cast<std::uint64_t>(offset));
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* given, void const* bytes, int count, sqlite3_int64 offset) {
    memory_vfs::working const now;
    ours(given).opened->content.write(
        {static_cast<char const*>(bytes), static_cast<std::size_t>(count)},
        static_cast<std::uint64_t>(offset));
    return SQLITE_OK;
}

int truncate_file(sqlite3_file* given, sqlite3_int64 size) {
    memory_vfs::working const now;
    ours(given).opened->content.resize(static_cast<std::uint64_t>(size));
    return SQLITE_OK;
}

int sync_file(sqlite3_file*, int) { return SQLITE_OK; }

int file_size(sqlite3_file* given, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(ours(given).opened->content.size());
    return SQLITE_OK;
}

int lock_file(sqlite3_file* given, int level) {
    memory_vfs::handle& self = ours(given);
    memory_vfs::file& locked = *self.opened;
    if (self.level >= level) { return SQLITE_OK; }
    if (self.level == SQLITE_LOCK_NONE) {
        if (locked.is_exclusive) { return SQLITE_BUSY; }
        ++locked.shared;
        self.level = SQLITE_LOCK_SHARED;
    }
    if (level == SQLITE_LOCK_SHARED) { return SQLITE_OK; }
    if (locked.reserved != nullptr && locked.reserved != &self) { return SQLITE_BUSY; }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        if (locked.shared != 1) { return SQLITE_BUSY; }
        locked.is_exclusive = true;
    }
    locked.reserved = &self;
    self.level = level;
    return SQLITE_OK;
}

int unlock_file(sqlite3_file* given, int level) {
    memory_vfs::handle& self = ours(given);
    memory_vfs::file& locked = *self.opened;
    if (self.level <= level) { return SQLITE_OK; }
    if (locked.reserved == &self) {
        locked.reserved = nullptr;
        locked.is_exclusive = false;
    }
    if (level == SQLITE_LOCK_NONE) { --locked.shared; }
    self.level = level;
    return SQLITE_OK;
}

int check_reserved(sqlite3_file* given, int* is_reserved) {
    *is_reserved = ours(given).opened->reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

int sector_size(sqlite3_file*) { return 512; }

int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map_shared(sqlite3_file* given, int region, int size, int extend, void volatile** memory) {
    memory_vfs::working const now;
    memory_vfs::handle& self = ours(given);
    auto& regions = self.opened->regions;
    if (!std::exchange(self.is_mapped, true)) { ++self.opened->mapped; }
    auto const index = static_cast<std::size_t>(region);
    *memory = nullptr;
    if (index >= regions.size() && extend == 0) { return SQLITE_OK; }
    while (index >= regions.size()) {
        regions.push_back(std::make_unique<std::array<char, 32 * 1024>>());
    }
    bool const fits = static_cast<std::size_t>(size) <= regions[index]->size();
    *memory = regions[index]->data();
    return fits ? SQLITE_OK : SQLITE_IOERR_SHMMAP;
}

int lock_shared(sqlite3_file* given, int offset, int count, int flags) {
    memory_vfs::handle& self = ours(given);
    memory_vfs::file& locked = *self.opened;
    bool const is_shared = (flags & SQLITE_SHM_SHARED) != 0;
    bool const takes = (flags & SQLITE_SHM_LOCK) != 0;
    auto const first = static_cast<std::size_t>(offset);
    auto const end = first + static_cast<std::size_t>(count);
    for (std::size_t slot = first; takes && slot != end; ++slot) {
        std::uint32_t const own = self.shared_slots >> slot & 1U;
        bool const is_held =
            locked.exclusive_slots[slot] != nullptr && locked.exclusive_slots[slot] != &self;
        bool const is_read = !is_shared && locked.shared_slots[slot] > static_cast<int>(own);
        if (is_held || is_read) { return SQLITE_BUSY; }
    }
    for (std::size_t slot = first; slot != end; ++slot) {
        std::uint32_t const bit = 1U << slot;
        if (!is_shared) {
            locked.exclusive_slots[slot] = takes ? &self : nullptr;
        } else if (takes != ((self.shared_slots & bit) != 0)) {
            locked.shared_slots[slot] += takes ? 1 : -1;
            self.shared_slots ^= bit;
        }
    }
    return SQLITE_OK;
}

void barrier_shared(sqlite3_file*) {}

int unmap_shared(sqlite3_file* given, int) {
    memory_vfs::handle& self = ours(given);
    memory_vfs::file& mapped = *self.opened;
    if (!std::exchange(self.is_mapped, false)) { return SQLITE_OK; }
    lock_shared(given, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
    std::replace(mapped.exclusive_slots.begin(), mapped.exclusive_slots.end(), &self,
                 static_cast<memory_vfs::handle*>(nullptr));
    if (--mapped.mapped == 0) { mapped.regions.clear(); }
    return SQLITE_OK;
}

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

int open_file(sqlite3_vfs* vfs, char const* path, sqlite3_file* given, int flags, int* out_flags) {
    memory_vfs::working const now;
    given->pMethods = nullptr; // so that SQLite does not close what was not opened
    memory_vfs& owner = owner_of(vfs);
    // A file without a name is temporary, and gone once it is closed.
    auto const found = path == nullptr                     ? std::make_shared<memory_vfs::file>()
                       : (flags & SQLITE_OPEN_CREATE) != 0 ? owner.find_or_create(path)
                                                           : owner.find(path);
    if (found == nullptr) { return SQLITE_CANTOPEN; }
    auto* const made = new (given) memory_vfs::handle{};
    made->opened = found;
    made->base.pMethods = &methods;
    if (out_flags != nullptr) { *out_flags = flags; }
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, char const* path, int) {
    owner_of(vfs).erase(path);
    return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, char const* path, int, int* answer) {
    auto const found = owner_of(vfs).find(path);
    *answer = found != nullptr && found->content.size() != 0 ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, char const* path, int count, char* into) {
    sqlite3_snprintf(count, into, "%s", path);
    return SQLITE_OK;
}

} // namespace

memory_vfs::memory_vfs(std::string name)
    : name_(std::move(name)), vfs_(*sqlite3_vfs_find(nullptr)) {
    vfs_.pNext = nullptr;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.szOsFile = static_cast<int>(sizeof(handle));
    vfs_.xOpen = open_file;
    vfs_.xDelete = delete_file;
    vfs_.xAccess = access_file;
    vfs_.xFullPathname = full_path;
    // Time and randomness stay the system's.
    if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK) {
        throw std::runtime_error{"cannot register a VFS"};
    }
}

memory_vfs::~memory_vfs() { sqlite3_vfs_unregister(&vfs_); }

void memory_vfs::load(disk_image const& image) {
    files_.clear();
    for (auto const& [name, content] : image) { find_or_create(name)->content = content; }
}

disk_image memory_vfs::image() const {
    disk_image image;
    for (auto const& [name, held] : files_) { image.emplace(name, held->content); }
    return image;
}

std::shared_ptr<memory_vfs::file> memory_vfs::find(std::string_view path) const {
    auto const found = files_.find(io_journal::name_in(path));
    return found != files_.end() ? found->second : nullptr;
}

std::shared_ptr<memory_vfs::file> memory_vfs::find_or_create(std::string_view path) {
    auto& held = files_[std::string{io_journal::name_in(path)}];
    if (held == nullptr) { held = std::make_shared<file>(); }
    return held;
}

void memory_vfs::rename(std::string_view path, std::string_view new_path) {
    auto const held = find(path);
    erase(path);
    if (held != nullptr) { files_[std::string{io_journal::name_in(new_path)}] = held; }
}

void memory_vfs::erase(std::string_view path) {
    auto const found = files_.find(io_journal::name_in(path));
    if (found != files_.end()) { files_.erase(found); }
}

} // namespace swarmlog::test
