#include "completion.hpp"

#include "described_command.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace swarmlog::cli {

namespace {

/// Between single quotes, as every shell here takes it.
std::string in_quotes(std::string_view text) {
    std::string shown = "'";
    for (char const each : text) {
        if (each == '\'') {
            shown += "'\\''";
        } else {
            shown += each;
        }
    }
    return shown + "'";
}

std::vector<std::string> all_names(described_command const& command) {
    std::vector<std::string> names;
    for (described_option const& each : command.options) {
        names.insert(names.end(), each.names.begin(), each.names.end());
    }
    return names;
}

std::string bash_script(std::vector<described_command> const& commands) {
    std::string names;
    std::string by_command;
    std::string by_option;
    for (described_command const& command : commands) {
        std::vector<std::string> words;
        for (described_option const& option : command.options) {
            if (option.choices.empty()) continue;
            if (option.is_positional()) words = option.choices;
            for (std::string const& name : option.names) {
                by_option += fmt::format("        {}/{}) choices='{}' ;;\n", command.name, name,
                                         fmt::join(option.choices, " "));
            }
        }
        names += (names.empty() ? "" : " ") + command.name;
        by_command += fmt::format("        {}) options='{}' words='{}' ;;\n", command.name,
                                  fmt::join(all_names(command), " "), fmt::join(words, " "));
    }
    return fmt::format(R"(# bash completion for swarmlog
_swarmlog() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} options='' words='' choices=''
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W '{} --help --version' -- "$current"))
        return
    fi
    case ${{COMP_WORDS[1]}}/${{COMP_WORDS[COMP_CWORD-1]}} in
{}    esac
    case ${{COMP_WORDS[1]}} in
{}    esac
    if [ -n "$choices" ]; then
        COMPREPLY=($(compgen -W "$choices" -- "$current"))
    elif [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$current"))
    else
        COMPREPLY=($(compgen -f -W "$words" -- "$current"))
    fi
}}
complete -o filenames -F _swarmlog swarmlog
)",
                       names, by_option, by_command);
}

/// `_arguments` reads brackets and colons; in a description they are escaped.
std::string for_arguments(std::string_view text) {
    std::string shown;
    for (char const each : text) {
        if (each == '[' || each == ']' || each == ':' || each == '\\') shown += '\\';
        shown += each;
    }
    return shown;
}

std::string zsh_action(described_option const& option) {
    if (option.choices.empty()) return option.is_positional() ? "_files" : "";
    return fmt::format("({})", fmt::join(option.choices, " "));
}

std::string zsh_script(std::vector<described_command> const& commands) {
    std::string names;
    std::string cases;
    for (described_command const& command : commands) {
        names += fmt::format("    {}\n", in_quotes(command.name + ":" + command.description));
        cases += fmt::format("    {}) _arguments", command.name);
        for (described_option const& option : command.options) {
            std::string const what = for_arguments(option.description);
            std::string const value = for_arguments(option.value) + ":" + zsh_action(option);
            if (option.is_positional()) cases += " \\\n        " + in_quotes(":" + value);
            for (std::string const& name : option.names) {
                std::string spec = fmt::format("*{}[{}]", name, what);
                if (!option.value.empty()) spec += ":" + value;
                cases += " \\\n        " + in_quotes(spec);
            }
        }
        cases += " ;;\n";
    }
    return fmt::format(R"(#compdef swarmlog
local -a commands=(
{})
if (( CURRENT == 2 )); then
    _describe command commands
    return
fi
shift words
(( CURRENT-- ))
case $words[1] in
{}esac
)",
                       names, cases);
}

std::string fish_script(std::vector<described_command> const& commands) {
    std::string script = "# fish completion for swarmlog\n";
    for (described_command const& command : commands) {
        script += fmt::format("complete -c swarmlog -n __fish_use_subcommand -f -a {} -d {}\n",
                              command.name, in_quotes(command.description));
        for (described_option const& option : command.options) {
            if (option.is_positional() && option.choices.empty()) continue;
            std::string line = fmt::format(
                "complete -c swarmlog -n '__fish_seen_subcommand_from {}'", command.name);
            for (std::string const& name : option.names) {
                line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            }
            if (!option.choices.empty()) {
                line += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
            } else if (!option.value.empty()) {
                line += " -r";
            }
            script += fmt::format("{} -d {}\n", line, in_quotes(option.description));
        }
    }
    return script;
}

} // namespace

std::string completion(CLI::App const& app, shell kind) {
    std::vector<described_command> const commands = describe_commands(app);
    switch (kind) {
    case shell::bash: return bash_script(commands);
    case shell::zsh: return zsh_script(commands);
    case shell::fish: return fish_script(commands);
    }
    return {};
}

} // namespace swarmlog::cli
