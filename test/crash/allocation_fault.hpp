#pragma once

#include <cstdint>

namespace swarmlog::test {

/// Makes `operator new` throw `std::bad_alloc` in this thread, for as long as it lives: at the
/// `nth` allocation from now on, and with `and_all_later` at every one after. 0: never, to count.
/// One at a time in a thread. Other threads are left alone, and so is who calls malloc, as SQLite.
class allocation_fault {
public:
    explicit allocation_fault(std::uint64_t nth, bool and_all_later = false) noexcept;
    allocation_fault(allocation_fault const&) = delete;
    allocation_fault& operator=(allocation_fault const&) = delete;
    ~allocation_fault();

    /// The same in this thread until it ends, for a thread that is not the test's own.
    static void arm(std::uint64_t nth, bool and_all_later) noexcept;

    /// Allocations since then.
    [[nodiscard]] static std::uint64_t count() noexcept;
};

} // namespace swarmlog::test
