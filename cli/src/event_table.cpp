#include "event_table.hpp"

#include "terminal/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace swarmlog::cli {

namespace {

constexpr std::size_t position_columns = 8;
constexpr std::size_t version_columns = 7;
constexpr std::size_t day_columns = 11; ///< with the blank behind it
constexpr std::size_t time_columns = 12;
constexpr std::size_t gaps = 5;
constexpr std::size_t text_columns_min = 8;
constexpr std::size_t stream_columns_max = 18;
constexpr std::size_t type_columns_max = 15;
constexpr std::size_t data_columns_min = 10;
/// With them, the data has twice its least columns.
constexpr std::size_t columns_for_days = position_columns + version_columns + day_columns +
                                         time_columns + gaps + stream_columns_max +
                                         type_columns_max + 2 * data_columns_min;

} // namespace

event_table::event_table(std::size_t screen_columns)
    : has_days_(screen_columns >= columns_for_days) {
    std::size_t const numbers =
        position_columns + version_columns + time_columns + gaps + (has_days_ ? day_columns : 0);
    std::size_t const texts = screen_columns - std::min(screen_columns, numbers);
    stream_columns_ = has_days_ ? stream_columns_max
                                : std::clamp(texts / 3, text_columns_min, stream_columns_max);
    type_columns_ =
        has_days_ ? type_columns_max : std::clamp(texts / 4, text_columns_min, type_columns_max);
    std::size_t const before_data = stream_columns_ + type_columns_;
    data_columns_ = std::max(data_columns_min, texts - std::min(texts, before_data));
}

std::string event_table::headings() const {
    return fmt::format("{:>{}} {:<{}} {:<{}} {:>{}} {:<{}} {}\n", "POSITION", position_columns,
                       has_days_ ? "RECORDED AT (UTC)" : "AT (UTC)",
                       time_columns + (has_days_ ? day_columns : 0), "STREAM", stream_columns_,
                       "VERSION", version_columns, "TYPE", type_columns_, "DATA");
}

std::string event_table::line(event_view const& event) const {
    std::string time = to_string(event.recorded_at).substr(0, day_columns + time_columns);
    std::replace(time.begin(), time.end(), 'T', ' ');
    if (!has_days_) time.erase(0, day_columns);
    return fmt::format("{:>{}} {} {} {:>{}} {} {}\n", event.position.value, position_columns, time,
                       fit_text(event.stream, stream_columns_), event.version.value,
                       version_columns, fit_text(event.type, type_columns_),
                       limit_text(event.data, data_columns_));
}

} // namespace swarmlog::cli
