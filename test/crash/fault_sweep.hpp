#pragma once

#include <cstdint>
#include <string_view>

namespace swarmlog::test {

struct swept_faults {
    std::uint64_t points = 0;        ///< faults tried
    std::uint64_t points_in_all = 0; ///< of which these were chosen, evenly in each log
    std::uint64_t logs = 0;
    std::uint64_t violations = 0;
};

/// Fails the n-th call, once or from then on, of each kind of call in each operation of a log, and
/// checks after each that the answers kept to the contract and that reopening finds all that was
/// acknowledged, whole, with tables that equal a fresh fold. Half of them are killed after it.
///
/// A read that comes back short without an error is a device that lies, which nobody can mend
/// who writes pages back: then what is wrong has to be noticed, by the call, by opening or by
/// `verify`, and nothing acknowledged may be missing without that.
///
/// The logs have shapes of their own, drawn from `seed`, `seed + 1`, …. Of the points whose name
/// begins with `only`, at most `points_max` are tried in all, spread evenly. A violation fails the
/// test, with the log's seed and the point's name, which is all that is needed to repeat it.
[[nodiscard]] swept_faults sweep_faults(std::uint64_t seed, std::uint64_t logs,
                                        std::uint64_t points_max, std::string_view only = {});

} // namespace swarmlog::test
