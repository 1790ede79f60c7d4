#include "chart.hpp"

#include "short_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>

namespace swarmlog::perf {

namespace {

constexpr double width = 760;
constexpr double height = 420;
constexpr double left = 76;
constexpr double right = width - 190; // names stand beyond it
constexpr double top = 56;
constexpr double bottom = height - 58;
constexpr double line_height = 17;

// Series differ in their strokes, too, for those who see the colors alike.
constexpr std::size_t stroke_count = 5;
constexpr std::string_view style = R"(<style>
text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-size:16px;font-weight:600}
.paper{fill:#fff}.grid{stroke:#d1d9e0;stroke-width:1}.line{fill:none;stroke-width:2}
.c0{stroke:#0550ae}.c1{stroke:#bc4c00}.c2{stroke:#59636e}.c3{stroke:#1a7f37}.c4{stroke:#8250df}
.f0{fill:#0550ae}.f1{fill:#bc4c00}.f2{fill:#59636e}.f3{fill:#1a7f37}.f4{fill:#8250df}
.c0{stroke-width:3}.c1{stroke-dasharray:7 4}.c2{stroke-dasharray:2 4}.c3{stroke-dasharray:10 3 2 3}
.c4{stroke-dasharray:12 3}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.paper{fill:#0d1117}.grid{stroke:#3d444d}
.c0{stroke:#79c0ff}.c1{stroke:#ffa657}.c2{stroke:#b1bac4}.c3{stroke:#7ee787}.c4{stroke:#d2a8ff}
.f0{fill:#79c0ff}.f1{fill:#ffa657}.f2{fill:#b1bac4}.f3{fill:#7ee787}.f4{fill:#d2a8ff}}
</style>
)";

/// Maps values of an axis to places in the picture.
class axis {
public:
    axis(double least, double most, double from, double to, bool is_log)
        : least_(scaled(least, is_log)),
          most_(scaled(most, is_log)),
          from_(from),
          to_(to),
          is_log_(is_log) {}
    [[nodiscard]] double at(double value) const {
        double const span = most_ - least_;
        double const share = span > 0 ? (scaled(value, is_log_) - least_) / span : 0.5;
        return from_ + share * (to_ - from_);
    }

private:
    static double scaled(double value, bool is_log) { return is_log ? std::log10(value) : value; }
    double least_, most_, from_, to_;
    bool is_log_;
};

std::string escaped(std::string_view text) {
    std::string out;
    for (char const each : text) {
        switch (each) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        default: out += each;
        }
    }
    return out;
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view text,
                    std::string_view more = {}) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" {}>{}</text>\n", x, y,
                       anchor, more, escaped(text));
}

/// 1, 2 and 5 of each decade, from the last below the values to the first above.
std::vector<double> log_ticks(double least, double most) {
    bool const is_wide = most / least > 200;
    std::vector<double> ticks;
    double decade = std::pow(10, std::floor(std::log10(least)));
    for (; ticks.empty() || ticks.back() < most; decade *= 10) {
        for (double const step : {1.0, 2.0, 5.0}) {
            double const tick = decade * step;
            if ((is_wide && step != 1.0) || (!ticks.empty() && ticks.back() >= most)) { continue; }
            if (tick <= least) { ticks.clear(); }
            ticks.push_back(tick);
        }
    }
    return ticks;
}

/// From 0 to the first above the values, in about four steps of 1, 2 or 5 of a decade.
std::vector<double> linear_ticks(double most) {
    double const decade = std::pow(10, std::floor(std::log10(most / 4)));
    double step = decade;
    for (double const factor : {2.0, 5.0, 10.0}) {
        if (step * 4 < most) { step = decade * factor; }
    }
    std::vector<double> ticks{0};
    while (ticks.back() < most) { ticks.push_back(step * static_cast<double>(ticks.size())); }
    return ticks;
}

std::vector<double> y_ticks(chart const& drawn) {
    double least = std::numeric_limits<double>::max();
    double most = 0;
    for (chart_series const& series : drawn.series) {
        for (auto const& [x, y] : series.points) {
            least = std::min(least, y);
            most = std::max(most, y);
        }
    }
    return drawn.has_log_y ? log_ticks(least, most) : linear_ticks(most);
}

std::string frame(chart const& drawn, axis const& x_axis, axis const& y_axis,
                  std::vector<double> const& ticks) {
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n{3}<rect class=\"paper\" width=\"{0}\" "
        "height=\"{1}\"/>\n",
        width, height, escaped(drawn.title), style);
    svg += text_at(left, 28, "start", drawn.title, "class=\"title\"");
    for (double const tick : ticks) {
        double const y = y_axis.at(tick);
        svg += fmt::format("<path class=\"grid\" d=\"M{} {:.1f}H{}\"/>\n", left, y, right);
        svg += text_at(left - 8, y + 4, "end", short_number(tick));
    }
    for (auto const& [value, name] : drawn.x_ticks) {
        double const x = x_axis.at(value);
        svg += fmt::format("<path class=\"grid\" d=\"M{:.1f} {}v6\"/>\n", x, bottom);
        svg += text_at(x, bottom + 22, "middle", name);
    }
    svg += text_at((left + right) / 2, height - 14, "middle", drawn.x_label);
    return svg +
           text_at(0, 0, "middle", drawn.y_label,
                   fmt::format("transform=\"translate(20 {}) rotate(-90)\"", (top + bottom) / 2));
}

/// Where the series' names stand: at their lines' ends, but never on each other.
std::vector<double> name_places(chart const& drawn, axis const& y_axis) {
    std::vector<std::size_t> order;
    std::vector<double> places;
    for (chart_series const& each : drawn.series) {
        order.push_back(order.size());
        places.push_back(y_axis.at(each.points.back().second));
    }
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return places[a] < places[b]; });
    for (std::size_t next = 1; next < order.size(); ++next) {
        places[order[next]] = std::max(places[order[next]], places[order[next - 1]] + line_height);
    }
    return places;
}

} // namespace

std::string to_svg(chart const& drawn) {
    auto const ticks = y_ticks(drawn);
    axis const x_axis{drawn.x_ticks.front().first, drawn.x_ticks.back().first, left + 14,
                      right - 14, drawn.has_log_x};
    axis const y_axis{ticks.front(), ticks.back(), bottom, top, drawn.has_log_y};
    auto const places = name_places(drawn, y_axis);
    std::string svg = frame(drawn, x_axis, y_axis, ticks);
    // The first series is drawn last, so that it lies on top.
    for (std::size_t left_over = drawn.series.size(); left_over != 0; --left_over) {
        std::size_t const which = left_over - 1;
        chart_series const& series = drawn.series[which];
        std::string path;
        std::string dots;
        for (auto const& [x, y] : series.points) {
            path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', x_axis.at(x),
                                y_axis.at(y));
            dots += fmt::format("<circle class=\"f{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"/>\n",
                                which % stroke_count, x_axis.at(x), y_axis.at(y));
        }
        svg += fmt::format("<path class=\"line c{}\" d=\"{}\"/>\n{}", which % stroke_count, path,
                           dots);
        svg += text_at(right + 10, places[which] + 4, "start", series.name,
                       fmt::format("class=\"f{}\"", which % stroke_count));
    }
    return svg + "</svg>";
}

} // namespace swarmlog::perf
