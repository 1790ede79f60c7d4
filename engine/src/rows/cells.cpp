#include <swarmlog/engine/rows.hpp>

namespace swarmlog {

std::strong_ordering compare_cells(cell const& left, cell const& right) noexcept {
    if (left.index() != right.index()) { return left.index() <=> right.index(); }
    if (auto const* const number = std::get_if<std::int64_t>(&left)) {
        return *number <=> *std::get_if<std::int64_t>(&right);
    }
    if (auto const* const text = std::get_if<std::string>(&left)) {
        return *text <=> *std::get_if<std::string>(&right);
    }
    if (auto const* const real = std::get_if<double>(&left)) {
        double const other = *std::get_if<double>(&right);
        if (*real < other) { return std::strong_ordering::less; }
        if (*real > other) { return std::strong_ordering::greater; }
    }
    return std::strong_ordering::equal;
}

} // namespace swarmlog
