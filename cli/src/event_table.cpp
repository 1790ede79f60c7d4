#include "event_table.hpp"

#include "terminal/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace swarmlog::cli {

namespace {

constexpr std::size_t position_columns = 8;
constexpr std::size_t time_columns = 23;
constexpr std::size_t stream_columns = 18;
constexpr std::size_t version_columns = 7;
constexpr std::size_t type_columns = 15;
constexpr std::size_t gaps = 5;
constexpr std::size_t data_columns_min = 20;
constexpr std::size_t before_data =
    position_columns + time_columns + stream_columns + version_columns + type_columns + gaps;

} // namespace

event_table::event_table(std::size_t screen_columns)
    : data_columns_(std::max(data_columns_min,
                             screen_columns > before_data ? screen_columns - before_data : 0)) {}

std::string event_table::headings() const {
    return fmt::format("{:>{}} {:<{}} {:<{}} {:>{}} {:<{}} {}\n", "POSITION", position_columns,
                       "RECORDED AT (UTC)", time_columns, "STREAM", stream_columns, "VERSION",
                       version_columns, "TYPE", type_columns, "DATA");
}

std::string event_table::line(event_view const& event) const {
    std::string time = to_string(event.recorded_at).substr(0, time_columns);
    std::replace(time.begin(), time.end(), 'T', ' ');
    return fmt::format("{:>{}} {} {} {:>{}} {} {}\n", event.position.value, position_columns, time,
                       fit_text(event.stream, stream_columns), event.version.value, version_columns,
                       fit_text(event.type, type_columns), limit_text(event.data, data_columns_));
}

} // namespace swarmlog::cli
