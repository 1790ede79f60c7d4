#pragma once

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstdlib>
#include <random>

namespace swarmlog::test {

/// The seed of a random test: what SWARMLOG_TEST_SEED says, or a new one. It is printed, so
/// that a failing run can be repeated.
inline std::uint64_t random_seed() {
    char const* const given = std::getenv("SWARMLOG_TEST_SEED");
    std::random_device device;
    std::uint64_t const seed = given != nullptr ? std::strtoull(given, nullptr, 10)
                                                : std::uint64_t{device()} << 32 | device();
    BOOST_TEST_MESSAGE("to repeat: SWARMLOG_TEST_SEED=" << seed);
    return seed;
}

} // namespace swarmlog::test
