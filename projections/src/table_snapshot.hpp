#pragma once

#include <swarmlog/engine/rows.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// A table's rows as a snapshot's body:
///
///     body := version u64, layout sized, rows u64, cells of each row in turn, checksum u64
///
/// The checksum is XXH3 over what comes before it. A snapshot is only ever a cache: one that is
/// damaged, or of another version or layout, is as good as none.
namespace swarmlog::detail {

[[nodiscard]] std::string encode_snapshot(memory_table const& table, std::uint32_t version);
[[nodiscard]] std::optional<memory_table>
decode_snapshot(std::string_view body, table_spec const& table, std::uint32_t version);

} // namespace swarmlog::detail
