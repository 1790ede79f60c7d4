#pragma once

#include <CLI/CLI.hpp>

namespace swarmlog::cli {

/// One line a code. Scripts rely on them: they change with the major version only.
inline constexpr char const* exit_code_list = R"(  0  done
  1  some input was rejected; the rest went in
  2  the arguments make no sense
  3  the log or the input cannot be opened
  4  verify found problems, or rebuild a wrong table
  5  the work could not be finished (I/O, a full disk, a damaged record))";

inline constexpr char const* general_remarks =
    R"(Results go to standard output, everything else to standard error. Nothing is coloured,
and progress is drawn only on a terminal. Commands that only read work while another
process appends.)";

/// Puts examples at the end of every command's help. All of them run, in their order, in an
/// empty folder.
void add_examples(CLI::App& app);

} // namespace swarmlog::cli
