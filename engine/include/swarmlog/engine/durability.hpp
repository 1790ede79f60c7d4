#pragma once

#include <cstdint>
#include <string_view>

namespace swarmlog {

/// When an append is answered: what the acknowledged events have survived by then.
enum class durability : std::uint8_t {
    /// Flushed to the device: survives a killed process and a power loss.
    durable,
    /// Handed to the operating system: survives a killed process; a power loss may take a
    /// suffix, which is reported when the log is opened.
    relaxed,
    /// In this process's memory only.
    volatile_memory,
};

/// One word for people: "durable", "relaxed" or "memory".
[[nodiscard]] constexpr std::string_view to_string(durability mode) noexcept {
    switch (mode) {
    case durability::durable: return "durable";
    case durability::relaxed: return "relaxed";
    case durability::volatile_memory: return "memory";
    }
    return "unknown";
}

} // namespace swarmlog
