#include "support/random_rows.hpp"
#include "support/random_seed.hpp"

#include <swarmlog/engine/rows.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

/// That it is refused with these words; with none of them, that it is not refused.
void check_said(result<void> const& checked, std::string const& said) {
    BOOST_TEST(checked.has_value() == said.empty());
    if (checked) { return; }
    BOOST_TEST((checked.error() == errc::invalid_argument));
    BOOST_TEST(checked.error().message().find(said) != std::string::npos,
               checked.error().message());
}

} // namespace

BOOST_AUTO_TEST_SUITE(rows_memory_table)

BOOST_AUTO_TEST_CASE(a_table_answers_as_a_plain_list_does_and_copies_are_independent) {
    random_rows random{random_seed()};
    memory_table table{random_rows::table()};
    std::map<std::string, row_cells> plain;
    for (int step = 0; step != 4'000; ++step) {
        if (random.below(3) == 0) {
            std::string const key = "k" + std::to_string(random.below(60));
            BOOST_REQUIRE(table.erase(cell{key}) == (plain.erase(key) == 1));
        } else {
            row_cells const row = random.row();
            table.put(row);
            plain[*std::get_if<std::string>(&row[0])] = row;
        }
        BOOST_REQUIRE(table.size() == plain.size());
        // A copy keeps its rows, whatever becomes of the other.
        memory_table const copy = table;
        table.put(random.row());
        table = copy;

        std::vector<row_cells> rows;
        for (auto const& [key, row] : plain) { rows.push_back(row); }
        row_query const asked = random.asked();
        std::vector<row_cells> got;
        table.select(asked, [&](row_cells const& row) {
            got.push_back(row);
            return true;
        });
        BOOST_REQUIRE((got == plainly_selected(rows, asked, 0)));
        row_query counted;
        counted.where = asked.where;
        BOOST_REQUIRE(table.count(asked.where) == plainly_selected(rows, counted, 0).size());
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_a_table_is_named) {
    table_spec const table = random_rows::table();
    auto const message_of = [&](row_cells const& row) {
        auto const checked = check_row(table, row);
        return checked ? std::string{} : checked.error().message();
    };
    row_cells row{cell{"k"}, cell{std::int64_t{1}}, cell{}, cell{0.5}, cell{}};
    BOOST_TEST(message_of(row) == "");
    row[0] = cell{};
    BOOST_TEST(message_of(row) == "column id of table things may not be null");
    row[0] = cell{std::string{"a\0b", 3}};
    BOOST_TEST(message_of(row) == "column id of table things has a zero byte");
    row[0] = cell{"\xff"};
    BOOST_TEST(message_of(row) == "column id of table things is not valid UTF-8");
    row[0] = cell{"k"};
    row[3] = cell{std::int64_t{1}};
    BOOST_TEST(message_of(row) == "column ratio of table things takes real");
    row.pop_back();
    BOOST_TEST(message_of(row) == "table things takes 5 cells; the row has 4");

    for (char const* name : {"", "1a", "Tasks", "a b", "log", "events", "sqlite_x", "a;b"}) {
        table_spec named = table;
        named.name = name;
        BOOST_TEST_CONTEXT(name) { BOOST_TEST(!check_table(named).has_value()); }
    }
    table_spec twice = table;
    twice.columns[1].name = "id";
    BOOST_TEST(!check_table(twice).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_table_is_named) {
    table_spec const fine = random_rows::table();
    struct row {
        std::string said;
        std::function<void(table_spec&)> change;
    };
    std::string const longest(63, 'a');
    for (auto const& [said, change] : {
             row{"", [](table_spec&) {}},
             row{"", [&](table_spec& table) { table.name = longest; }},
             row{"1 to 63 of a-z", [&](table_spec& table) { table.name = longest + "a"; }},
             row{"1 to 63 of a-z", [](table_spec& table) { table.name = "a{"; }},
             row{"1 to 63 of a-z", [](table_spec& table) { table.name = "a:"; }},
             row{"column of table things \"Id\"",
                 [](table_spec& table) { table.columns[0].name = "Id"; }},
             row{"has 0 columns", [](table_spec& table) { table.columns.clear(); }},
             row{"has 1001 columns", [](table_spec& table) { table.columns.resize(1'001); }},
             row{"has no key column", [](table_spec& table) { table.key = 5; }},
             row{"key that is not an integer or a text", [](table_spec& table) { table.key = 2; }},
             row{"key that is not an integer or a text", [](table_spec& table) { table.key = 3; }},
             row{"index of no column", [](table_spec& table) { table.indexes[1].columns.clear(); }},
             row{"index of no column",
                 [](table_spec& table) {
                     table.indexes[1] = {{4, 5}};
                 }},
         }) {
        table_spec table = fine;
        change(table);
        auto const checked = check_table(table);
        BOOST_TEST_CONTEXT(said) { check_said(checked, said); }
    }
    row_cells row_of_nan{cell{"k"}, cell{std::int64_t{1}}, cell{}, cell{std::nan("")}, cell{}};
    BOOST_TEST(check_row(fine, row_of_nan).error().message() ==
               "column ratio of table things is not a number");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_condition_is_named) {
    using kind = row_filter::kind;
    auto const comparing = [](kind what, std::uint32_t column, std::vector<cell> values) {
        row_filter filter;
        filter.what = what;
        filter.column = column;
        filter.values = std::move(values);
        return filter;
    };
    auto const joining = [](kind what, std::vector<row_filter> parts) {
        row_filter filter;
        filter.what = what;
        filter.parts = std::move(parts);
        return filter;
    };
    cell const one{std::int64_t{1}};
    row_filter const fine = comparing(kind::eq, 1, {one});
    row_filter deep = fine;
    for (std::size_t depth = 1; depth != filter_depth_max; ++depth) {
        deep = joining(kind::none_of, {deep});
    }
    struct row {
        std::string said; ///< nothing when all is well
        row_filter filter;
    };
    for (auto const& [said, filter] : {
             row{"", fine},
             row{"", deep},
             row{"nested deeper than", joining(kind::all_of, {deep})},
             row{"", comparing(kind::in, 1, std::vector<cell>(filter_size_max - 1, one))},
             row{"has more than", comparing(kind::in, 1, std::vector<cell>(filter_size_max, one))},
             row{"not exactly one part", joining(kind::none_of, {})},
             row{"not exactly one part", joining(kind::none_of, {fine, fine})},
             row{"does not have", joining(kind::any_of, {fine, comparing(kind::is_null, 5, {})})},
             row{"not exactly one value", comparing(kind::lt, 1, {})},
             row{"not exactly one value", comparing(kind::ne, 1, {one, one})},
             row{"it is not text", comparing(kind::like, 1, {cell{"a%"}})},
             row{"", comparing(kind::like, 4, {cell{"a%"}})},
             row{"of another kind", comparing(kind::in, 1, {one, cell{"1"}})},
             row{"of another kind", comparing(kind::eq, 4, {cell{}})},
             row{"of another kind", comparing(kind::gt, 3, {cell{std::nan("")}})},
             row{"", comparing(kind::gt, 3, {cell{1.5}})},
         }) {
        auto const checked = check_filter(random_rows::table(), filter);
        BOOST_TEST_CONTEXT(said) { check_said(checked, said); }
    }
}

BOOST_AUTO_TEST_CASE(an_empty_table_answers_and_a_limit_of_nothing_gives_nothing) {
    memory_table table{random_rows::table()};
    auto const found = [&](row_query const& asked) {
        std::size_t rows = 0;
        table.select(asked, [&](row_cells const&) { return ++rows > 0; });
        return rows;
    };
    BOOST_TEST(table.find(cell{"k"}) == nullptr);
    BOOST_TEST(!table.erase(cell{"k"}));
    BOOST_TEST(found({}) == 0U);
    for (std::int64_t number = 0; number != 20; ++number) {
        table.put({cell{"k" + std::to_string(number)}, cell{number}, cell{}, cell{0.5}, cell{}});
    }
    row_query none;
    none.limit = 0;
    BOOST_TEST(found(none) == 0U);
    BOOST_TEST(!table.erase(cell{"k99"}));
    BOOST_TEST(!table.erase(cell{""}));
    memory_table& same = table;
    table = same;
    BOOST_TEST(table.size() == 20U);
    BOOST_TEST(found({}) == 20U);
}

BOOST_AUTO_TEST_SUITE_END()
