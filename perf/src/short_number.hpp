#pragma once

#include <fmt/format.h>

#include <string>

namespace swarmlog::perf {

/// Four digits are more than a noisy machine can say.
[[nodiscard]] inline std::string short_number(double value) {
    if (value >= 1e6) { return fmt::format("{:.3g}M", value / 1e6); }
    if (value >= 1e4) { return fmt::format("{:.3g}k", value / 1e3); }
    return fmt::format("{:.4g}", value);
}

} // namespace swarmlog::perf
