#pragma once

#include "workload.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::perf {

/// A baseline's name up to its settings: `file` of `file, 1 a group`.
[[nodiscard]] std::string_view short_name(std::string_view baseline);

/// What of `all` has one of the names, and of that only the rows beside one of the baselines,
/// named in short or in full. An empty list chooses everything. Throws if a name chooses nothing.
[[nodiscard]] std::vector<workload> chosen(std::vector<workload> all,
                                           std::vector<std::string> const& names,
                                           std::vector<std::string> const& baselines);

} // namespace swarmlog::perf
