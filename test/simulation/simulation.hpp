#pragma once

#include <cstdint>
#include <string>

/// Simulations of a log: one thread, and one seed from which everything follows that happens.
///
/// Several producers append in every way that there is, readers, subscribers, consumers and
/// projections follow, the clock jumps, devices fail, processes die in the middle of a write and
/// the power goes; then the log is opened again in the same world, and all goes on. A scheduler
/// drawn from the seed chooses who takes the next step, the writer among them, which is driven by
/// hand. After each step what is to be seen is compared with a model of a few lines
/// (append_ledger.hpp says by which rules).
namespace swarmlog::test {

enum class simulated_store { memory, sqlite };

struct simulated_run {
    std::uint64_t steps = 0;
    std::uint64_t events = 0;  ///< stored in the end
    std::uint64_t crashes = 0; ///< kills and power cuts
    std::string trace;         ///< a line a step, and the files in the end: the same for a seed
    std::string wrong;         ///< empty: all promises were kept
};

[[nodiscard]] simulated_run simulate(simulated_store where, std::uint64_t seed);

struct simulated_runs {
    std::uint64_t runs = 0;
    std::uint64_t steps = 0;
    std::uint64_t events = 0;
    std::uint64_t crashes = 0;
    std::uint64_t violations = 0;
    std::string first_wrong; ///< with the end of its trace, and how to repeat it

    simulated_runs& operator+=(simulated_runs const& more);
};

/// The seeds `first`, `first + 1`, …
[[nodiscard]] simulated_runs simulate_seeds(simulated_store where, std::uint64_t first,
                                            std::uint64_t seeds);

} // namespace swarmlog::test
