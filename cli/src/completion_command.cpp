#include "command.hpp"
#include "completion.hpp"
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
                return print_text(completion(app, kind));
            }};
}

} // namespace swarmlog::cli
