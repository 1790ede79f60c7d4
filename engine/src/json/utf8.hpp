#pragma once

#include <cstddef>
#include <string_view>

namespace swarmlog::detail {

/// The length, 1 to 4, of the well-formed UTF-8 sequence at `at`; 0 when there is none before
/// `end`. Well-formed is what table 3-7 of the Unicode standard says: no overlong forms, no
/// surrogates, nothing above U+10FFFF. Requires `at != end`.
[[nodiscard]] std::size_t utf8_sequence_size(char const* at, char const* end) noexcept;

/// The offset of the first byte that does not begin a well-formed sequence; `npos` if none.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text) noexcept;

} // namespace swarmlog::detail
