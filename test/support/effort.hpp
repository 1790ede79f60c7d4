#pragma once

#include <cstddef>

namespace swarmlog::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif
#else
inline constexpr bool is_sanitized = false;
#endif

/// How often to try at random: a tenth where every try costs ten times as much.
[[nodiscard]] constexpr std::size_t rounds(std::size_t count) {
    return is_sanitized ? count / 10 : count;
}

} // namespace swarmlog::test
