#pragma once

#include <swarmlog/engine/error.hpp>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string_view>

namespace swarmlog::detail {

/// Parses one JSON value into a document. Takes all that `validate_json` takes, and does not
/// look for duplicate keys: the last one stays.
///
/// Use it in place of `boost::json::parse`, which in Boost 1.81 gives many a double a wrong
/// last digit (docs/decisions/0003-json-validation.md). Fails like `validate_json`.
[[nodiscard]] result<boost::json::value> parse_json(std::string_view text, std::uint32_t depth_max,
                                                    boost::json::storage_ptr storage = {});

} // namespace swarmlog::detail
