#pragma once

#include "fuzz/entry_points.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace swarmlog::test {

/// An entry point, and what it has to take.
struct fuzz_target {
    char const* name; ///< of letters and `_`
    fuzz_entry entry;
    std::vector<std::string> valid;
    std::uint64_t share = 1; ///< one of so many rounds: for what costs more
};

[[nodiscard]] std::vector<fuzz_target> fuzz_targets();

} // namespace swarmlog::test
