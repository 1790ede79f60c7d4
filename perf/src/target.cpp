#include "target.hpp"

#include "short_number.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace swarmlog::perf {

bool target::met(double median, double ratio) const {
    return std::all_of(bounds_.begin(), bounds_.end(),
                       [&](bound const& each) { return each.holds(median, ratio); });
}

std::string target::text(std::string const& unit) const {
    std::string whole;
    for (bound const& each : bounds_) {
        if (!whole.empty()) { whole += " and "; }
        whole += fmt::format("{} {} {}", each.is_least ? "at least" : "at most",
                             short_number(each.limit), each.is_ratio ? "x" : unit);
    }
    return whole;
}

} // namespace swarmlog::perf
