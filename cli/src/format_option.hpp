#pragma once

#include "output.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace swarmlog::cli {

/// `-o json|table`; when it is not given, a table on a terminal and JSON lines elsewhere.
class format_option {
public:
    void add_to(CLI::App& command);
    [[nodiscard]] output_format chosen() const;

private:
    std::string name_;
};

} // namespace swarmlog::cli
