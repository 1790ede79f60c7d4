#include "command.hpp"
#include "open_log.hpp"
#include "terminal/progress_bar.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace swarmlog::cli {

namespace {

struct backup_options {
    std::string database;
    std::string target;
};

exit_code back_up(backup_options const& options) {
    std::optional<event_log> const log = open_to_read(options.database);
    if (!log) return exit_code::cannot_open;
    progress_bar bar("backup", "pages");
    result<void> const copied =
        log->backup_to(options.target, [&](std::uint64_t done, std::uint64_t total) {
            bar.update(done, total);
            return true;
        });
    bar.clear();
    if (copied) return exit_code::ok;
    complain(fmt::format("cannot back up to {}: {}", options.target, copied.error().message()));
    return exit_code::failed;
}

} // namespace

command add_backup_command(CLI::App& app) {
    auto options = std::make_shared<backup_options>();
    CLI::App* const command =
        app.add_subcommand("backup", "Copy the log to a new file, also while it is appended to");
    command->add_option("database", options->database, "The log's file")->required();
    command->add_option("target", options->target, "The new file, which must not exist")
        ->required();
    return {command, [options] { return back_up(*options); }};
}

} // namespace swarmlog::cli
