#include "support/random_rows.hpp"
#include "support/random_seed.hpp"

#include <swarmlog/engine/rows.hpp>

#include <boost/test/unit_test.hpp>

#include <map>

using namespace swarmlog;
using namespace swarmlog::test;

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

BOOST_AUTO_TEST_SUITE_END()
