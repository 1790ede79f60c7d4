#pragma once

#include "exit_code.hpp"

#include <CLI/CLI.hpp>

#include <functional>

namespace swarmlog::cli {

/// A subcommand: where its options are parsed, and what runs it afterwards.
struct command {
    CLI::App* options = nullptr;
    std::function<exit_code()> run;
};

// One source each, <name>_command.cpp; the four tables of the swarm in swarm_commands.cpp.
[[nodiscard]] command add_agents_command(CLI::App& app);
[[nodiscard]] command add_append_command(CLI::App& app);
[[nodiscard]] command add_as_of_command(CLI::App& app);
[[nodiscard]] command add_backup_command(CLI::App& app);
[[nodiscard]] command add_cat_command(CLI::App& app);
[[nodiscard]] command add_completion_command(CLI::App& app);
[[nodiscard]] command add_diff_command(CLI::App& app);
[[nodiscard]] command add_export_command(CLI::App& app);
[[nodiscard]] command add_import_command(CLI::App& app);
[[nodiscard]] command add_manual_command(CLI::App& app);
[[nodiscard]] command add_messages_command(CLI::App& app);
[[nodiscard]] command add_metrics_command(CLI::App& app);
[[nodiscard]] command add_projections_command(CLI::App& app);
[[nodiscard]] command add_rebuild_command(CLI::App& app);
[[nodiscard]] command add_select_command(CLI::App& app);
[[nodiscard]] command add_stats_command(CLI::App& app);
[[nodiscard]] command add_streams_command(CLI::App& app);
[[nodiscard]] command add_tail_command(CLI::App& app);
[[nodiscard]] command add_tasks_command(CLI::App& app);
[[nodiscard]] command add_verify_command(CLI::App& app);

} // namespace swarmlog::cli
