#include "support/recorded_calls.hpp"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string_view>

namespace swarmlog::test {

namespace {

/// Atomic, because while it is null any thread may come by.
std::atomic<io_journal*> recording_to{nullptr};
/// Open descriptors of files that the journal knows, and of folders.
std::map<int, std::uint32_t>& open_files() {
    static std::map<int, std::uint32_t> files;
    return files;
}
constexpr std::uint32_t folder = 0xffff'ffff;

void note_open(int descriptor, std::string_view path, int flags, bool is_new) {
    io_journal* const journal = recording_to;
    if (descriptor < 0 || journal == nullptr) { return; }
    if ((flags & O_DIRECTORY) != 0) {
        open_files()[descriptor] = folder;
        return;
    }
    std::string_view const name = io_journal::name_in(path);
    if (is_new) { journal->create(name); }
    if (auto const file = journal->file_named(name)) { open_files()[descriptor] = *file; }
}

void note_close(int descriptor) {
    if (recording_to != nullptr) { open_files().erase(descriptor); }
}

void note_write(int descriptor, std::string_view bytes, std::uint64_t offset) {
    io_journal* const journal = recording_to;
    if (journal == nullptr) { return; }
    auto const found = open_files().find(descriptor);
    if (found != open_files().end()) { journal->write(found->second, bytes, offset); }
}

void note_sync(int descriptor) {
    io_journal* const journal = recording_to;
    if (journal == nullptr) { return; }
    auto const found = open_files().find(descriptor);
    if (found == open_files().end()) { return; }
    if (found->second == folder) {
        journal->sync_names();
    } else {
        journal->sync(found->second, false, true);
    }
}

void note_rename(char const* from, char const* to) {
    if (io_journal* const journal = recording_to) {
        journal->rename(io_journal::name_in(from), io_journal::name_in(to));
    }
}

} // namespace

recorded_calls::recorded_calls(io_journal& journal) {
    io_journal* none = nullptr;
    if (!recording_to.compare_exchange_strong(none, &journal)) {
        throw std::logic_error{"one recording at a time"};
    }
}

recorded_calls::~recorded_calls() {
    recording_to = nullptr;
    open_files().clear();
}

} // namespace swarmlog::test

// The linker fixes these names.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

int __real_open(char const* path, int flags, ...);
int __real_close(int descriptor);
ssize_t __real_pwrite(int descriptor, void const* bytes, size_t count, off_t offset);
int __real_fdatasync(int descriptor);
int __real_fsync(int descriptor);
int __real_rename(char const* from, char const* to);

int __wrap_open(char const* path, int flags, ...) {
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    bool const is_new = (flags & O_CREAT) != 0 && ::access(path, F_OK) != 0;
    int const descriptor = __real_open(path, flags, mode);
    swarmlog::test::note_open(descriptor, path, flags, is_new);
    return descriptor;
}

int __wrap_close(int descriptor) {
    swarmlog::test::note_close(descriptor);
    return __real_close(descriptor);
}

ssize_t __wrap_pwrite(int descriptor, void const* bytes, size_t count, off_t offset) {
    ssize_t const written = __real_pwrite(descriptor, bytes, count, offset);
    if (written > 0) {
        swarmlog::test::note_write(descriptor,
                                   {static_cast<char const*>(bytes), static_cast<size_t>(written)},
                                   static_cast<std::uint64_t>(offset));
    }
    return written;
}

int __wrap_fdatasync(int descriptor) {
    int const code = __real_fdatasync(descriptor);
    if (code == 0) { swarmlog::test::note_sync(descriptor); }
    return code;
}

int __wrap_fsync(int descriptor) {
    int const code = __real_fsync(descriptor);
    if (code == 0) { swarmlog::test::note_sync(descriptor); }
    return code;
}

int __wrap_rename(char const* from, char const* to) {
    int const code = __real_rename(from, to);
    if (code == 0) { swarmlog::test::note_rename(from, to); }
    return code;
}

} // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
