#pragma once

#include <cstdint>

namespace swarmlog::test {

/// Each entry point with its valid inputs, and then with `rounds` mutated ones.
void fuzz_everything(std::uint64_t seed, std::uint64_t rounds);

} // namespace swarmlog::test
