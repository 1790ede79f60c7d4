#pragma once

#include <swarmlog/swarmlog.hpp>

#include <filesystem>

/// Makes way for a new recording in `path`: removes the log of an earlier one.
///
/// Nothing else is ever removed. A recording is told by its mark, which `mark_recording` leaves in
/// the log; any other log, and any other file, is refused with `invalid_argument`, or with what
/// opening it answers.
[[nodiscard]] swarmlog::result<void> make_way(std::filesystem::path const& path);

/// Leaves the mark of this program in a log: the checkpoint of a consumer named after it.
[[nodiscard]] swarmlog::result<void> mark_recording(swarmlog::event_log& log);
