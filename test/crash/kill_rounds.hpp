#pragma once

#include <cstdint>

namespace swarmlog::test {

/// Round after round on one file, a program appends and is killed at a random moment; then the
/// log must hold the appends 1, 2, 3, …, each whole, and at least what was acknowledged.
void kill_and_check(std::uint64_t seed, unsigned rounds, unsigned acknowledged_max);

} // namespace swarmlog::test
