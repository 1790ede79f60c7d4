#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace swarmlog::cli {

/// What a manual and a completion say of an option or a positional argument.
struct described_option {
    std::vector<std::string> names; ///< with their dashes, short ones first; none if positional
    std::string value;              ///< what it takes, as help names it; empty for a flag
    std::string description;
    std::vector<std::string> choices; ///< when only these may be given
    bool is_required = false;

    [[nodiscard]] bool is_positional() const noexcept { return names.empty(); }
};

/// What they say of a command: all of it comes from where its arguments are parsed.
struct described_command {
    std::string name;
    std::string description;
    std::string footer;
    std::vector<described_option> options; ///< in the order of its help
};

/// The commands of `app`, in the order of its help.
[[nodiscard]] std::vector<described_command> describe_commands(CLI::App const& app);

} // namespace swarmlog::cli
