#pragma once

#include <string>
#include <utility>
#include <vector>

namespace swarmlog::perf {

/// A line through points, with its name at its end.
struct chart_series {
    std::string name;
    std::vector<std::pair<double, double>> points; ///< by rising x; y above 0
};

/// A line chart. Its first series stands out, as it is swarmlog's.
struct chart {
    std::string title{};
    std::string x_label{};
    std::string y_label{};
    bool has_log_x = true;
    bool has_log_y = true; ///< otherwise it begins at 0, so that what is flat looks flat
    std::vector<std::pair<double, std::string>> x_ticks{};
    std::vector<chart_series> series{};
};

/// The chart as an SVG document that is legible on light and on dark.
[[nodiscard]] std::string to_svg(chart const& drawn);

} // namespace swarmlog::perf
