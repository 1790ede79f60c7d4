#pragma once

#include <swarmlog/engine/rows.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace swarmlog::test {

/// A table of every kind of column, random rows of it, and random queries that often match.
class random_rows {
public:
    explicit random_rows(std::uint64_t seed) : random_(seed) {}

    [[nodiscard]] static table_spec table() {
        return {"things",
                {{"id", column_kind::text, false},
                 {"number", column_kind::integer, false},
                 {"maybe", column_kind::integer, true},
                 {"ratio", column_kind::real, false},
                 {"label", column_kind::text, true}},
                0,
                {{{1}}, {{4, 1}}, {{2, 3}}}};
    }

    [[nodiscard]] row_cells row() {
        row_cells cells(5);
        cells[0] = "k" + std::to_string(below(60));
        cells[1] = value_of(1);
        if (below(4) != 0) { cells[2] = value_of(2); }
        cells[3] = value_of(3);
        if (below(4) != 0) { cells[4] = value_of(4); }
        return cells;
    }

    [[nodiscard]] row_query asked() {
        row_query made;
        if (below(8) != 0) { made.where = filter(3); }
        for (std::uint64_t count = below(3); count != 0; --count) {
            made.order.push_back({static_cast<std::uint32_t>(below(5)), below(2) == 0});
        }
        if (below(3) == 0) { made.offset = below(10); }
        if (below(2) == 0) { made.limit = below(12); }
        return made;
    }

    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

private:
    [[nodiscard]] cell value_of(std::uint32_t column) {
        static constexpr char const* labels[] = {"", "a", "A b", "ü", "a'b\"c", "%_", "zz"};
        switch (column) {
        case 0: return "k" + std::to_string(below(60));
        case 3: return static_cast<double>(below(7)) / 2 - 1;
        case 4: return std::string{labels[below(std::size(labels))]};
        default: return static_cast<std::int64_t>(below(6)) - 2;
        }
    }

    [[nodiscard]] row_filter filter(int depth) {
        using kind = row_filter::kind;
        row_filter made;
        if (depth != 0 && below(3) == 0) {
            made.what = below(3) == 0 ? kind::none_of : below(2) == 0 ? kind::all_of : kind::any_of;
            std::uint64_t const parts = made.what == kind::none_of ? 1 : below(4);
            for (std::uint64_t part = 0; part != parts; ++part) {
                made.parts.push_back(filter(depth - 1));
            }
            return made;
        }
        static constexpr kind kinds[] = {kind::eq, kind::ne, kind::lt,      kind::le, kind::gt,
                                         kind::ge, kind::in, kind::is_null, kind::eq};
        made.column = static_cast<std::uint32_t>(below(5));
        made.what = kinds[below(std::size(kinds))];
        if (made.column == 4 && below(3) == 0) {
            static constexpr char const* patterns[] = {"%", "a%", "%b%", "_", "", "%'%"};
            made.what = kind::like;
            made.values.emplace_back(std::string{patterns[below(std::size(patterns))]});
        } else if (made.what == kind::in) {
            for (std::uint64_t count = below(4); count != 0; --count) {
                made.values.push_back(value_of(made.column));
            }
        } else if (made.what != kind::is_null) {
            made.values.push_back(value_of(made.column));
        }
        return made;
    }

    std::mt19937_64 random_;
};

/// What a query means, the plainest way: rows by rising key, filtered, stably sorted, cut.
[[nodiscard]] inline std::vector<row_cells>
plainly_selected(std::vector<row_cells> rows, row_query const& asked, std::uint32_t key) {
    std::erase_if(rows, [&](row_cells const& row) { return !matches(asked.where, row); });
    std::sort(rows.begin(), rows.end(), [&](row_cells const& left, row_cells const& right) {
        for (row_order const& each : asked.order) {
            auto const order = compare_cells(left[each.column], right[each.column]);
            if (order != 0) { return each.descending ? order > 0 : order < 0; }
        }
        return compare_cells(left[key], right[key]) < 0;
    });
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(
                                                asked.offset, rows.size())));
    if (rows.size() > asked.limit) { rows.resize(asked.limit); }
    return rows;
}

} // namespace swarmlog::test
