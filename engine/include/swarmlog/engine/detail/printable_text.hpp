#pragma once

#include <swarmlog/export.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace swarmlog::detail {

/// The bytes at the front of `text` that must not reach a terminal or a log file as they are: a
/// control character (C0, DEL, C1), one that turns the direction of what follows or begins a
/// line, or one byte that is no UTF-8. 0 when the text begins with anything else, or is empty.
[[nodiscard]] SWARMLOG_EXPORT std::size_t unprintable_size(std::string_view text) noexcept;

/// The bytes of the character at the front of `text` when it is printable; else 0.
[[nodiscard]] SWARMLOG_EXPORT std::size_t printable_size(std::string_view text) noexcept;

/// The text as one readable line: each byte of what is not printable as `\x1b`.
[[nodiscard]] SWARMLOG_EXPORT std::string printable(std::string text);

/// Text from outside, made fit for an error message: in double quotes, at most 64 bytes of it
/// (then `...`), with quotes, backslashes and whatever is not printable ASCII escaped, so that
/// a message stays one readable line.
[[nodiscard]] SWARMLOG_EXPORT std::string quoted(std::string_view text);

} // namespace swarmlog::detail
