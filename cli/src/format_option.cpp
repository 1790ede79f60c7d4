#include "format_option.hpp"

#include "terminal/progress_bar.hpp"

namespace swarmlog::cli {

void format_option::add_to(CLI::App& command) {
    command
        .add_option("-o,--output", name_,
                    "json or table; by default a table on a terminal and JSON elsewhere")
        ->check(CLI::IsMember({"json", "table"}));
}

output_format format_option::chosen() const {
    if (name_.empty()) return is_terminal(stdout) ? output_format::table : output_format::json;
    return name_ == "table" ? output_format::table : output_format::json;
}

} // namespace swarmlog::cli
