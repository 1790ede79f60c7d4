#pragma once

#include <cstdint>
#include <string_view>

namespace swarmlog::test {

/// What was looked at, and how much of it broke a promise.
struct judged_histories {
    std::uint64_t operations = 0;
    std::uint64_t violations = 0;
    judged_histories& operator+=(judged_histories const& more) {
        operations += more.operations;
        violations += more.violations;
        return *this;
    }
};

/// Records a history of about `operations` operations for each seed from `seed` on, each on a log
/// of its own, and judges it by every rule. A violation fails the test, with its seed: which
/// repeats what the threads ask, not how they meet.
[[nodiscard]] judged_histories judge_histories(std::string_view backend, std::uint64_t seed,
                                               unsigned seeds, std::uint64_t operations);

} // namespace swarmlog::test
