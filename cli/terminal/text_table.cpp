#include "terminal/text_table.hpp"

#include <swarmlog/engine/detail/printable_text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace swarmlog {

namespace {

constexpr std::string_view control_mark = "\u00b7";
constexpr std::string_view cut_mark = "\u2026";
constexpr std::string_view gap = "  ";

struct code_point {
    std::uint32_t value = 0;
    std::size_t bytes = 1;
};

/// The code point at the front of text that begins with a printable one.
code_point first_code_point(std::string_view text) noexcept {
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t const bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (bytes == 1) return {lead, 1};
    std::uint32_t value = lead & (0x7fU >> bytes);
    for (std::size_t at = 1; at < bytes; ++at) {
        value = (value << 6U) | (static_cast<unsigned char>(text[at]) & 0x3fU);
    }
    return {value, bytes};
}

using range = std::pair<std::uint32_t, std::uint32_t>;

template <std::size_t Size>
bool is_within(std::array<range, Size> const& ranges, std::uint32_t value) noexcept {
    return std::any_of(ranges.begin(), ranges.end(), [value](range const& each) {
        return value >= each.first && value <= each.second;
    });
}

std::size_t columns_of(std::uint32_t value) noexcept {
    static constexpr std::array<range, 4> combining{
        {{0x300, 0x36f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}}};
    static constexpr std::array<range, 9> wide{{{0x1100, 0x115f},
                                                {0x2e80, 0x303e},
                                                {0x3041, 0xa4cf},
                                                {0xac00, 0xd7a3},
                                                {0xf900, 0xfaff},
                                                {0xfe30, 0xfe6f},
                                                {0xff00, 0xff60},
                                                {0x1f300, 0x1faff},
                                                {0x20000, 0x3fffd}}};
    if (is_within(combining, value)) return 0;
    return is_within(wide, value) ? 2 : 1;
}

/// What stands at the front of text, as a terminal may get it.
struct shown_front {
    std::string_view text;
    std::size_t bytes; ///< of the text that it stands for
    std::size_t columns;
};

shown_front show_front(std::string_view text) noexcept {
    if (std::size_t const bad = detail::unprintable_size(text); bad != 0) {
        return {control_mark, bad, 1};
    }
    code_point const front = first_code_point(text);
    return {text.substr(0, front.bytes), front.bytes, columns_of(front.value)};
}

} // namespace

std::size_t text_columns(std::string_view text) noexcept {
    std::size_t columns = 0;
    while (!text.empty()) {
        shown_front const front = show_front(text);
        columns += front.columns;
        text.remove_prefix(front.bytes);
    }
    return columns;
}

std::string limit_text(std::string_view text, std::size_t columns) {
    std::string shown;
    std::size_t used = 0;
    std::size_t cut_at = 0; // Where the mark goes if the rest does not fit.
    while (!text.empty()) {
        shown_front const front = show_front(text);
        if (used + front.columns > columns) {
            shown.resize(cut_at);
            return columns == 0 ? std::string() : shown.append(cut_mark);
        }
        shown.append(front.text);
        used += front.columns;
        if (used < columns) cut_at = shown.size();
        text.remove_prefix(front.bytes);
    }
    return shown;
}

std::string fit_text(std::string_view text, std::size_t columns) {
    std::string shown = limit_text(text, columns);
    std::size_t const used = text_columns(shown);
    if (used < columns) shown.append(columns - used, ' ');
    return shown;
}

text_table::text_table(std::vector<heading> headings) : headings_(std::move(headings)) {}

void text_table::add(std::vector<std::string> cells) {
    cells.resize(headings_.size());
    rows_.push_back(std::move(cells));
}

std::vector<std::size_t> text_table::fitting_columns(std::size_t screen_columns) const {
    constexpr std::size_t columns_min = 8;
    std::vector<std::size_t> columns;
    std::size_t all = gap.size() * (headings_.size() - 1);
    for (std::size_t at = 0; at < headings_.size(); ++at) {
        std::size_t widest = text_columns(headings_[at].title);
        for (auto const& row : rows_) widest = std::max(widest, text_columns(row[at]));
        std::size_t const most = screen_columns == 0 ? headings_[at].columns_max : screen_columns;
        columns.push_back(std::min(widest, most));
        all += columns.back();
    }
    for (; screen_columns != 0 && all > screen_columns; --all) {
        std::size_t* widest = nullptr;
        for (std::size_t at = 0; at < headings_.size(); ++at) {
            bool const is_text = headings_[at].alignment == align::left;
            if (is_text && (widest == nullptr || columns[at] > *widest)) widest = &columns[at];
        }
        if (widest == nullptr || *widest <= columns_min) break;
        --*widest;
    }
    return columns;
}

std::string text_table::text(std::size_t screen_columns) const {
    std::vector<std::size_t> const columns = fitting_columns(screen_columns);
    std::string lines;
    auto const add_line = [&](auto const& cell_at) {
        std::string line;
        for (std::size_t at = 0; at < headings_.size(); ++at) {
            std::string const shown = limit_text(cell_at(at), columns[at]);
            std::string const blanks(columns[at] - text_columns(shown), ' ');
            if (at != 0) line += gap;
            line += headings_[at].alignment == align::right ? blanks + shown : shown + blanks;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines.append(line).append("\n");
    };
    add_line([&](std::size_t at) -> std::string const& { return headings_[at].title; });
    for (auto const& row : rows_) {
        add_line([&](std::size_t at) -> std::string const& { return row[at]; });
    }
    return lines;
}

} // namespace swarmlog
