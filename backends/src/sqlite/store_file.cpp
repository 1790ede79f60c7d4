#include "sqlite/store_file.hpp"

#include "sqlite/connection.hpp"
#include "sqlite/error_mapping.hpp"
#include "sqlite/schema.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <system_error>

namespace swarmlog::detail {

namespace fs = std::filesystem;

namespace {

// From "The Database Header" of SQLite's file format; integers are big endian.
constexpr std::string_view sqlite_magic{"SQLite format 3\0", 16};
constexpr std::size_t user_version_at = 60;
constexpr std::size_t application_id_at = 68;
using database_header = std::array<unsigned char, 100>;

std::uint32_t integer_at(database_header const& header, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8U | header[offset + i];
    return value;
}

bool is_sqlite(database_header const& header) {
    return std::string_view{reinterpret_cast<char const*>(header.data()), sqlite_magic.size()} ==
           sqlite_magic;
}

result<store_file> judge(std::uint32_t application, std::uint32_t schema_version,
                         std::string const& path) {
    if (application != sqlite_application_id) {
        return error{errc::not_ours, path +
                                         " is another program's SQLite database: its "
                                         "application_id is " +
                                         std::to_string(application)};
    }
    return store_file{true, schema_version};
}

bool has_write_ahead_log(sqlite_connection_settings const& settings) {
    auto* const vfs = sqlite3_vfs_find(settings.vfs.empty() ? nullptr : settings.vfs.c_str());
    std::string const log = wal_path_of(settings.path);
    int found = 0;
    return vfs != nullptr &&
           vfs->xAccess(vfs, log.c_str(), SQLITE_ACCESS_EXISTS, &found) == SQLITE_OK && found != 0;
}

/// When power is cut while the write-ahead log is moved into the main file, the first sector may
/// hold anything, and the page that belongs there is in the log.
result<store_file> judge_by_log(sqlite_connection_settings const& settings) {
    constexpr std::string_view doing = "read the header of";
    auto connection = sqlite_connection::open(settings, sqlite_access::read_only);
    if (!connection) return connection.error();
    auto const application = connection->integer("PRAGMA application_id", doing);
    if (!application) return application.error();
    auto const schema_version = connection->integer("PRAGMA user_version", doing);
    if (!schema_version) return schema_version.error();
    return judge(static_cast<std::uint32_t>(*application),
                 static_cast<std::uint32_t>(*schema_version), settings.path);
}

error not_followed(std::string const& path) {
    return {errc::invalid_argument, path +
                                        " is a symbolic link, which is not followed: name the "
                                        "file itself"};
}

/// What SQLite and the lock keep beside a store.
constexpr std::string_view side_suffixes[] = {"-wal", "-shm", "-journal", ".lock"};

std::string octal(::mode_t mode) {
    std::string digits;
    for (unsigned shift : {6U, 3U, 0U}) digits += static_cast<char>('0' + (mode >> shift & 7U));
    return digits;
}

} // namespace

result<store_file> inspect_store_file(std::string const& path, std::string const& vfs) {
    std::error_code failed;
    if (auto plain = check_side_files(path); !plain) return plain.error();
    if (!fs::exists(fs::symlink_status(path, failed))) return store_file{};
    if (!fs::is_regular_file(fs::symlink_status(path, failed))) {
        return error{errc::invalid_argument, path + " is not a regular file"};
    }
    if (file_bytes(path) == 0) return store_file{};

    sqlite_connection_settings const settings{.path = path, .vfs = vfs};
    auto connection = sqlite_connection::open_untouched(settings);
    if (!connection) return connection.error();
    sqlite3_file* const file = connection->main_file();
    if (file == nullptr) return error{errc::io_error, "cannot read " + path};
    database_header header{};
    int const code = file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0);
    if (code == SQLITE_IOERR_SHORT_READ) {
        return error{errc::not_ours, path + " is too short to be a SQLite database"};
    }
    if (code != SQLITE_OK) return sqlite_failure(nullptr, code, "read", path);
    if (is_sqlite(header)) {
        return judge(integer_at(header, application_id_at), integer_at(header, user_version_at),
                     path);
    }
    error const foreign{errc::not_ours, path + " is not a SQLite database"};
    if (!has_write_ahead_log(settings)) return foreign;
    auto judged = judge_by_log(settings);
    if (!judged && judged.error() == errc::corrupt) return foreign; // the log does not have it
    return judged;
}

