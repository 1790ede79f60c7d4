#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/export.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace swarmlog {

/// Nanoseconds since the Unix epoch, UTC; from 1677-09-21 to 2262-04-11.
using timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// RFC 3339 in UTC with nine fractional digits: `2026-08-06T04:12:45.184938521Z`.
[[nodiscard]] SWARMLOG_EXPORT std::string to_string(timestamp time);

/// Reads RFC 3339: zero to nine fractional digits, `Z` or a numeric offset.
/// Fails with `invalid_argument`, which quotes the text.
[[nodiscard]] SWARMLOG_EXPORT result<timestamp> parse_timestamp(std::string_view text);

} // namespace swarmlog
