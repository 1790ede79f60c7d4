#include "sqlite/store_file.hpp"

#include "sqlite/connection.hpp"
#include "sqlite/error_mapping.hpp"
#include "sqlite/schema.hpp"

#include <fcntl.h>
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

result<store_file> judge(database_header const& header, std::string const& path) {
    bool const is_sqlite = std::string_view{reinterpret_cast<char const*>(header.data()),
                                            sqlite_magic.size()} == sqlite_magic;
    if (!is_sqlite) return error{errc::not_ours, path + " is not a SQLite database"};
    std::uint32_t const application = integer_at(header, application_id_at);
    if (application != sqlite_application_id) {
        return error{errc::not_ours, path +
                                         " is another program's SQLite database: its "
                                         "application_id is " +
                                         std::to_string(application)};
    }
    return store_file{true, integer_at(header, user_version_at)};
}

} // namespace

result<store_file> inspect_store_file(std::string const& path, std::string const& vfs) {
    std::error_code failed;
    if (!fs::exists(path, failed)) return store_file{};
    if (!fs::is_regular_file(path, failed)) {
        return error{errc::invalid_argument, path + " is not a regular file"};
    }
    if (file_bytes(path) == 0) return store_file{};

    auto connection =
        sqlite_connection::open_untouched(sqlite_connection_settings{.path = path, .vfs = vfs});
    if (!connection) return connection.error();
    sqlite3_file* const file = connection->main_file();
    if (file == nullptr) return error{errc::io_error, "cannot read " + path};
    database_header header{};
    int const code = file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0);
    if (code == SQLITE_IOERR_SHORT_READ) {
        return error{errc::not_ours, path + " is too short to be a SQLite database"};
    }
    if (code != SQLITE_OK) return sqlite_failure(nullptr, code, "read", path);
    return judge(header, path);
}

result<std::string> resolve_store_path(fs::path const& path) {
    if (path.empty() || !path.has_filename()) {
        return error{errc::invalid_argument,
                     "a store needs the path of a file, not '" + path.string() + "'"};
    }
    std::error_code failed;
    fs::path const resolved = fs::weakly_canonical(fs::absolute(path, failed), failed);
    if (failed) return system_failure(failed.value(), "resolve", path.string());
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
