#pragma once

#include "runner.hpp"

#include <map>
#include <string>
#include <vector>

namespace swarmlog::perf {

/// The charts that the results suffice for, as SVG documents by file name.
[[nodiscard]] std::map<std::string, std::string>
result_charts(std::vector<measured> const& results);

} // namespace swarmlog::perf
