#pragma once

#include "runner.hpp"

#include <string>
#include <vector>

namespace swarmlog::perf {

/// Versions of swarmlog, its libraries and the compiler, and the machine.
[[nodiscard]] std::string header_line(run_plan const& plan);

/// The results as a JSON document: `machine`, and in `results` one object a row.
[[nodiscard]] std::string to_json(std::vector<measured> const& results, run_plan const& plan);

/// The results as a Markdown table.
[[nodiscard]] std::string to_markdown(std::vector<measured> const& results, run_plan const& plan);

/// One aligned line for a person.
[[nodiscard]] std::string to_line(measured const& result);

} // namespace swarmlog::perf
