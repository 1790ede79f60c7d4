#include "crash_states/other_boot.hpp"

#include <xxhash.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace swarmlog::test {

namespace {

constexpr std::size_t mark_at = 0;
constexpr std::size_t session_at = 64;
constexpr std::size_t entry_bytes = 64;
constexpr std::size_t boot_at = 32;
constexpr std::size_t checksum_at = 56;

bool is_whole(char const* entry) {
    std::uint64_t checksum = 0;
    std::memcpy(&checksum, entry + checksum_at, sizeof checksum);
    return checksum == XXH3_64bits(entry, checksum_at);
}

} // namespace

void name_other_boot(std::string& lock_bytes) {
    if (lock_bytes.size() < session_at + entry_bytes) { return; }
    char* const session = lock_bytes.data() + session_at;
    if (std::string_view{session, 8} != "swlgsess" || !is_whole(session)) { return; }
    session[boot_at] = static_cast<char>(session[boot_at] ^ 0x55);
    std::uint64_t const checksum = XXH3_64bits(session, checksum_at);
    std::memcpy(session + checksum_at, &checksum, sizeof checksum);
}

std::string as_log_reads(std::string const& lock_bytes) {
    std::string read;
    for (std::size_t const at : {mark_at, session_at}) {
        if (lock_bytes.size() < at + entry_bytes) {
            read += "none;";
        } else if (is_whole(lock_bytes.data() + at)) {
            read.append(lock_bytes, at, entry_bytes);
        } else {
            read += "torn;";
        }
    }
    return read;
}

} // namespace swarmlog::test