result<std::string> resolve_store_path(fs::path const& path) {
    if (path.empty() || !path.has_filename()) {
        return error{errc::invalid_argument,
                     "a store needs the path of a file, not '" + path.string() + "'"};
    }
    if (path.native().find('\0') != std::string::npos) {
        return error{errc::invalid_argument, "the path of a store has a zero byte"};
    }
    std::error_code failed;
    fs::path const absolute = fs::absolute(path, failed);
    fs::path const resolved =
        fs::weakly_canonical(absolute.parent_path(), failed) / absolute.filename();
    if (failed) return system_failure(failed.value(), "resolve", path.string());
    if (fs::is_symlink(fs::symlink_status(resolved, failed)))
        return not_followed(resolved.string());
    if (fs::is_directory(resolved, failed)) {
        return error{errc::invalid_argument, resolved.string() + " is a folder"};
    }
    fs::file_status const folder = fs::status(resolved.parent_path(), failed);
    if (folder.type() == fs::file_type::not_found) {
        return error{errc::not_found, "there is no folder " + resolved.parent_path().string()};
    }
    if (folder.type() != fs::file_type::directory) {
        return system_failure(failed ? failed.value() : ENOTDIR, "open the folder",
                              resolved.parent_path().string());
    }
    return resolved.string();
}

result<void> check_side_files(std::string const& store_path) {
    for (std::string_view const suffix : side_suffixes) {
        std::string const path = store_path + std::string{suffix};
        std::error_code failed;
        fs::file_status const found = fs::symlink_status(path, failed);
        if (fs::is_symlink(found)) return not_followed(path);
        if (fs::exists(found) && !fs::is_regular_file(found)) {
            return error{errc::invalid_argument, path + " is not a regular file"};
        }
    }
    return {};
}

result<void> create_private_file(std::string const& path) {
    constexpr ::mode_t owner_alone = 0600;
    int const descriptor =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, owner_alone);
    if (descriptor < 0) return system_failure(errno, "create", path);
    ::close(descriptor);
    return {};
}

std::vector<std::string> loose_modes(std::string const& store_path) {
    constexpr ::mode_t of_others = 077;
    std::vector<std::string> warnings;
    for (std::string_view const suffix : {"", "-wal", ".lock"}) {
        std::string const path = store_path + std::string{suffix};
        struct ::stat facts {};
        if (::lstat(path.c_str(), &facts) != 0 || (facts.st_mode & of_others) == 0) continue;
        warnings.push_back(path + " has mode " + octal(facts.st_mode) +
                           ", so that not only its owner can use it; swarmlog makes it 600");
    }
    return warnings;
}

result<void> sync_folder_of(std::string const& path) {
    std::string const folder = fs::path{path}.parent_path().string();
    int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return system_failure(errno, "open the folder", folder);
    int const code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    // Some file systems cannot flush a folder, and need not.
    if (code != 0 && code != EINVAL) return system_failure(code, "flush the folder", folder);
    return {};
}

std::string wal_path_of(std::string const& store_path) { return store_path + "-wal"; }

std::uint64_t file_bytes(std::string const& path) {
    std::error_code failed;
    std::uintmax_t const size = fs::file_size(path, failed);
    return failed ? 0 : size;
}

bool is_folder_writable(std::string const& path) {
    // SQLite asks with the effective rights, so this does too.
    std::string const folder = fs::path{path}.parent_path().string();
    return ::faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) == 0;
}

} // namespace swarmlog::detail
