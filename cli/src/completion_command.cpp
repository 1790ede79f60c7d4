#include "command.hpp"
#include "completion.hpp"
#include "open_log.hpp"
#include "output.hpp"

#include <memory>
#include <string>

namespace swarmlog::cli {

command add_completion_command(CLI::App& app) {
    auto name = std::make_shared<std::string>();
    CLI::App* const command =
        app.add_subcommand("completion", "Print a script that completes this command in a shell");
    command->add_option("shell", *name, "Whose script")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    return {command, [&app, name] {
                shell const kind = *name == "bash"  ? shell::bash
                                   : *name == "zsh" ? shell::zsh
                                                    : shell::fish;
                output to;
                to.write(completion(app, kind));
                if (to.flush()) return exit_code::ok;
                complain("standard output cannot be written");
                return exit_code::failed;
            }};
}

} // namespace swarmlog::cli
