#pragma once

#include <swarmlog/engine/position.hpp>
#include <swarmlog/engine/timestamp.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace swarmlog::cli {

/// A place in the history, as an argument says it: `1000`, or `2026-08-06T04:12:45.5Z`.
using moment = std::variant<position, timestamp>;

[[nodiscard]] std::optional<moment> parse_moment(std::string_view text);

/// For CLI11's `check`: empty when the text is a moment, else what is wrong with it.
[[nodiscard]] std::string check_moment(std::string const& text);

} // namespace swarmlog::cli
