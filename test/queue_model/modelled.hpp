#pragma once

/// What stands for the standard library's atomics, mutexes and conditions in the copies of the
/// engine's sources that are explored, which live in this namespace, too.

#include "queue_model/explorer.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace swarmlog::detail {}

namespace swarmlog::modelled {

// NOLINTNEXTLINE(google-build-using-namespace): what is not copied is the engine's own.
using namespace detail;

using test::explorer;

/// The weakening that is in force, by its name in weakenings.cmake; empty: none.
inline std::string_view weakening;
inline bool is_weakened(std::string_view name) noexcept { return weakening == name; }
inline std::memory_order weaker(std::string_view name, std::memory_order weak,
                                std::memory_order order) noexcept {
    return is_weakened(name) ? weak : order;
}

inline std::uintptr_t thread_id() noexcept { return (explorer::current().thread() + 1) * 16; }

/// Tells of an access to memory that is not atomic.
inline void note_read(void const* at, char const* what = "a value") {
    explorer& world = explorer::current();
    if (!world.memory().plain_read(world.thread(), at)) {
        world.fail(std::string{"a read races with a write: "} + what);
    }
}
inline void note_write(void const* at, char const* what = "a value") {
    explorer& world = explorer::current();
    if (!world.memory().plain_write(world.thread(), at)) {
        world.fail(std::string{"a write races: "} + what);
    }
}

/// A value that is not atomic, each access to which is checked for races.
template <class T>
class cell {
public:
    cell() noexcept : value_{} { note_write(this); }
    // NOLINTNEXTLINE(google-explicit-constructor): stands where a plain T stood.
    cell(T value) noexcept : value_(value) { note_write(this); }
    cell(cell const& other) noexcept : value_(other) { note_write(this); }
    cell& operator=(cell const& other) noexcept { return *this = T(other); }
    cell& operator=(T value) noexcept {
        note_write(this);
        value_ = value;
        return *this;
    }
    ~cell() { note_write(this); }
    // NOLINTNEXTLINE(google-explicit-constructor)
    operator T() const noexcept {
        note_read(this);
        return value_;
    }

private:
    T value_;
};

template <class T>
class atomic {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t));
    using order_type = std::memory_order;
    static constexpr order_type sequential = std::memory_order_seq_cst;

public:
    // NOLINTNEXTLINE(google-explicit-constructor)
    atomic(T initial = T{}) noexcept
        : at_(world().memory().make_location(world().thread(), word(initial))) {}
    atomic(atomic const&) = delete;
    atomic& operator=(atomic const&) = delete;
    ~atomic() = default;

    [[nodiscard]] T load(order_type order = sequential) const noexcept {
        world().step();
        return value(world().memory().load(world().thread(), at_, order));
    }
    void store(T given, order_type order = sequential) noexcept {
        world().step();
        world().memory().store(world().thread(), at_, word(given), order);
    }
    T exchange(T given, order_type order = sequential) noexcept {
        return update(order, [&](T) { return given; });
    }
    template <class Amount>
    T fetch_add(Amount amount, order_type order = sequential) noexcept {
        return update(order, [&](T now) { return static_cast<T>(now + static_cast<T>(amount)); });
    }
    template <class Amount>
    T fetch_sub(Amount amount, order_type order = sequential) noexcept {
        return update(order, [&](T now) { return static_cast<T>(now - static_cast<T>(amount)); });
    }

    bool compare_exchange_strong(T& expected, T desired, order_type success,
                                 order_type failure) noexcept {
        world().step();
        std::uint64_t seen = word(expected);
        bool const done = world().memory().compare_exchange(world().thread(), at_, seen,
                                                            word(desired), success, failure);
        if (!done) { expected = value(seen); }
        return done;
    }
    bool compare_exchange_weak(T& expected, T desired, order_type success,
                               order_type failure) noexcept {
        // It may fail for no reason.
        if (world().choice().one_in(16)) {
            expected = load(failure);
            return false;
        }
        return compare_exchange_strong(expected, desired, success, failure);
    }
    bool compare_exchange_strong(T& expected, T desired, order_type order = sequential) noexcept {
        return compare_exchange_strong(expected, desired, order, failure_of(order));
    }
    bool compare_exchange_weak(T& expected, T desired, order_type order = sequential) noexcept {
        return compare_exchange_weak(expected, desired, order, failure_of(order));
    }

    /// As a futex: sleeps only while the newest value is `old`.
    void wait(T old, order_type order = sequential) const noexcept {
        while (word(load(order)) == word(old)) {
            world().step();
            if (world().memory().newest(at_) == word(old)) { world().sleep(this, false); }
        }
    }
    void notify_one() noexcept {
        world().step();
        world().wake(this, false);
    }
    void notify_all() noexcept {
        world().step();
        world().wake(this, true);
    }

