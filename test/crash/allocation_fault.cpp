/// Replaces the global allocation functions of the program that it is linked into; not under a
/// sanitizer, whose own stand beside them and would free what these have made.

#include "crash/allocation_fault.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace swarmlog::test {

namespace {

struct allocation_counter {
    bool is_armed = false;
    bool and_all_later = false;
    std::uint64_t nth = 0;
    std::uint64_t count = 0;
};

constinit thread_local allocation_counter here;

[[maybe_unused]] bool must_fail() noexcept {
    if (!here.is_armed) { return false; }
    std::uint64_t const count = ++here.count;
    return here.nth != 0 && (here.and_all_later ? count >= here.nth : count == here.nth);
}

[[maybe_unused]] void* allocate(std::size_t size) {
    void* const memory = must_fail() ? nullptr : std::malloc(std::max<std::size_t>(size, 1));
    if (memory == nullptr) { throw std::bad_alloc{}; }
    return memory;
}

[[maybe_unused]] void* allocate_aligned(std::size_t size, std::size_t alignment) {
    std::size_t const whole = (std::max<std::size_t>(size, 1) + alignment - 1) & ~(alignment - 1);
    void* const memory = must_fail() ? nullptr : std::aligned_alloc(alignment, whole);
    if (memory == nullptr) { throw std::bad_alloc{}; }
    return memory;
}

} // namespace

allocation_fault::allocation_fault(std::uint64_t nth, bool and_all_later) noexcept {
    arm(nth, and_all_later);
}

void allocation_fault::arm(std::uint64_t nth, bool and_all_later) noexcept {
    here = {true, and_all_later, nth, 0};
}

allocation_fault::~allocation_fault() { here.is_armed = false; }

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
