#pragma once

#include <swarmlog/engine/backend.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/options.hpp>

#include <string>
#include <string_view>

namespace swarmlog::detail {

/// The bound on a content that a frame may announce: an append and its tables, with room.
inline constexpr std::uint64_t content_bytes_max = std::uint64_t{1} << 30;

/// Replaces `body` by the framed content, compressed when that makes it smaller.
void frame_content(std::string_view content, record_codec codec, std::string& body);

/// The content of a framed body; `corrupt` when checksum, size or compression are wrong.
[[nodiscard]] result<std::string> unframe_content(std::string_view body);

/// SHA-256 of a content: what the next record names as `previous`.
[[nodiscard]] record_hash hash_content(std::string_view content) noexcept;

} // namespace swarmlog::detail
