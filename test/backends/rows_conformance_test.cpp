// What the port promises about rows, on every backend.
#include "store_harness.hpp"
#include "support/random_rows.hpp"
#include "support/random_seed.hpp"

#include <boost/mpl/list.hpp>

#include <map>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

struct on_sqlite {
    temporary_folder folder;
    std::unique_ptr<backend> store = must(open_sqlite_store(folder / "store.db"));
};

struct in_memory {
    std::unique_ptr<backend> store = must(open_memory_store());
};

using row_stores = boost::mpl::list<on_sqlite, in_memory>;

void create(backend& store, table_spec const& table) {
    auto transaction = must(store.begin());
    must(transaction->create_table(table));
    must(transaction->commit());
}

std::vector<row_cells> selected(row_reader& from, table_spec const& table,
                                row_query const& asked = {}) {
    std::vector<row_cells> rows;
    must(from.select_rows(table, asked, [&](row_cells const& row) {
        rows.push_back(row);
        return true;
    }));
    return rows;
}

row_cells thing(char const* key, std::int64_t number, char const* label = nullptr) {
    return {cell{key}, cell{number}, cell{}, cell{0.5}, label != nullptr ? cell{label} : cell{}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(rows_conformance)

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_are_put_replaced_and_erased, Backend, row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    create(*on.store, table);
    {
        auto transaction = must(on.store->begin());
        must(transaction->put_row(table, thing("a", 1)));
        must(transaction->put_row(table, thing("b", 2)));
        must(transaction->put_row(table, thing("a", 3, "x")));
        must(transaction->put_row(table, thing("c", 4)));
        must(transaction->erase_row(table, cell{"c"}));
        must(transaction->erase_row(table, cell{"nobody"}));
        BOOST_TEST((*must(transaction->find_row(table, cell{"a"})) == thing("a", 3, "x")));
        must(transaction->commit());
    }
    auto view = must(on.store->read());
    BOOST_TEST(
        (selected(*view, table) == std::vector<row_cells>{thing("a", 3, "x"), thing("b", 2)}));
    BOOST_TEST((*must(view->find_row(table, cell{"b"})) == thing("b", 2)));
    BOOST_TEST(!must(view->find_row(table, cell{"c"})).has_value());
    BOOST_TEST((*must(on.store->find_row(table, cell{"b"})) == thing("b", 2)));
    BOOST_TEST(!must(on.store->find_row(table, cell{"c"})).has_value());
    BOOST_TEST(must(view->count_rows(table, {})) == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_dropped_transaction_leaves_nothing, Backend, row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    create(*on.store, table);
    {
        auto transaction = must(on.store->begin());
        must(transaction->put_row(table, thing("a", 1)));
        must(transaction->put_projection({"things", 1, layout_of(table), position{7}}));
        must(transaction->put_snapshot({"things", position{7}, "body"}));
    }
    auto view = must(on.store->read());
    BOOST_TEST(selected(*view, table).empty());
    BOOST_TEST(must(view->projections()).empty());
    BOOST_TEST(must(view->snapshots()).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_view_keeps_its_rows_while_others_are_written, Backend, row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    create(*on.store, table);
    for (std::int64_t round = 0; round != 50; ++round) {
        auto before = must(on.store->read());
        auto const rows_before = selected(*before, table);
        auto transaction = must(on.store->begin());
        std::string const key = "k" + std::to_string(round % 7);
        must(transaction->put_row(table, thing(key.c_str(), round)));
        must(transaction->commit());
        BOOST_TEST((selected(*before, table) == rows_before));
        BOOST_TEST((selected(*must(on.store->read()), table) != rows_before));
        // A row that is asked for without a view is that of now.
        BOOST_TEST((*must(on.store->find_row(table, cell{key})) == thing(key.c_str(), round)));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tables_are_renamed_and_dropped, Backend, row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    table_spec shadow = table;
    shadow.name = "things_rebuild";
    create(*on.store, table);
    for (std::int64_t round = 1; round != 4; ++round) {
        auto transaction = must(on.store->begin());
        must(transaction->create_table(shadow));
        must(transaction->put_row(shadow, thing("a", round)));
        must(transaction->drop_table(table.name));
        must(transaction->rename_table(shadow.name, table.name));
        must(transaction->commit());
        auto view = must(on.store->read());
        BOOST_TEST((selected(*view, table) == std::vector<row_cells>{thing("a", round)}));
        BOOST_TEST(fails_with(view->find_row(shadow, cell{"a"}), errc::not_found));
        BOOST_TEST((*must(on.store->find_row(table, cell{"a"})) == thing("a", round)));
        BOOST_TEST(fails_with(on.store->find_row(shadow, cell{"a"}), errc::not_found));
    }
    BOOST_TEST(fails_with(must(on.store->begin())->create_table(table), errc::invalid_argument));
    BOOST_TEST(
        fails_with(must(on.store->begin())->rename_table("nothing", "other"), errc::not_found));
    table_spec other = table;
    other.columns.push_back({"more", column_kind::text, true});
    BOOST_TEST(fails_with(must(on.store->read())->find_row(other, cell{"a"}), errc::corrupt));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(indexes_are_added_to_a_table_that_has_rows, Backend, row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    table_spec bare = table;
    bare.indexes.clear();
    BOOST_REQUIRE(!table.indexes.empty());
    create(*on.store, bare);
    {
        auto transaction = must(on.store->begin());
        must(transaction->put_row(bare, thing("a", 2)));
        must(transaction->put_row(bare, thing("b", 1)));
        must(transaction->add_indexes(table));
        must(transaction->put_row(table, thing("c", 0)));
        must(transaction->commit());
    }
    auto view = must(on.store->read());
    BOOST_TEST((selected(*view, table) ==
                std::vector<row_cells>{thing("a", 2), thing("b", 1), thing("c", 0)}));
    BOOST_TEST(fails_with(must(on.store->begin())->add_indexes(table), errc::invalid_argument));
    table_spec missing = table;
    missing.name = "nothing";
    BOOST_TEST(fails_with(must(on.store->begin())->add_indexes(missing), errc::not_found));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_name_that_no_table_can_have_is_refused_everywhere, Backend,
                              row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    create(*on.store, table);
    for (char const* const name : {"", "Things", "log", "a b"}) {
        table_spec named = table;
        named.name = name;
        auto const refuses = [&](auto const& change) {
            return fails_with(change(*must(on.store->begin())), errc::invalid_argument, name);
        };
        BOOST_TEST_CONTEXT("name '" << name << "'") {
            BOOST_TEST(refuses([&](auto& to) { return to.create_table(named); }));
            BOOST_TEST(refuses([&](auto& to) { return to.add_indexes(named); }));
            BOOST_TEST(refuses([&](auto& to) { return to.rename_table(table.name, name); }));
            BOOST_TEST(!must(on.store->read())->find_row(named, cell{"a"}).has_value());
            BOOST_TEST(!must(on.store->begin())->put_row(named, thing("a", 1)).has_value());
        }
    }
    table_spec other = table;
    other.name = "others";
    create(*on.store, other);
    BOOST_TEST(fails_with(must(on.store->begin())->rename_table(table.name, other.name),
                          errc::invalid_argument, "already a table others"));
    BOOST_TEST(must(must(on.store->read())->count_rows(other, {})) == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_table_that_is_not_there_or_is_another_is_told_by_every_call,
                              Backend, row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    create(*on.store, table);
    table_spec missing = table;
    missing.name = "nothing";
    table_spec other = table;
    other.columns[4].name = "title";
    auto const check = [&](table_spec const& wanted, errc code) {
        auto const visit = [](row_cells const&) { return true; };
        auto view = must(on.store->read());
        BOOST_TEST(fails_with(view->find_row(wanted, cell{"a"}), code));
        BOOST_TEST(fails_with(on.store->find_row(wanted, cell{"a"}), code));
        BOOST_TEST(fails_with(view->select_rows(wanted, {}, visit), code));
        row_filter titled;
        titled.what = row_filter::kind::is_null;
        titled.column = 4;
        BOOST_TEST(fails_with(view->count_rows(wanted, titled), code));
        BOOST_TEST(fails_with(must(on.store->begin())->put_row(wanted, thing("a", 1)), code));
        BOOST_TEST(fails_with(must(on.store->begin())->erase_row(wanted, cell{"a"}), code));
    };
    check(missing, errc::not_found);
    check(other, errc::corrupt);
    BOOST_TEST(must(must(on.store->read())->count_rows(table, {})) == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_table_that_this_transaction_made_can_be_dropped_by_it, Backend,
                              row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    auto transaction = must(on.store->begin());
    must(transaction->drop_table(table.name)); // it is not there: nothing to do
    must(transaction->create_table(table));
    must(transaction->put_row(table, thing("a", 1)));
    must(transaction->drop_table(table.name));
    must(transaction->create_table(table));
    must(transaction->put_row(table, thing("b", 2)));
    must(transaction->commit());
    BOOST_TEST((selected(*must(on.store->read()), table) == std::vector<row_cells>{thing("b", 2)}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(more_tables_than_statements_are_kept_for_are_all_written, Backend,
                              row_stores) {
    Backend on;
    constexpr std::int64_t tables = 70;
    auto const named = [](std::int64_t number) {
        return table_spec{
            "table_" + std::to_string(number), {{"id", column_kind::integer, false}}, 0, {}};
    };
    auto transaction = must(on.store->begin());
    for (std::int64_t each = 0; each != tables; ++each) {
        must(transaction->create_table(named(each)));
    }
    for (std::int64_t each = 0; each != tables; ++each) {
        must(transaction->put_row(named(each), {cell{each}}));
    }
    must(transaction->commit());
    auto view = must(on.store->read());
    for (std::int64_t each = 0; each != tables; ++each) {
        BOOST_TEST(must(view->find_row(named(each), cell{each})).has_value());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_that_does_not_fit_is_refused, Backend, row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    create(*on.store, table);
    row_cells wrong = thing("a", 1);
    wrong[1] = cell{"text"};
    BOOST_TEST(fails_with(must(on.store->begin())->put_row(table, wrong), errc::invalid_argument));
    row_query asked;
    asked.where.what = row_filter::kind::eq;
    asked.where.column = 9;
    asked.where.values = {cell{"x"}};
    BOOST_TEST(fails_with(
        must(on.store->read())->select_rows(table, asked, [](row_cells const&) { return true; }),
        errc::invalid_argument));
    BOOST_TEST(
        fails_with(must(on.store->read())->count_rows(table, asked.where), errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_condition_of_as_many_parts_as_may_be_is_answered, Backend,
                              backends) {
    Backend on;
    table_spec const table = random_rows::table();
    create(*on.store, table);
    auto transaction = must(on.store->begin());
    for (char const* key : {"a", "b", "c"}) { must(transaction->put_row(table, thing(key, 7))); }
    must(transaction->commit());
    row_filter wide;
    wide.what = row_filter::kind::any_of;
    for (std::int64_t part = 0; part != 2'000; ++part) {
        row_filter each;
        each.what = row_filter::kind::eq;
        each.column = 1;
        each.values = {cell{part}};
        wide.parts.push_back(each);
    }
    auto view = must(on.store->read());
    BOOST_TEST(must(view->count_rows(table, wide)) == 3U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(text_that_looks_like_sql_is_only_text, Backend, row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    create(*on.store, table);
    std::vector<std::string> const attacks{"'; DROP TABLE things; --",
                                           "\" OR 1=1 --",
                                           "1); DELETE FROM log; --",
                                           "%' OR '1'='1",
                                           "x' UNION SELECT * FROM meta --",
                                           "\\",
                                           "?1",
                                           "@name",
                                           "NULL"};
    auto transaction = must(on.store->begin());
    for (std::string const& attack : attacks) {
        must(transaction->put_row(table, thing(attack.c_str(), 1, attack.c_str())));
    }
    must(transaction->commit());
    auto view = must(on.store->read());
    for (std::string const& attack : attacks) {
        row_query asked;
        asked.where.what = row_filter::kind::eq;
        asked.where.column = 4;
        asked.where.values = {cell{attack}};
        BOOST_TEST((selected(*view, table, asked) ==
                    std::vector<row_cells>{thing(attack.c_str(), 1, attack.c_str())}));
        BOOST_TEST(must(view->find_row(table, cell{attack})).has_value());
    }
    BOOST_TEST(must(view->count_rows(table, {})) == attacks.size());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(random_queries_answer_as_a_plain_filter_does, Backend, row_stores) {
    Backend on;
    random_rows random{random_seed()};
    table_spec const table = random_rows::table();
    create(*on.store, table);
    std::map<std::string, row_cells> plain;
    for (int round = 0; round != 20; ++round) {
        auto transaction = must(on.store->begin());
        for (int step = 0; step != 12; ++step) {
            row_cells const row = random.row();
            must(transaction->put_row(table, row));
            plain[*std::get_if<std::string>(&row[0])] = row;
        }
        must(transaction->commit());
        std::vector<row_cells> rows;
        for (auto const& [key, row] : plain) { rows.push_back(row); }
        auto view = must(on.store->read());
        for (int query = 0; query != 100; ++query) {
            row_query const asked = random.asked();
            BOOST_REQUIRE((selected(*view, table, asked) == plainly_selected(rows, asked, 0)));
            row_query counted;
            counted.where = asked.where;
            BOOST_REQUIRE(must(view->count_rows(table, asked.where)) ==
                          plainly_selected(rows, counted, 0).size());
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_visitor_may_read_the_same_view, Backend, row_stores) {
    Backend on;
    table_spec const table = random_rows::table();
    create(*on.store, table);
    auto transaction = must(on.store->begin());
    for (char const* key : {"a", "b", "c"}) { must(transaction->put_row(table, thing(key, 1))); }
    must(transaction->commit());
    auto view = must(on.store->read());
    int seen = 0;
    must(view->select_rows(table, {}, [&](row_cells const& row) {
        BOOST_TEST(selected(*view, table).size() == 3U);
        BOOST_TEST((*must(view->find_row(table, row[0])) == row));
        ++seen;
        return seen != 2;
    }));
    BOOST_TEST(seen == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(projections_and_snapshots_are_kept_by_name, Backend, row_stores) {
    Backend on;
    stored_projection const tasks{"tasks", 2, "layout", position{9}};
    {
        auto transaction = must(on.store->begin());
        must(transaction->put_projection({"tasks", 1, "old", position{3}}));
        must(transaction->put_projection(tasks));
        must(transaction->put_projection({"agents", 1, "", position{}}));
        for (std::uint64_t at : {10U, 20U, 30U}) {
            must(transaction->put_snapshot({"tasks", position{at}, std::to_string(at)}));
        }
        must(transaction->put_snapshot({"agents", position{15}, "first"}));
        must(transaction->put_snapshot({"agents", position{15}, "a"}));
        must(transaction->put_snapshot({"zebras", position{40}, "z"}));
        must(transaction->commit());
    }
    {
        auto view = must(on.store->read());
        auto const all = must(view->projections());
        BOOST_REQUIRE(all.size() == 2U);
        BOOST_TEST((all[1] == tasks));
        BOOST_TEST(!must(view->snapshot_of("tasks", position{9})).has_value());
        BOOST_TEST(must(view->snapshot_of("tasks", position{29}))->body == "20");
        BOOST_TEST(must(view->snapshot_of("tasks", position::max()))->body == "30");
        BOOST_TEST(must(view->snapshots()).size() == 5U);
    }
    auto transaction = must(on.store->begin());
    must(transaction->erase_projection("agents"));
    must(transaction->erase_projection("nobody"));
    must(transaction->erase_snapshots("tasks", position{20}));
    must(transaction->commit());
    auto view = must(on.store->read());
    BOOST_TEST(must(view->projections()).size() == 1U);
    BOOST_TEST(must(view->snapshot_of("tasks", position::max()))->body == "10");
    BOOST_TEST(must(view->snapshot_of("agents", position::max()))->body == "a");
    BOOST_TEST(must(view->snapshot_of("zebras", position::max()))->body == "z");
}

BOOST_AUTO_TEST_SUITE_END()
