// What a table is declared as, and what is asked of it, compared member by member.
#include <swarmlog/engine/rows.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

using namespace swarmlog;

namespace {

/// Whether a value equals its copy, and no longer does after the change.
template <class T, class Change>
bool is_told_apart(T const& value, Change const& change) {
    T other = value;
    bool const was_equal = other == value;
    change(other);
    return was_equal && other != value;
}

} // namespace

BOOST_AUTO_TEST_SUITE(table_specifications)

BOOST_AUTO_TEST_CASE(tables_that_differ_in_anything_are_told_apart) {
    table_spec const table{"t", {{"key", column_kind::text, false}}, 0, {{{0}}}};
    BOOST_TEST(is_told_apart(table, [](table_spec& other) { other.name = "u"; }));
    BOOST_TEST(is_told_apart(table, [](table_spec& other) { other.columns[0].name = "k"; }));
    BOOST_TEST(is_told_apart(
        table, [](table_spec& other) { other.columns[0].kind = column_kind::integer; }));
    BOOST_TEST(is_told_apart(table, [](table_spec& other) { other.columns[0].nullable = true; }));
    BOOST_TEST(is_told_apart(table, [](table_spec& other) { other.key = 1; }));
    BOOST_TEST(is_told_apart(table, [](table_spec& other) { other.indexes.clear(); }));
}

BOOST_AUTO_TEST_CASE(queries_that_differ_in_anything_are_told_apart) {
    row_query asked;
    asked.where.what = row_filter::kind::eq;
    asked.where.values = {std::string{"x"}};
    asked.order = {{0, false}};
    BOOST_TEST(
        is_told_apart(asked, [](row_query& other) { other.where.what = row_filter::kind::ne; }));
    BOOST_TEST(is_told_apart(asked, [](row_query& other) { other.where.column = 1; }));
    BOOST_TEST(is_told_apart(asked, [](row_query& other) { other.where.values.clear(); }));
    BOOST_TEST(is_told_apart(asked, [](row_query& other) { other.where.parts.emplace_back(); }));
    BOOST_TEST(is_told_apart(asked, [](row_query& other) { other.order[0].column = 1; }));
    BOOST_TEST(is_told_apart(asked, [](row_query& other) { other.order[0].descending = true; }));
    BOOST_TEST(is_told_apart(asked, [](row_query& other) { other.order.clear(); }));
    BOOST_TEST(is_told_apart(asked, [](row_query& other) { other.offset = 1; }));
    BOOST_TEST(is_told_apart(asked, [](row_query& other) { other.limit = 1; }));
}

BOOST_AUTO_TEST_CASE(stored_projections_that_differ_in_anything_are_told_apart) {
    stored_projection const stored{"p", 1, "layout", position{4}};
    BOOST_TEST(is_told_apart(stored, [](stored_projection& other) { other.name = "q"; }));
    BOOST_TEST(is_told_apart(stored, [](stored_projection& other) { other.version = 2; }));
    BOOST_TEST(is_told_apart(stored, [](stored_projection& other) { other.layout = "other"; }));
    BOOST_TEST(is_told_apart(stored, [](stored_projection& other) { other.position = {}; }));
}

BOOST_AUTO_TEST_SUITE_END()
