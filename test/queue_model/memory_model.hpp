#pragma once

#include "queue_model/random_choice.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace swarmlog::test {

inline constexpr std::size_t model_threads_max = 8;

/// What happens before now: of each thread, how many of its steps.
class vector_clock {
public:
    [[nodiscard]] bool covers(std::size_t thread, std::uint32_t step) const {
        return steps_[thread] >= step;
    }
    void join(vector_clock const& other);
    std::uint32_t tick(std::size_t thread) { return ++steps_[thread]; }

private:
    std::array<std::uint32_t, model_threads_max> steps_{};
};

/// The memory of C++ as one execution sees it: each atomic location keeps all of its stores, and a
/// load may give any of them that coherence and happens-before permit.
///
/// As in relacy (D. Vyukov) and CDSChecker (B. Norris, B. Demsky, "CDSChecker: checking concurrent
/// data structures written with C/C++ atomics", OOPSLA 2013), of which this is the simpler part:
///
/// - The modification order of a location is the order in which its stores are executed, and no
///   load sees a store that is executed later. What only another order would show is not found.
/// - The total order of sequentially consistent operations is that of the execution: such a load
///   gives no store older than the last one that such an operation on that location wrote or read.
/// - Sequentially consistent fences synchronize with each other, which is more than the standard
///   promises: what goes wrong without it is not found.
/// - Release sequences go on through read-modify-write operations alone, as since C++20.
/// - `consume` is `acquire`.
///
/// Values are at most 64 bits. One thread of the process.
class memory_model {
public:
    explicit memory_model(random_choice& choice) : choice_(choice) {}

    /// Forgets everything.
    void reset();

    // What follows is done by `thread`.
    void begin_thread(std::size_t thread, std::size_t parent);
    void join_thread(std::size_t thread, std::size_t ended);

    [[nodiscard]] std::size_t make_location(std::size_t thread, std::uint64_t initial);
    [[nodiscard]] std::uint64_t load(std::size_t thread, std::size_t at, std::memory_order order);
    void store(std::size_t thread, std::size_t at, std::uint64_t value, std::memory_order order);
    /// The newest value, as a read-modify-write operation meets it.
    [[nodiscard]] std::uint64_t newest(std::size_t at) const;
    /// Puts `value` behind the newest one in one step.
    void update(std::size_t thread, std::size_t at, std::uint64_t value, std::memory_order order);
    /// Fails by any value that a load could give, and succeeds by the newest alone.
    [[nodiscard]] bool compare_exchange(std::size_t thread, std::size_t at, std::uint64_t& expected,
                                        std::uint64_t desired, std::memory_order success,
                                        std::memory_order failure);
    void fence(std::size_t thread, std::memory_order order);

    /// What a mutex hands from who unlocks it to who locks it.
    void release_to(std::size_t thread, vector_clock& handed);
    void acquire_from(std::size_t thread, vector_clock const& handed);

    /// Memory that is not atomic. False when the access races with an earlier one.
    [[nodiscard]] bool plain_read(std::size_t thread, void const* at);
    [[nodiscard]] bool plain_write(std::size_t thread, void const* at);

private:
    struct stored {
        std::uint64_t value = 0;
        vector_clock released;                               ///< what who acquires it learns
        std::array<std::uint32_t, model_threads_max> seen{}; ///< the first step that met it, or 0
        bool sequential = false; ///< met by a sequentially consistent operation
    };
    struct thread_state {
        vector_clock now;
        vector_clock to_acquire; ///< read by relaxed loads, for an acquire fence to come
        vector_clock released;   ///< by the last release fence, for relaxed stores to come
    };
    struct plain_memory {
        std::size_t writer = 0;
        std::uint32_t written = 0; ///< 0: never
        std::array<std::uint32_t, model_threads_max> read{};
    };

    [[nodiscard]] std::size_t oldest_visible(std::vector<stored> const& stores, std::size_t thread,
                                             bool sequential) const;
    [[nodiscard]] std::size_t choose(std::size_t thread, std::size_t at, std::memory_order order);
    void meet(stored& met, std::size_t thread, std::memory_order order);
    void append(std::size_t thread, std::size_t at, std::uint64_t value, std::memory_order order,
                std::optional<vector_clock> const& sequence);

    random_choice& choice_;
    std::array<thread_state, model_threads_max> threads_;
    std::vector<std::vector<stored>> locations_;
    std::size_t location_count_ = 0;
    vector_clock sequential_fences_;
    std::unordered_map<void const*, plain_memory> plain_;
};

} // namespace swarmlog::test
