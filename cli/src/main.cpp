/// The `swarmlog` command: looks into, fills and looks after a log in a SQLite file.

#include "command.hpp"
#include "help_text.hpp"
#include "open_log.hpp"

#include <swarmlog/version.hpp>

#include <exception>
#include <string>
#include <vector>

namespace swarmlog::cli {

namespace {

/// CLI11 has exit codes of its own for each kind of mistake; ours is one.
int usage_exit(CLI::App const& app, CLI::ParseError const& problem) {
    int const code = app.exit(problem);
    return code == 0 ? code : static_cast<int>(exit_code::usage);
}

/// What stands where a command should and is none; CLI11 would only say that one is missing.
std::string unknown_command(CLI::App const& app, int argc, char** argv) {
    std::string const first = argc > 1 ? argv[1] : "-";
    if (first.starts_with('-')) { return {}; }
    auto const named_so =
        app.get_subcommands([&](CLI::App const* each) { return each->get_name() == first; });
    return named_so.empty() ? first : std::string{};
}

int run(int argc, char** argv) {
    CLI::App app("Looks into, fills and looks after an event log in a SQLite file.", "swarmlog");
    app.set_version_flag("--version", "swarmlog " + std::string(library_version()));
    app.require_subcommand(1);
    app.footer(std::string("Exit codes:\n") + exit_code_list + "\n\n" + general_remarks);
    std::vector<command> const commands{
        add_append_command(app),      add_cat_command(app),      add_tail_command(app),
        add_streams_command(app),     add_stats_command(app),    add_agents_command(app),
        add_tasks_command(app),       add_messages_command(app), add_metrics_command(app),
        add_select_command(app),      add_as_of_command(app),    add_diff_command(app),
        add_projections_command(app), add_rebuild_command(app),  add_verify_command(app),
        add_backup_command(app),      add_export_command(app),   add_import_command(app),
        add_completion_command(app),  add_manual_command(app),
    };
    add_examples(app);
    if (std::string const unknown = unknown_command(app, argc, argv); !unknown.empty()) {
        complain("there is no command \"" + unknown +
                 "\"; `swarmlog --help` lists those there are");
        return static_cast<int>(exit_code::usage);
    }
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& problem) { return usage_exit(app, problem); }
    for (command const& each : commands) {
        if (each.options->parsed()) return static_cast<int>(each.run());
    }
    return static_cast<int>(exit_code::usage);
}

} // namespace

} // namespace swarmlog::cli

int main(int argc, char** argv) {
    try {
        return swarmlog::cli::run(argc, argv);
    } catch (std::exception const& problem) {
        swarmlog::cli::complain(problem.what());
        return static_cast<int>(swarmlog::cli::exit_code::failed);
    }
}
