#pragma once

#include <boost/json/string_view.hpp>

#include <string_view>

namespace swarmlog::detail {

/// Boost's own view as the standard's.
[[nodiscard]] inline std::string_view view_of(boost::json::string_view text) noexcept {
    return {text.data(), text.size()};
}

} // namespace swarmlog::detail
