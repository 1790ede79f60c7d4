#pragma once

#include <cstdint>

namespace swarmlog::test {

/// Makes allocations of this thread fail, for as long as it lives: the `nth` from now on, and with
/// `and_all_later` every one after. 0: never, to count. One at a time in a thread; other threads
/// are left alone, and so is what holds a log's files in memory (support/memory_vfs.hpp).
///
/// Of the program's own allocations `operator new` throws `std::bad_alloc`; SQLite's, for which
/// `install_in_sqlite` has to be called before, answer null.
class allocation_fault {
public:
    enum class allocator : std::uint8_t { none, program, sqlite };

    explicit allocation_fault(std::uint64_t nth, bool and_all_later = false,
                              allocator of = allocator::program) noexcept;
    allocation_fault(allocation_fault const&) = delete;
    allocation_fault& operator=(allocation_fault const&) = delete;
    ~allocation_fault();

    /// The same in this thread until it ends, for a thread that is not the test's own.
    static void arm(std::uint64_t nth, bool and_all_later,
                    allocator of = allocator::program) noexcept;

    /// Allocations since then.
    [[nodiscard]] static std::uint64_t count() noexcept;

    /// Puts itself between SQLite and its allocator, for good. No connection may be open.
    static void install_in_sqlite();
};

} // namespace swarmlog::test
