#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace swarmlog::cli {

/// The manual page swarmlog(1), in the man macros of roff. What it says of commands and options is
/// what their help says.
[[nodiscard]] std::string manual(CLI::App const& app);

} // namespace swarmlog::cli
