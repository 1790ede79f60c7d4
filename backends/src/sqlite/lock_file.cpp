#include "sqlite/lock_file.hpp"

#include "sqlite/error_mapping.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace swarmlog::detail {

std::string lock_path_of(std::string const& store_path) { return store_path + ".lock"; }

result<lock_file> lock_file::acquire(std::string const& store_path) {
    std::string const path = lock_path_of(store_path);
    constexpr ::mode_t mode = 0600;
    lock_file file{::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode)};
    if (file.descriptor_ < 0) return system_failure(errno, "open the lock file", path);

    struct ::flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (::fcntl(file.descriptor_, F_OFD_SETLK, &whole) == 0) return file;
    if (errno == EAGAIN || errno == EACCES) {
        return error{errc::already_open, store_path + " is open for writing already: " + path +
                                             " is locked, here or in another process"};
    }
    return system_failure(errno, "lock", path);
}

result<lock_file> lock_file::peek(std::string const& store_path) {
    std::string const path = lock_path_of(store_path);
    lock_file file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
    if (file.descriptor_ < 0) return system_failure(errno, "open the lock file", path);
    return file;
}

std::size_t lock_file::read(std::span<std::uint8_t> bytes, std::uint64_t offset) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
        ::ssize_t const count = ::pread(descriptor_, bytes.data() + done, bytes.size() - done,
                                        static_cast<::off_t>(offset + done));
        if (count < 0 && errno == EINTR) { continue; }
        if (count <= 0) { break; }
        done += static_cast<std::size_t>(count);
    }
    return done;
}

result<void> lock_file::write(std::span<std::uint8_t const> bytes, std::uint64_t offset) const {
    ::ssize_t const count =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<::off_t>(offset));
    if (count == static_cast<::ssize_t>(bytes.size())) return {};
    return system_failure(count < 0 ? errno : ENOSPC, "write", "the lock file");
}

result<void> lock_file::sync() const {
    if (::fdatasync(descriptor_) == 0) return {};
    return system_failure(errno, "flush", "the lock file");
}

void lock_file::release() noexcept {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

} // namespace swarmlog::detail
