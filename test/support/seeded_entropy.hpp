#pragma once

#include <cstdint>

namespace swarmlog::test {

/// While it lives, `std::random_device` and SQLite's own randomness follow from a seed, so that
/// all bytes that a log writes do. One at a time, and no other thread may ask either meanwhile.
///
/// The linker's --wrap brings the calls here, as for support/recorded_calls.hpp and for the same
/// reason.
class seeded_entropy {
public:
    explicit seeded_entropy(std::uint64_t seed);
    seeded_entropy(seeded_entropy const&) = delete;
    seeded_entropy& operator=(seeded_entropy const&) = delete;
    ~seeded_entropy();
};

} // namespace swarmlog::test
