#pragma once

#include <string>

namespace swarmlog::test {

/// Makes the session in a lock file's bytes (sqlite/high_water_mark.hpp) one of an earlier start
/// of the machine, as it is once the power is back. Leaves a session alone that is not whole.
void name_other_boot(std::string& lock_bytes);

/// What a log can tell a lock file's bytes by: an entry that is torn is like any other that is.
[[nodiscard]] std::string as_log_reads(std::string const& lock_bytes);

} // namespace swarmlog::test
