#pragma once

#include <cstdint>
#include <string_view>

namespace swarmlog::test {

struct swept_faults {
    std::uint64_t points = 0;        ///< faults tried
    std::uint64_t points_in_all = 0; ///< of which these were chosen, evenly
    std::uint64_t violations = 0;
};

/// Fails the n-th call, once or from then on, of each kind of call in each operation of a log, and
/// checks after each that the answers kept to the contract and that reopening finds all that was
/// acknowledged, whole, with tables that equal a fresh fold. The log has `appends` appends, at
/// most 100. Of the points whose name begins with `only`, at most `points_max` are tried, spread
/// evenly; the seed chooses which. A violation fails the test, with the point's name, which is
/// all that is needed to repeat it.
[[nodiscard]] swept_faults sweep_faults(std::uint64_t seed, std::uint64_t appends,
                                        std::uint64_t points_max, std::string_view only = {});

} // namespace swarmlog::test
