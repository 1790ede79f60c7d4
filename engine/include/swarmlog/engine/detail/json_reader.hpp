#pragma once

#include <swarmlog/engine/detail/codec_failure.hpp>
#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event_id.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace swarmlog::detail {

// Reading one value of a parsed document. Each sets the failure and returns false when the
// value is of another kind or does not fit.
[[nodiscard]] SWARMLOG_EXPORT bool read_bool(boost::json::value const& from, bool& to,
                                             codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT bool read_signed(boost::json::value const& from, std::int64_t min,
                                               std::int64_t max, std::int64_t& to,
                                               codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT bool read_unsigned(boost::json::value const& from, std::uint64_t max,
                                                 std::uint64_t& to, codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT bool read_float(boost::json::value const& from, float& to,
                                              codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT bool read_double(boost::json::value const& from, double& to,
                                               codec_failure& failure);
/// The view lives as long as the document.
[[nodiscard]] SWARMLOG_EXPORT bool read_string(boost::json::value const& from, std::string_view& to,
                                               codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT bool read_timestamp(boost::json::value const& from, timestamp& to,
                                                  codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT bool read_event_id(boost::json::value const& from, event_id& to,
                                                 codec_failure& failure);
SWARMLOG_EXPORT void read_document(boost::json::value const& from, boost::json::value& to);
[[nodiscard]] SWARMLOG_EXPORT bool fail_unknown_enumerator(std::string_view name,
                                                           codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT bool fail_element_count(std::size_t actual, std::size_t expected,
                                                      codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT bool fail_missing_member(std::string_view name,
                                                       codec_failure& failure);

[[nodiscard]] SWARMLOG_EXPORT bool is_null(boost::json::value const& value) noexcept;
[[nodiscard]] SWARMLOG_EXPORT bool expect_object(boost::json::value const& value,
                                                 codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT bool expect_array(boost::json::value const& value,
                                                codec_failure& failure);
// For what `expect_object` or `expect_array` has passed.
[[nodiscard]] SWARMLOG_EXPORT std::size_t child_count(boost::json::value const& value) noexcept;
[[nodiscard]] SWARMLOG_EXPORT boost::json::value const& child_at(boost::json::value const& value,
                                                                 std::size_t index) noexcept;
[[nodiscard]] SWARMLOG_EXPORT std::string_view key_at(boost::json::value const& object,
                                                      std::size_t index) noexcept;
/// Null when there is none.
[[nodiscard]] SWARMLOG_EXPORT boost::json::value const*
find_member(boost::json::value const& object, std::string_view name) noexcept;

/// Parses `data`, hands the document to `walk` with `target`, and frees it.
using document_walk = bool (*)(boost::json::value const& document, void* target,
                               codec_failure& failure);
[[nodiscard]] SWARMLOG_EXPORT result<void>
walk_document(std::string_view type, std::string_view data, document_walk walk, void* target);

} // namespace swarmlog::detail
