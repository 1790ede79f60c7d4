#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog {

/// How many columns of a terminal UTF-8 text takes: wide characters two, combining ones none.
[[nodiscard]] std::size_t text_columns(std::string_view text) noexcept;

/// The text in exactly `columns` columns: padded with blanks, or cut with `…` at the end.
/// What could move the cursor, change colours or turn the direction is shown as `·`.
[[nodiscard]] std::string fit_text(std::string_view text, std::size_t columns);

/// The text with its control characters shown as `·`, in at most `columns` columns.
[[nodiscard]] std::string limit_text(std::string_view text, std::size_t columns);

/// Rows under aligned headings, for tables that fit into memory.
class text_table {
public:
    enum class align { left, right };
    struct heading {
        std::string title;
        align alignment = align::left;
        std::size_t columns_max = 60; ///< where no screen says how wide it is
    };

    explicit text_table(std::vector<heading> headings);
    /// As many cells as headings.
    void add(std::vector<std::string> cells);
    /// All lines, each with its end; the headings first. On a screen of so many columns, the widest
    /// cells of texts are cut until all fits, but to no less than 8 columns; 0: there is none.
    [[nodiscard]] std::string text(std::size_t screen_columns) const;

private:
    [[nodiscard]] std::vector<std::size_t> fitting_columns(std::size_t screen_columns) const;

    std::vector<heading> headings_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace swarmlog
