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

    /// Whether this thread is in a call that SQLite has made. What is allocated then is the
    /// device's, not the program's.
    [[nodiscard]] static bool is_at_work() noexcept { return at_work_; }

    /// Puts these files in the place of all others. No file may be open.
    void load(disk_image const& image);
    [[nodiscard]] disk_image image() const;

    // For the functions that SQLite calls.
    class working {
    public:
        working() noexcept { at_work_ = true; }
        working(working const&) = delete;
        working& operator=(working const&) = delete;
        ~working() { at_work_ = false; }
    };
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
    void rename(std::string_view path, std::string_view new_path);

private:
    static inline constinit thread_local bool at_work_ = false;

    std::string name_;
    sqlite3_vfs vfs_;
    std::map<std::string, std::shared_ptr<file>, std::less<>> files_;
};

} // namespace swarmlog::test
