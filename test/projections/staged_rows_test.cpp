// A table read with changes on top of it, as if they were committed.
#include "support/outcome.hpp"

#include <swarmlog/projections/detail/row_access.hpp>
#include <swarmlog/projections/detail/staged_rows.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

table_spec const numbers_table{
    "numbers", {{"key", column_kind::integer, false}, {"parity", column_kind::text, false}}, 0, {}};

row_cells number_row(std::int64_t key) { return {key, std::string{key % 2 == 0 ? "even" : "odd"}}; }

/// Numbers in memory; so many readings go well.
class lasting_numbers final : public detail::row_access {
public:
    explicit lasting_numbers(std::int64_t count) {
        for (std::int64_t each = 0; each != count; ++each) { rows.put(number_row(each)); }
    }
    result<void> with_reader(std::function<result<void>(row_reader&)> const& work) const override {
        reader from{*this};
        return work(from);
    }

    memory_table rows{numbers_table};
    mutable int good = 1'000'000;

private:
    struct reader final : row_reader {
        explicit reader(lasting_numbers const& of) : of_(of) {}
        result<std::optional<row_cells>> find_row(table_spec const&, cell const& key) override {
            if (of_.good-- <= 0) { return error{errc::io_error, "worn out"}; }
            row_cells const* const row = of_.rows.find(key);
            return row != nullptr ? std::optional{*row} : std::nullopt;
        }
        result<void> select_rows(table_spec const&, row_query const& asked,
                                 row_visitor const& visit) override {
            if (of_.good-- <= 0) { return error{errc::io_error, "worn out"}; }
            of_.rows.select(asked, visit);
            return {};
        }
        result<std::uint64_t> count_rows(table_spec const&, row_filter const& where) override {
            if (of_.good-- <= 0) { return error{errc::io_error, "worn out"}; }
            return of_.rows.count(where);
        }
        lasting_numbers const& of_;
    };
};

struct changed_numbers {
    explicit changed_numbers(std::int64_t count) : committed(count), staged(numbers_table) {}

    [[nodiscard]] result<std::optional<row_cells>> find(std::int64_t key) {
        std::optional<row_cells> found;
        auto const done = staged.read(committed, [&](row_reader& rows) -> result<void> {
            auto row = rows.find_row(numbers_table, key);
            if (!row) { return row.error(); }
            found = std::move(*row);
            return {};
        });
        if (!done) { return done.error(); }
        return found;
    }
    [[nodiscard]] result<std::vector<std::int64_t>> keys(row_query const& asked) {
        std::vector<std::int64_t> found;
        auto const done = staged.read(committed, [&](row_reader& rows) {
            return rows.select_rows(numbers_table, asked, [&](row_cells const& row) {
                found.push_back(std::get<std::int64_t>(row[0]));
                return true;
            });
        });
        if (!done) { return done.error(); }
        return found;
    }
    [[nodiscard]] result<std::uint64_t> count() {
        std::uint64_t counted = 0;
        auto const done = staged.read(committed, [&](row_reader& rows) -> result<void> {
            auto const got = rows.count_rows(numbers_table, {});
            if (!got) { return got.error(); }
            counted = *got;
            return {};
        });
        if (!done) { return done.error(); }
        return counted;
    }

    lasting_numbers committed;
    detail::staged_rows staged;
};

row_query limited(std::uint64_t offset, std::uint64_t limit, bool descending = false) {
    row_query asked;
    asked.offset = offset;
    asked.limit = limit;
    if (descending) { asked.order = {{0, true}}; }
    return asked;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rows_with_changes)

BOOST_AUTO_TEST_CASE(single_rows_are_found_with_their_changes) {
    changed_numbers on{4};
    on.staged.put(std::int64_t{1}, {std::int64_t{1}, std::string{"one"}});
    on.staged.put(std::int64_t{9}, {std::int64_t{9}, std::string{"nine"}});
    on.staged.erase(std::int64_t{2});
    BOOST_TEST((must(on.find(0)) == number_row(0)));
    BOOST_TEST((must(on.find(1))->at(1) == cell{std::string{"one"}}));
    BOOST_TEST(!must(on.find(2)).has_value());
    BOOST_TEST(!must(on.find(5)).has_value());
    BOOST_TEST((must(on.find(9))->at(1) == cell{std::string{"nine"}}));
    on.staged.forget_changes();
    BOOST_TEST((must(on.find(2)) == number_row(2)));
    BOOST_TEST(!must(on.find(9)).has_value());
}

