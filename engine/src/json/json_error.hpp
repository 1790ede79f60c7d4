#pragma once

#include <swarmlog/engine/error.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace swarmlog::detail {

/// The deepest nesting that any of our readers of JSON takes, whatever a caller asks for:
/// Boost.JSON's parser recurses, and a stack has an end.
inline constexpr std::uint32_t json_depth_ceiling = 1024;

/// Puts what Boost.JSON's parser reports into our codes, with the byte where it stopped.
/// Made for the failing path: it may read the text again.
[[nodiscard]] error json_error(std::string_view text, std::size_t stopped_at,
                               boost::system::error_code const& reported, std::uint32_t depth_max);

/// `non_finite_number`: the number that ends before byte `end` is not finite as a double.
[[nodiscard]] error non_finite_number_error(std::string_view number, std::size_t end);

} // namespace swarmlog::detail
