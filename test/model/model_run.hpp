#pragma once

#include <cstdint>

namespace swarmlog::test {

enum class model_backend { memory, sqlite };

/// Sequences of random operations, each on a log of its own, every answer compared with the
/// model's. A sequence follows from its seed, which is printed when it fails.
void run_against_model(model_backend where, std::uint64_t seed, unsigned sequences,
                       unsigned operations);

} // namespace swarmlog::test
