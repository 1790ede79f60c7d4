#include "terminal/progress_bar.hpp"

#include "terminal/number_text.hpp"

#include <fmt/core.h>

#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <cstddef>
#include <utility>

namespace swarmlog {

namespace {

constexpr std::chrono::milliseconds redraw_interval{100};
constexpr std::size_t bar_columns = 24;
constexpr char const* erase_line = "\r\033[K";

} // namespace

progress_bar::progress_bar(std::string label, std::string unit, std::FILE* screen)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      screen_(screen),
      visible_(is_terminal(screen)) {}

progress_bar::~progress_bar() { clear(); }

void progress_bar::update(std::uint64_t done, std::uint64_t total) {
    if (!visible_) return;
    clock::time_point const now = clock::now();
    if (drawn_ && now - last_drawn_ < redraw_interval) return;
    last_drawn_ = now;
    drawn_ = true;
    draw(now, done, total);
}

void progress_bar::clear() {
    if (!drawn_) return;
    drawn_ = false;
    std::fputs(erase_line, screen_);
    std::fflush(screen_);
}

void progress_bar::draw(clock::time_point now, std::uint64_t done, std::uint64_t total) {
    double const seconds = std::chrono::duration<double>(now - began_).count();
    double const rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    if (total == 0) {
        fmt::print(screen_, "{}{:<10} {} {}, {} a second", erase_line, label_, grouped(done), unit_,
                   rate_text(rate));
    } else {
        double const part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
        auto const filled = static_cast<std::size_t>(part * static_cast<double>(bar_columns));
        fmt::print(screen_, "{}{:<10} [{:#<{}}{:.<{}}] {:3.0f}% of {} {}, {} a second", erase_line,
                   label_, "", filled, "", bar_columns - filled, part * 100, grouped(total), unit_,
                   rate_text(rate));
    }
    std::fflush(screen_);
}

bool is_terminal(std::FILE* file) noexcept { return ::isatty(::fileno(file)) == 1; }

std::size_t screen_columns(std::FILE* file) noexcept {
    constexpr std::size_t usual = 100;
    winsize size{};
    if (!is_terminal(file) || ::ioctl(::fileno(file), TIOCGWINSZ, &size) != 0) return usual;
    return size.ws_col == 0 ? usual : size.ws_col;
}

} // namespace swarmlog
