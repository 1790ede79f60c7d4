#pragma once

#include "runner.hpp"

#include <string>
#include <vector>

namespace swarmlog::perf {

/// Machine, system and library versions, as one JSON object's text.
[[nodiscard]] std::string machine_json();

/// The results as a JSON document: `machine` and `results`, one object a workload.
[[nodiscard]] std::string to_json(std::vector<measured> const& results);

/// The results as a Markdown table.
[[nodiscard]] std::string to_markdown(std::vector<measured> const& results);

/// One aligned line for a person.
[[nodiscard]] std::string to_line(measured const& result);

} // namespace swarmlog::perf