private:
    static explorer& world() noexcept { return explorer::current(); }
    static std::uint64_t word(T given) noexcept {
        std::uint64_t made = 0;
        std::memcpy(&made, &given, sizeof given);
        return made;
    }
    static T value(std::uint64_t from) noexcept {
        T made{};
        std::memcpy(&made, &from, sizeof made);
        return made;
    }
    static constexpr order_type failure_of(order_type order) noexcept {
        if (order == std::memory_order_acq_rel) { return std::memory_order_acquire; }
        return order == std::memory_order_release ? std::memory_order_relaxed : order;
    }
    template <class Change>
    T update(order_type order, Change const& change) noexcept {
        world().step();
        T const before = value(world().memory().newest(at_));
        world().memory().update(world().thread(), at_, word(change(before)), order);
        return before;
    }
    std::size_t at_;
};

class atomic_flag {
public:
    bool test_and_set(std::memory_order order = std::memory_order_seq_cst) noexcept {
        return set_.exchange(true, order);
    }
    void clear(std::memory_order order = std::memory_order_seq_cst) noexcept {
        set_.store(false, order);
    }

private:
    atomic<bool> set_{false};
};

inline void atomic_thread_fence(std::memory_order order) noexcept {
    explorer::current().step();
    explorer::current().memory().fence(explorer::current().thread(), order);
}

class mutex {
public:
    void lock() {
        explorer& world = explorer::current();
        world.step();
        while (is_locked_) { world.sleep(this, false); }
        is_locked_ = true;
        world.memory().acquire_from(world.thread(), handed_);
    }
    void unlock() {
        explorer& world = explorer::current();
        world.memory().release_to(world.thread(), handed_);
        is_locked_ = false;
        world.wake(this, true);
    }

private:
    bool is_locked_ = false;
    test::vector_clock handed_;
};

/// A deadline of `time_point::max()` never comes; another one may come at any moment.
class condition_variable {
public:
    template <class Predicate>
    void wait(std::unique_lock<mutex>& lock, Predicate ready) {
        while (!ready()) { sleep(lock, false); }
    }
    template <class Clock, class Duration, class Predicate>
    bool wait_until(std::unique_lock<mutex>& lock,
                    std::chrono::time_point<Clock, Duration> const& deadline, Predicate ready) {
        using moment = std::chrono::time_point<Clock, Duration>;
        while (!ready()) {
            if (!sleep(lock, deadline != moment::max())) { return ready(); }
        }
        return true;
    }
    void notify_one() noexcept {
        explorer::current().step();
        explorer::current().wake(this, false);
    }
    void notify_all() noexcept {
        explorer::current().step();
        explorer::current().wake(this, true);
    }

private:
    bool sleep(std::unique_lock<mutex>& lock, bool may_expire) {
        explorer& world = explorer::current();
        world.step();
        lock.unlock(); // no other thread goes on between this and falling asleep
        bool const woken = world.choice().one_in(64) || world.sleep(this, may_expire);
        lock.lock();
        return woken;
    }
};

} // namespace swarmlog::modelled
