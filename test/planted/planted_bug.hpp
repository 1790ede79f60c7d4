#pragma once

namespace swarmlog::test {

/// Whether this bug, by its name in bugs.cmake, is the one that SWARMLOG_PLANTED_BUG names.
///
/// A process with a bug has half a minute: what makes a program stand still ends it by SIGALRM.
[[nodiscard]] bool is_planted(char const* bug) noexcept;

} // namespace swarmlog::test
