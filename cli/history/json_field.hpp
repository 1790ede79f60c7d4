#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace swarmlog {

/// The text of a field; empty when the object has no such field, or one that is no text.
[[nodiscard]] std::string text_of(boost::json::object const& from, std::string_view field);

} // namespace swarmlog
