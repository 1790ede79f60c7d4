#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace swarmlog::test {

struct killed_processes {
    std::uint64_t kills = 0;
    std::uint64_t at_random = 0;     ///< of these, at a moment that a timer chose
    std::uint64_t at_failpoints = 0; ///< at a failpoint (failpoints.hpp)
    std::uint64_t at_functions = 0;  ///< at some function of the library, each at most once
    std::uint64_t power_cuts = 0;    ///< after which a relaxed log has lost its end
    std::uint64_t losses = 0;        ///< in which acknowledged appends went, as they may there
    std::uint64_t logs = 0;
    std::uint64_t violations = 0;
    std::vector<std::string> unreached; ///< failpoints at which nothing was killed
};

/// Kills so many processes that append to logs, and compares what each log holds with what was
/// told of its appends. A log goes on from kill to kill, and some are killed again as they are
/// recovered, before anybody has looked.
///
/// What was acknowledged is there and what was rejected is not, every append is whole or absent,
/// in its producer's order; tables equal a fresh fold; a consumer's checkpoint is one that it
/// asked for; a backup that has its name is whole; `verify` finds nothing; opening again changes
/// nothing. A violation fails the test.
[[nodiscard]] killed_processes kill_and_compare(std::uint64_t seed, std::uint64_t kills);

} // namespace swarmlog::test
