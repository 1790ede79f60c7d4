#pragma once

#include <swarmlog/engine/error.hpp>

#include <cstdint>
#include <string_view>

namespace swarmlog::detail {

/// Judges whether `text` is exactly one JSON value (RFC 8259) that can be stored: whatever
/// passes can be parsed, by `parse_json` and by any other conforming reader, to one meaning.
///
/// Fails, each time with the byte offset, with
/// - `invalid_utf8`;
/// - `json_too_deep` when arrays and objects nest deeper than `depth_max` (a value outside
///   any has depth 0; `depth_max` counts as at most `json_depth_ceiling`);
/// - `non_finite_number` for a number that Boost.JSON reads as infinity or as no number:
///   `1e400`, but also `0e400`, and any exponent beyond the range of an int;
/// - `duplicate_key` when a key occurs twice in one object, compared unescaped;
/// - `invalid_json` for anything else, unpaired surrogate escapes among it.
///
/// Linear in the size of the text but for the sorting of objects with many keys. No heap is
/// used for ordinary events (see `unique_keys`). May be called from any thread.
[[nodiscard]] result<void> validate_json(std::string_view text, std::uint32_t depth_max);

} // namespace swarmlog::detail
