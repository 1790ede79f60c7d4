#include "command.hpp"
#include "manual.hpp"
#include "output.hpp"

namespace swarmlog::cli {

command add_manual_command(CLI::App& app) {
    CLI::App* const command =
        app.add_subcommand("manual", "Print the manual page, which `man -l` shows");
    return {command, [&app] { return print_text(manual(app)); }};
}

} // namespace swarmlog::cli
