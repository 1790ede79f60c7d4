#include "moment.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace swarmlog::cli {

std::optional<moment> parse_moment(std::string_view text) {
    std::uint64_t number = 0;
    char const* const end = text.data() + text.size();
    auto const parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec == std::errc{} && parsed.ptr == end) return position(number);
    result<timestamp> const time = parse_timestamp(text);
    if (!time) return std::nullopt;
    return *time;
}

std::string check_moment(std::string const& text) {
    if (parse_moment(text)) return {};
    return "'" + text + "' is neither a position nor a time like 2026-08-06T04:12:45.5Z";
}

} // namespace swarmlog::cli
