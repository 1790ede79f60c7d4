#include "crash_states/other_boot.hpp"

#include <xxhash.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace swarmlog::test {

void name_other_boot(std::string& lock_bytes) {
    constexpr std::size_t session_at = 64;
    constexpr std::size_t boot_at = 32;
    constexpr std::size_t checksum_at = 56;
    constexpr std::size_t session_bytes = 64;
    if (lock_bytes.size() < session_at + session_bytes) { return; }
    char* const session = lock_bytes.data() + session_at;
    std::uint64_t checksum = 0;
    std::memcpy(&checksum, session + checksum_at, sizeof checksum);
    bool const is_whole =
        std::string_view{session, 8} == "swlgsess" && checksum == XXH3_64bits(session, checksum_at);
    if (!is_whole) { return; }
    session[boot_at] = static_cast<char>(session[boot_at] ^ 0x55);
    checksum = XXH3_64bits(session, checksum_at);
    std::memcpy(session + checksum_at, &checksum, sizeof checksum);
}

} // namespace swarmlog::test
