#pragma once

#include <cstdint>

namespace swarmlog::test {

/// SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014): one word of state, so that each of many short executions has a seed of its own.
class random_choice {
public:
    void reseed(std::uint64_t seed) { state_ = seed; }
    /// Less than `bound`, which is not 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    [[nodiscard]] bool one_in(std::uint64_t times) { return below(times) == 0; }

private:
    std::uint64_t next() {
        std::uint64_t word = state_ += 0x9e3779b97f4a7c15U;
        word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9U;
        word = (word ^ (word >> 27)) * 0x94d049bb133111ebU;
        return word ^ (word >> 31);
    }

    std::uint64_t state_ = 0;
};

} // namespace swarmlog::test
