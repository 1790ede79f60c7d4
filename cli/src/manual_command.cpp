#include "command.hpp"
#include "manual.hpp"
#include "open_log.hpp"
#include "output.hpp"

namespace swarmlog::cli {

command add_manual_command(CLI::App& app) {
    CLI::App* const command =
        app.add_subcommand("manual", "Print the manual page, which `man -l` shows");
    return {command, [&app] {
                output to;
                to.write(manual(app));
                if (to.flush()) return exit_code::ok;
                complain("standard output cannot be written");
                return exit_code::failed;
            }};
}

} // namespace swarmlog::cli
