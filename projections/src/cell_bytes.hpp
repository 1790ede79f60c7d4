#pragma once

#include <swarmlog/engine/rows.hpp>

#include <string>
#include <string_view>

/// Cells as bytes, for snapshots and digests:
///
///     cell := 0 | 1 integer u64 | 2 real u64 | 3 size u64, bytes      (little-endian)
namespace swarmlog::detail {

void append_number(std::string& out, std::uint64_t number);
void append_cell(std::string& out, cell const& value);

/// Takes numbers and cells from the front of bytes; false when they end too early.
[[nodiscard]] bool take_number(std::string_view& bytes, std::uint64_t& number) noexcept;
[[nodiscard]] bool take_text(std::string_view& bytes, std::string_view& text) noexcept;
[[nodiscard]] bool take_cell(std::string_view& bytes, cell& value);

} // namespace swarmlog::detail
