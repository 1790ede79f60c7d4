#pragma once

#include <string>
#include <string_view>

namespace swarmlog::cli {

/// Adds `text` as a JSON string: quotes, backslashes and control characters escaped, other UTF-8
/// as it is.
void append_json_string(std::string& line, std::string_view text);

/// Adds `"name":"text"`, after a comma unless it is an object's first member.
void append_json_member(std::string& line, std::string_view name, std::string_view text);

} // namespace swarmlog::cli
