#pragma once

#include <sys/mman.h>
#include <unistd.h>

namespace swarmlog::detail {

/// Knows whether this process is a fork of the one that opened the log.
///
/// A page that the kernel wipes in a forked child (MADV_WIPEONFORK, Linux 4.14) makes the check
/// one load; where that is not to be had, the process id is compared.
class fork_guard {
public:
    fork_guard() : owner_(::getpid()) {
        void* const page =
            ::mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) { return; }
        if (::madvise(page, page_bytes, MADV_WIPEONFORK) != 0) {
            ::munmap(page, page_bytes);
            return;
        }
        mark_ = static_cast<int volatile*>(page);
        *mark_ = 1;
    }
    fork_guard(fork_guard const&) = delete;
    fork_guard& operator=(fork_guard const&) = delete;
    ~fork_guard() {
        if (mark_ != nullptr) { ::munmap(const_cast<int*>(mark_), page_bytes); }
    }

    [[nodiscard]] bool in_child() const noexcept {
        return mark_ != nullptr ? *mark_ == 0 : ::getpid() != owner_;
    }

private:
    static constexpr std::size_t page_bytes = 4096;
    ::pid_t owner_;
    int volatile* mark_ = nullptr;
};

} // namespace swarmlog::detail
