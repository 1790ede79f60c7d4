#include "support/recording_vfs.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace swarmlog::test {

namespace {

constexpr std::uint64_t file_mask = 0xffff'ffff;
constexpr std::uint32_t without_name = 0xffff'ffff;
/// SQLite's Unix VFS flushes the folder with the first flush of such a file, if it may make it.
constexpr std::uint64_t names_are_due = std::uint64_t{1} << 32;
constexpr int with_names = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;

std::uint32_t number_of(layered_file const& file) {
    return static_cast<std::uint32_t>(file.number & file_mask);
}

} // namespace

recording_vfs::recording_vfs(std::string name, io_journal& journal, flushes how,
                             std::string const& below)
    : layered_vfs(std::move(name), below), journal_(journal), how_(how) {}

int recording_vfs::open(char const* path, layered_file& file, int flags, int* out_flags) {
    int const code = layered_vfs::open(path, file, flags, out_flags);
    file.number = without_name;
    if (code != SQLITE_OK || path == nullptr) { return code; }
    std::string_view const name = io_journal::name_in(path);
    if (!journal_.file_named(name)) { journal_.create(name); }
    file.number = *journal_.file_named(name);
    bool const makes = (flags & SQLITE_OPEN_CREATE) != 0;
    if (makes && (flags & with_names) != 0) { file.number |= names_are_due; }
    return code;
}

int recording_vfs::write(layered_file& file, void const* bytes, int count, sqlite3_int64 offset) {
    int const code = layered_vfs::write(file, bytes, count, offset);
    if (number_of(file) == without_name) { return code; }
    journal_.write(number_of(file),
                   {static_cast<char const*>(bytes), static_cast<std::size_t>(count)},
                   static_cast<std::uint64_t>(offset));
    return code;
}

int recording_vfs::truncate(layered_file& file, sqlite3_int64 size) {
    int const code = layered_vfs::truncate(file, size);
    if (number_of(file) == without_name) { return code; }
    journal_.truncate(number_of(file), static_cast<std::uint64_t>(size));
    return code;
}

int recording_vfs::sync(layered_file& file, int flags) {
    bool const is_honoured = how_ == flushes::honoured;
    int const code = is_honoured ? layered_vfs::sync(file, flags) : SQLITE_OK;
    if (number_of(file) == without_name) { return code; }
    bool const syncs_names = (std::exchange(file.number, number_of(file)) & names_are_due) != 0;
    journal_.sync(number_of(file), syncs_names, is_honoured);
    return code;
}

int recording_vfs::remove(char const* path, bool sync_folder) {
    int const code = layered_vfs::remove(path, sync_folder);
    if (code != SQLITE_OK) { return code; }
    journal_.remove(io_journal::name_in(path));
    if (sync_folder) { journal_.sync_names(); }
    return code;
}

} // namespace swarmlog::test
