#pragma once

#include <cstdint>
#include <string>

/// Numbers as a person reads them, the same in every locale.
namespace swarmlog {

/// `1234567` as `1,234,567`.
[[nodiscard]] std::string grouped(std::uint64_t number);

/// `0`, `950`, `12.3k`, `1.25M`.
[[nodiscard]] std::string rate_text(double a_second);

/// `512 B`, `1.4 MiB`.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

} // namespace swarmlog
