#include "support/failing_calls.hpp"

#include <fcntl.h>
#include <sys/types.h>
#include <sys/vfs.h>

#include <cerrno>
#include <cstdarg>
#include <optional>
#include <string_view>
#include <utility>

namespace swarmlog::test {

namespace {

struct planned_failure {
    system_call which;
    int system_errno;
    std::string path_end;
    std::uint64_t times;
};

thread_local std::optional<planned_failure> planned;
thread_local std::optional<std::uint32_t> pretended_type;

/// Sets `errno` when this call has to fail.
bool fails(system_call which, std::string_view path = {}) {
    if (!planned || planned->which != which || planned->times == 0) { return false; }
    if (!path.ends_with(planned->path_end)) { return false; }
    --planned->times;
    errno = planned->system_errno;
    return true;
}

} // namespace

failing_call::failing_call(system_call which, int system_errno, std::string path_end,
                           std::uint64_t times) {
    planned = planned_failure{which, system_errno, std::move(path_end), times};
}
failing_call::~failing_call() { planned.reset(); }

pretended_file_system::pretended_file_system(std::uint32_t type) { pretended_type = type; }
pretended_file_system::~pretended_file_system() { pretended_type.reset(); }

} // namespace swarmlog::test

using swarmlog::test::fails;
using swarmlog::test::system_call;

// The linker fixes these names.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

int __real_open(char const* path, int flags, ...);
int __real_fcntl(int descriptor, int command, ...);
ssize_t __real_pread(int descriptor, void* bytes, size_t count, off_t offset);
ssize_t __real_pwrite(int descriptor, void const* bytes, size_t count, off_t offset);
int __real_fdatasync(int descriptor);
int __real_fsync(int descriptor);
int __real_rename(char const* from, char const* to);
int __real_renameat2(int from_folder, char const* from, int to_folder, char const* to,
                     unsigned flags);
int __real_statfs(char const* path, struct statfs* facts);

int __wrap_open(char const* path, int flags, ...) {
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return fails(system_call::open, path) ? -1 : __real_open(path, flags, mode);
}

// The library's own calls pass a lock.
int __wrap_fcntl(int descriptor, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void* const given = va_arg(arguments, void*);
    va_end(arguments);
    return fails(system_call::fcntl) ? -1 : __real_fcntl(descriptor, command, given);
}

ssize_t __wrap_pread(int descriptor, void* bytes, size_t count, off_t offset) {
    return fails(system_call::pread) ? -1 : __real_pread(descriptor, bytes, count, offset);
}

ssize_t __wrap_pwrite(int descriptor, void const* bytes, size_t count, off_t offset) {
    if (!fails(system_call::pwrite)) { return __real_pwrite(descriptor, bytes, count, offset); }
    bool const is_short = errno == swarmlog::test::failing_call::short_write;
    return is_short ? __real_pwrite(descriptor, bytes, count / 2, offset) : -1;
}

int __wrap_fdatasync(int descriptor) {
    return fails(system_call::fdatasync) ? -1 : __real_fdatasync(descriptor);
}

int __wrap_fsync(int descriptor) {
    return fails(system_call::fsync) ? -1 : __real_fsync(descriptor);
}

int __wrap_rename(char const* from, char const* to) {
    return fails(system_call::rename, to) ? -1 : __real_rename(from, to);
}

int __wrap_renameat2(int from_folder, char const* from, int to_folder, char const* to,
                     unsigned flags) {
    return fails(system_call::renameat2, to)
               ? -1
               : __real_renameat2(from_folder, from, to_folder, to, flags);
}

int __wrap_statfs(char const* path, struct statfs* facts) {
    auto const pretended = swarmlog::test::pretended_type;
    if (pretended == 0U) {
        errno = EACCES;
        return -1;
    }
    int const code = __real_statfs(path, facts);
    if (pretended) { facts->f_type = *pretended; }
    return code;
}

} // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
