#pragma once

#include <string>

namespace swarmlog::test {

/// Makes the session in a lock file's bytes (sqlite/high_water_mark.hpp) one of an earlier start
/// of the machine, as it is once the power is back. Leaves a session alone that is not whole.
void name_other_boot(std::string& lock_bytes);

} // namespace swarmlog::test
