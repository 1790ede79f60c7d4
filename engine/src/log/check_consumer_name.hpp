#pragma once

#include <swarmlog/engine/error.hpp>

#include <string_view>

namespace swarmlog::detail {

/// A consumer's name is 1 to 255 bytes of UTF-8, as a stream's.
[[nodiscard]] result<void> check_consumer_name(std::string_view name);

} // namespace swarmlog::detail
