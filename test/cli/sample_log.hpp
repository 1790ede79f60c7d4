#pragma once

#include "cli/running_cli.hpp"

#include <string>

/// A log in a scratch folder with events that have everything an event can have.
class sample_log {
public:
    explicit sample_log(std::uint64_t events = 20);

    [[nodiscard]] scratch_folder const& scratch() const { return scratch_; }
    [[nodiscard]] std::string path() const { return (scratch_ / "log.db").string(); }
    /// Runs `swarmlog <command> <this log> <more>`.
    [[nodiscard]] cli_result run(std::string const& command,
                                 std::vector<std::string> more = {}) const;

    /// Stream, type, tags and data of event `n`, from 1.
    static std::string stream_of(std::uint64_t n) { return "task-" + std::to_string(n % 3); }
    static std::string type_of(std::uint64_t n) { return n % 2 == 0 ? "even" : "odd"; }
    static std::string agent_of(std::uint64_t n) { return "agent:w" + std::to_string(n % 5); }
    static std::string data_of(std::uint64_t n);

private:
    scratch_folder scratch_;
};

/// The positions in exported lines, in their order.
[[nodiscard]] std::vector<std::uint64_t> positions_of(std::string const& exported);
