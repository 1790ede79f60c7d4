#include "terminal/number_text.hpp"

#include <fmt/core.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace swarmlog {

std::string grouped(std::uint64_t number) {
    constexpr std::size_t group = 3;
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > group; at -= group) text.insert(at - group, 1, ',');
    return text;
}

std::string rate_text(double a_second) {
    if (a_second >= 1e6) return fmt::format("{:.2f}M", a_second / 1e6);
    if (a_second >= 1e3) return fmt::format("{:.1f}k", a_second / 1e3);
    return fmt::format("{:.0f}", a_second);
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 4> units{"KiB", "MiB", "GiB", "TiB"};
    constexpr double step = 1024;
    if (bytes < 1024) return fmt::format("{} B", bytes);
    double amount = static_cast<double>(bytes) / step;
    std::size_t unit = 0;
    while (amount >= step && unit + 1 < units.size()) {
        amount /= step;
        ++unit;
    }
    return fmt::format("{:.1f} {}", amount, units.at(unit));
}

} // namespace swarmlog
