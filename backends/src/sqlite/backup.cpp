#include "sqlite/backup.hpp"

#include "sqlite/error_mapping.hpp"
#include "sqlite/store_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

namespace swarmlog::detail {

namespace fs = std::filesystem;

namespace {

constexpr int pages_per_step = 128;

error target_exists(std::string const& target) {
    return {errc::invalid_argument, "the target of a backup exists: " + target};
}

struct finish_backup {
    void operator()(sqlite3_backup* backup) const noexcept { sqlite3_backup_finish(backup); }
};

result<void> copy_pages(sqlite_connection& source, sqlite_connection& copy,
                        progress const& report) {
    std::unique_ptr<sqlite3_backup, finish_backup> const backup{
        sqlite3_backup_init(copy.handle(), "main", source.handle(), "main")};
    if (!backup) {
        return copy.failure(sqlite3_extended_errcode(copy.handle()), "make the backup");
    }
    for (;;) {
        int const code = sqlite3_backup_step(backup.get(), pages_per_step);
        if (code != SQLITE_OK && code != SQLITE_DONE) {
            return sqlite_failure(nullptr, code, "make the backup",
                                  sqlite3_db_filename(copy.handle(), "main"));
        }
        int const total = sqlite3_backup_pagecount(backup.get());
        int const left = sqlite3_backup_remaining(backup.get());
        bool const go_on = !report || report(static_cast<std::uint64_t>(total - left),
                                             static_cast<std::uint64_t>(total));
        if (code == SQLITE_DONE) return {};
        if (!go_on) return error{errc::cancelled, "the backup was cancelled"};
    }
}

result<void> write_copy(sqlite_connection& source, sqlite_connection_settings const& settings,
                        progress const& report) {
    if (auto made = create_private_file(settings.path); !made) return made;
    auto copy = sqlite_connection::open(settings, sqlite_access::read_write);
    if (!copy) return copy.error();
    // No journal: a copy that fails is removed. FULL: the copy is flushed at its end.
    auto set = copy->execute("PRAGMA journal_mode=OFF;PRAGMA synchronous=FULL", "set up");
    if (!set) return set;
    if (auto copied = copy_pages(source, *copy, report); !copied) return copied;
    return copy->close();
}

/// Fails rather than replace a file that has appeared meanwhile.
result<void> give_name(std::string const& partial, std::string const& target) {
    if (::renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0) {
        return {};
    }
    if (errno == EEXIST) return target_exists(target);
    if (errno == EINVAL || errno == ENOSYS) { // not every file system has it
        std::error_code failed;
        if (fs::exists(target, failed)) return target_exists(target);
        fs::rename(partial, target, failed);
        if (!failed) return {};
        return system_failure(failed.value(), "name the backup", target);
    }
    return system_failure(errno, "name the backup", target);
}

} // namespace

result<void> back_up(sqlite_connection& source, std::string const& target, std::string const& vfs,
                     progress const& report) {
    auto const path = resolve_store_path(target);
    if (!path) return path.error();
    std::error_code ignored;
    if (fs::exists(*path, ignored)) return target_exists(*path);

    std::string const partial = *path + ".partial";
    fs::remove(partial, ignored);
    auto done = write_copy(source, {.path = partial, .vfs = vfs}, report);
    if (done) done = give_name(partial, *path);
    if (!done) {
        fs::remove(partial, ignored);
        return done;
    }
    return sync_folder_of(*path);
}

} // namespace swarmlog::detail