BOOST_AUTO_TEST_CASE(offset_and_limit_count_rows_with_their_changes) {
    changed_numbers on{6};
    on.staged.erase(std::int64_t{0});
    on.staged.erase(std::int64_t{3});
    on.staged.put(std::int64_t{-1}, number_row(-1));
    on.staged.put(std::int64_t{7}, number_row(7));
    using keys = std::vector<std::int64_t>;
    BOOST_TEST((must(on.keys({})) == keys{-1, 1, 2, 4, 5, 7}));
    BOOST_TEST((must(on.keys(limited(0, 2))) == keys{-1, 1}));
    BOOST_TEST((must(on.keys(limited(1, 3))) == keys{1, 2, 4}));
    BOOST_TEST((must(on.keys(limited(5, 3))) == keys{7}));
    BOOST_TEST((must(on.keys(limited(9, 3))).empty()));
    BOOST_TEST((must(on.keys(limited(0, 0))).empty()));
    BOOST_TEST((must(on.keys(limited(0, 3, true))) == keys{7, 5, 4}));
    BOOST_TEST((must(on.keys(limited(3, 9, true))) == keys{2, 1, -1}));
    BOOST_TEST(must(on.count()) == 6U);
}

BOOST_AUTO_TEST_CASE(of_equal_rows_the_key_decides) {
    changed_numbers on{5};
    on.staged.put(std::int64_t{-2}, number_row(-2));
    on.staged.put(std::int64_t{3}, {std::int64_t{3}, std::string{"even"}});
    row_query by_parity;
    by_parity.order = {{1, true}};
    using keys = std::vector<std::int64_t>;
    BOOST_TEST((must(on.keys(by_parity)) == keys{1, -2, 0, 2, 3, 4}));
    by_parity.order = {{1, false}};
    BOOST_TEST((must(on.keys(by_parity)) == keys{-2, 0, 2, 3, 4, 1}));
}

BOOST_AUTO_TEST_CASE(a_filter_that_does_not_fit_the_table_is_refused) {
    changed_numbers on{2};
    row_query asked;
    asked.where.what = row_filter::kind::eq;
    asked.where.column = 5;
    asked.where.values = {std::int64_t{1}};
    BOOST_TEST(failed_with(on.keys(asked), errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(an_answer_that_broke_off_is_asked_for_anew) {
    changed_numbers on{200}; // more than are read at once
    on.staged.put(std::int64_t{500}, number_row(500));
    std::vector<std::int64_t> const whole = must(on.keys({}));
    BOOST_TEST(whole.size() == 201U);
    for (int good = 0; good != 3; ++good) {
        changed_numbers worn{200};
        worn.staged.put(std::int64_t{500}, number_row(500));
        worn.committed.good = good;
        BOOST_TEST(failed_with(worn.keys({}), errc::io_error, {"worn out"}));
        worn.committed.good = 1'000;
        BOOST_TEST((must(worn.keys({})) == whole));
        worn.committed.good = 0;
        BOOST_TEST(failed_with(worn.find(1), errc::io_error, {"worn out"}));
        BOOST_TEST((must(worn.find(500)) == number_row(500)));
        for (int counted = 0; counted != 2; ++counted) {
            worn.committed.good = counted;
            BOOST_TEST(failed_with(worn.count(), errc::io_error, {"worn out"}));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_long_answer_is_the_same_each_time) {
    changed_numbers on{9'000}; // more than are kept
    on.staged.erase(std::int64_t{1});
    BOOST_TEST(must(on.keys({})).size() == 8'999U);
    on.staged.erase(std::int64_t{8'000});
    BOOST_TEST(must(on.keys({})).size() == 8'998U);
}

BOOST_AUTO_TEST_SUITE_END()
