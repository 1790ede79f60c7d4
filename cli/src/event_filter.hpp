#pragma once

#include <swarmlog/engine/event_log.hpp>

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace swarmlog::cli {

/// The options that say which events are meant.
class event_filter {
public:
    /// `--stream`, `--type`, `--tag`, each repeatable.
    void add_to(CLI::App& command);
    /// `--after` and `--before`: a position, or a time.
    void add_bounds_to(CLI::App& command);

    [[nodiscard]] query matching() const;
    /// A reader narrowed to what the options say.
    [[nodiscard]] reader read(event_log const& log) const;

private:
    std::vector<std::string> streams_;
    std::vector<std::string> types_;
    std::vector<std::string> tags_;
    std::string after_;
    std::string before_;
};

} // namespace swarmlog::cli
