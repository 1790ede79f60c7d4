#pragma once

#include <functional>
#include <span>
#include <string_view>

namespace swarmlog::test {

/// A few threads at the engine's queue, and what they promise each other.
struct queue_scenario {
    std::string_view name; ///< a sentence: what holds
    std::function<void()> run;
};

[[nodiscard]] std::span<queue_scenario const> queue_scenarios();

/// Puts the weakening of that name in weakenings.cmake in force; empty: none.
void put_in_force(std::string_view weakening);

} // namespace swarmlog::test
