#include <swarmlog/engine/rows.hpp>

namespace swarmlog {

namespace {

char lowered(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Where the character after the one at `at` begins.
std::size_t next_character(std::string_view text, std::size_t at) noexcept {
    constexpr unsigned char continuation_mask = 0xc0;
    constexpr unsigned char continuation = 0x80;
    ++at;
    while (at < text.size() &&
           (static_cast<unsigned char>(text[at]) & continuation_mask) == continuation) {
        ++at;
    }
    return at;
}

} // namespace

bool is_like(std::string_view text, std::string_view pattern) noexcept {
    // Where a mismatch goes back to: behind the last %, which then takes one character more.
    // Only the last one matters, so the time is at most text times pattern.
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t retry_pattern = std::string_view::npos;
    std::size_t retry_at = 0;
    while (true) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '%') {
            retry_pattern = ++in_pattern;
            retry_at = at;
            continue;
        }
        if (at == text.size() && in_pattern == pattern.size()) { return true; }
        if (at < text.size() && in_pattern < pattern.size()) {
            if (pattern[in_pattern] == '_') {
                at = next_character(text, at);
                ++in_pattern;
                continue;
            }
            if (lowered(text[at]) == lowered(pattern[in_pattern])) {
                ++at;
                ++in_pattern;
                continue;
            }
        }
        if (retry_pattern == std::string_view::npos || retry_at >= text.size()) { return false; }
        retry_at = next_character(text, retry_at);
        at = retry_at;
        in_pattern = retry_pattern;
    }
}

} // namespace swarmlog
