#pragma once

#include <cstdint>
#include <string>

namespace swarmlog::test {

/// What a store does to its files without SQLite.
enum class system_call { open, fcntl, pread, pwrite, fdatasync, fsync, rename, renameat2 };

/// While it lives, a call to the system fails with this error, wherever the library makes it on
/// the thread that made this. One at a time.
///
/// The linker's --wrap brings the calls here, as it does for `recorded_calls`: what is tested is
/// the code that ships. Calls from within shared libraries, SQLite's among them, are not touched.
class failing_call {
public:
    /// A write that fails with `short_write` has written half, and reports no error.
    static constexpr int short_write = -1;

    /// Of calls that take a path, only those whose path ends with `path_end`; of all of these, the
    /// first `times`.
    failing_call(system_call which, int system_errno, std::string path_end = {},
                 std::uint64_t times = UINT64_MAX);
    failing_call(failing_call const&) = delete;
    failing_call& operator=(failing_call const&) = delete;
    ~failing_call();
};

/// While it lives, every folder is on a file system of this type of statfs(2); with 0, nobody can
/// tell.
class pretended_file_system {
public:
    explicit pretended_file_system(std::uint32_t type);
    pretended_file_system(pretended_file_system const&) = delete;
    pretended_file_system& operator=(pretended_file_system const&) = delete;
    ~pretended_file_system();
};

} // namespace swarmlog::test
