#pragma once

#include "support/io_journal.hpp"

namespace swarmlog::test {

/// While it lives, what the log does to its files without SQLite, for the high-water mark, the
/// session and the making of a store, is written down too. One at a time; the log's calls must
/// come from the thread that made it.
///
/// The linker's --wrap brings these calls here (the area's CMakeLists.txt names them), because
/// what is tested is then the very code that ships: a table of functions in the library, for
/// tests alone, would be a second way for its I/O to go. Calls from within shared libraries,
/// SQLite's among them, are not touched.
class recorded_calls {
public:
    explicit recorded_calls(io_journal& journal);
    recorded_calls(recorded_calls const&) = delete;
    recorded_calls& operator=(recorded_calls const&) = delete;
    ~recorded_calls();
};

} // namespace swarmlog::test
