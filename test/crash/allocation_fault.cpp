/// Replaces the global allocation functions of the program that it is linked into; not under a
/// sanitizer, whose own stand beside them and would free what these have made.

#include "crash/allocation_fault.hpp"

#include "support/memory_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace swarmlog::test {

namespace {

using allocator = allocation_fault::allocator;

struct allocation_counter {
    allocator armed = allocator::none;
    bool and_all_later = false;
    std::uint64_t nth = 0;
    std::uint64_t count = 0;
};

constinit thread_local allocation_counter here;

[[maybe_unused]] bool must_fail(allocator asked) noexcept {
    if (here.armed != asked || memory_vfs::is_at_work()) { return false; }
    std::uint64_t const count = ++here.count;
    return here.nth != 0 && (here.and_all_later ? count >= here.nth : count == here.nth);
}

[[maybe_unused]] void* allocate(std::size_t size) {
    void* const memory =
        must_fail(allocator::program) ? nullptr : std::malloc(std::max<std::size_t>(size, 1));
    if (memory == nullptr) { throw std::bad_alloc{}; }
    return memory;
}

[[maybe_unused]] void* allocate_aligned(std::size_t size, std::size_t alignment) {
    std::size_t const whole = (std::max<std::size_t>(size, 1) + alignment - 1) & ~(alignment - 1);
    void* const memory =
        must_fail(allocator::program) ? nullptr : std::aligned_alloc(alignment, whole);
    if (memory == nullptr) { throw std::bad_alloc{}; }
    return memory;
}

constinit sqlite3_mem_methods sqlite_allocator{}; ///< SQLite's own

void* allocate_for_sqlite(int size) {
    return must_fail(allocator::sqlite) ? nullptr : sqlite_allocator.xMalloc(size);
}

void* reallocate_for_sqlite(void* memory, int size) {
    return must_fail(allocator::sqlite) ? nullptr : sqlite_allocator.xRealloc(memory, size);
}

} // namespace

allocation_fault::allocation_fault(std::uint64_t nth, bool and_all_later, allocator of) noexcept {
    arm(nth, and_all_later, of);
}

void allocation_fault::arm(std::uint64_t nth, bool and_all_later, allocator of) noexcept {
    here = {of, and_all_later, nth, 0};
}

allocation_fault::~allocation_fault() { here.armed = allocator::none; }

void allocation_fault::install_in_sqlite() {
    if (sqlite_allocator.xMalloc != nullptr) { return; }
    // SQLite takes another allocator only before it is used.
    sqlite3_shutdown();
    bool is_done = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_allocator) == SQLITE_OK;
    sqlite3_mem_methods ours = sqlite_allocator;
    ours.xMalloc = allocate_for_sqlite;
    ours.xRealloc = reallocate_for_sqlite;
    is_done = is_done && sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK;
    if (!is_done || sqlite3_initialize() != SQLITE_OK) {
        throw std::runtime_error{"SQLite takes no other allocator"};
    }
}

std::uint64_t allocation_fault::count() noexcept { return here.count; }

} // namespace swarmlog::test

#ifndef SWARMLOG_SANITIZED
// The forms that do not throw call these.
void* operator new(std::size_t size) { return swarmlog::test::allocate(size); }
void* operator new[](std::size_t size) { return swarmlog::test::allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return swarmlog::test::allocate_aligned(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return swarmlog::test::allocate_aligned(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
#endif
