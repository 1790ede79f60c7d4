#pragma once

#include "support/file_image.hpp"

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::test {

/// A SQLite VFS whose files are images in memory, known by the last part of their path. Flushes
/// do nothing. For one process and one thread: locks are counted, never waited for.
///
/// Registered for as long as it lives; every connection that uses it must be closed before.
class memory_vfs {
public:
    explicit memory_vfs(std::string name);
    memory_vfs(memory_vfs const&) = delete;
    memory_vfs& operator=(memory_vfs const&) = delete;
    ~memory_vfs();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }

    /// Puts these files in the place of all others. No file may be open.
    void load(disk_image const& image);
    [[nodiscard]] disk_image image() const;

    // For the functions that SQLite calls.
    struct handle;
    struct file {
        file_image content;
        int shared = 0;             ///< handles that hold at least SQLite's shared lock
        handle* reserved = nullptr; ///< the one that holds more
        bool is_exclusive = false;
        std::vector<std::unique_ptr<std::array<char, 32 * 1024>>> regions;
        int mapped = 0; ///< handles that use the regions
        std::array<int, SQLITE_SHM_NLOCK> shared_slots{};
        std::array<handle*, SQLITE_SHM_NLOCK> exclusive_slots{};
    };
    [[nodiscard]] std::shared_ptr<file> find(std::string_view path) const;
    [[nodiscard]] std::shared_ptr<file> find_or_create(std::string_view path);
    void erase(std::string_view path);

private:
    std::string name_;
    sqlite3_vfs vfs_;
    std::map<std::string, std::shared_ptr<file>, std::less<>> files_;
};

} // namespace swarmlog::test
