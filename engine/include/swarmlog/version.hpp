#pragma once

#include <swarmlog/export.hpp>

#include <string_view>

/// The version of these headers, for `#if`: 10,000 times the major, 100 times the minor and once
/// the patch number.
#define SWARMLOG_VERSION 100

/// All of the library, in one flat namespace; `swarmlog::swarm` has the ready-made domain. What is
/// in a namespace `detail` is no interface and may change at any time.
namespace swarmlog {

/// The version of these headers, from which the build takes that of all else.
inline constexpr std::string_view header_version = "0.1.0";

/// The version of the library that the program runs with, as `header_version` was when it was
/// built. While the major number is 0, another minor number is another interface, and another
/// shared library. Any thread.
[[nodiscard]] SWARMLOG_EXPORT std::string_view library_version() noexcept;

} // namespace swarmlog
