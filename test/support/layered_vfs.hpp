#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

namespace swarmlog::test {

class layered_vfs;

/// An open file of a layer. SQLite allocates it: this, and behind it the file of the layer below.
struct layered_file {
    sqlite3_file base;
    layered_vfs* owner;
    bool is_wal;
    std::uint64_t number; ///< for the layer's own use

    [[nodiscard]] sqlite3_file* below() noexcept {
        return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(this) +
                                               sizeof(layered_file));
    }
};

/// A SQLite VFS over another one. Every call passes through; a derived class changes those that
/// it is about. Registered for as long as it lives, under its name; every connection that uses
/// it must be closed before it goes, and it must go before the layer below does.
class layered_vfs {
public:
    /// `below` names a registered VFS; empty means the default one.
    explicit layered_vfs(std::string name, std::string const& below = {});
    layered_vfs(layered_vfs const&) = delete;
    layered_vfs& operator=(layered_vfs const&) = delete;
    virtual ~layered_vfs();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }

    // For the functions that SQLite calls: each answers a SQLite code.
    [[nodiscard]] sqlite3_vfs& below() const noexcept { return *below_; }
    virtual int open(char const* path, layered_file& file, int flags, int* out_flags);
    virtual int read(layered_file& file, void* bytes, int count, sqlite3_int64 offset);
    virtual int write(layered_file& file, void const* bytes, int count, sqlite3_int64 offset);
    virtual int truncate(layered_file& file, sqlite3_int64 size);
    virtual int sync(layered_file& file, int flags);
    virtual int remove(char const* path, bool sync_folder);

private:
    std::string name_;
    sqlite3_vfs* below_;
    sqlite3_vfs vfs_;
};

} // namespace swarmlog::test
