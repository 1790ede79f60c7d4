#pragma once

#include <string>
#include <string_view>

namespace swarmlog::detail {

/// Text from outside, made fit for an error message: in double quotes, at most 64 bytes of it
/// (then `...`), with quotes, backslashes and whatever is not printable ASCII escaped, so that
/// a message stays one readable line.
[[nodiscard]] std::string quoted(std::string_view text);

} // namespace swarmlog::detail
