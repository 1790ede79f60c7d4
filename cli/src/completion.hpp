#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace swarmlog::cli {

enum class shell { bash, zsh, fish };

/// A script with which the shell completes commands, options, the values of those that have a
/// fixed set, and file names.
[[nodiscard]] std::string completion(CLI::App const& app, shell kind);

} // namespace swarmlog::cli
