#pragma once

namespace swarmlog::cli {

/// What the command answers to its caller; also in `--help` and docs/cli.md.
enum class exit_code {
    ok = 0,
    input_rejected = 1, ///< some input was malformed or not taken; the rest was
    usage = 2,          ///< the arguments make no sense; nothing was done
    cannot_open = 3,    ///< the log or the input cannot be opened
    problems_found = 4, ///< `verify` found the log damaged
    failed = 5,         ///< the work could not be finished: I/O, a full disk, a damaged record
};

} // namespace swarmlog::cli
