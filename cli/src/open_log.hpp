#pragma once

#include "exit_code.hpp"

#include <swarmlog/engine/event_log.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace swarmlog::cli {

/// Opens a log to read it, also while another process appends. Says on standard error why it
/// cannot, and what opening found.
[[nodiscard]] std::optional<event_log> open_to_read(std::filesystem::path const& database,
                                                    std::shared_ptr<state_fold> const& state = {});

/// Opens a log to append to it; makes a new one when there is none.
[[nodiscard]] std::optional<event_log>
open_to_append(std::filesystem::path const& database,
               std::shared_ptr<state_fold> const& state = {});

/// What a command answers that has printed all it could read of a log: `failed` when opening found
/// the end of the log damaged, so that a part is not taken for the whole.
[[nodiscard]] exit_code after_reading(event_log const& log);

/// One line on standard error: `swarmlog: <what>`.
void complain(std::string const& what);

/// One line on standard error. What could move the cursor or look like another line is escaped.
void say(std::string line);

} // namespace swarmlog::cli
