// A query that comes again while its table stays as it is gets the answer that was kept, and never
// one that is out of date.
#include "projections/task_board.hpp"
#include "support/log_under_test.hpp"
#include "support/random_seed.hpp"

#include <swarmlog/projections/detail/typed_source.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;
using board::card;

namespace {

/// A table in memory that counts how often it is read.
class counted_table final : public detail::row_access {
public:
    result<void> with_reader(std::function<result<void>(row_reader&)> const& work) const override {
        ++reads;
        reader from{rows};
        return work(from);
    }

    memory_table rows{detail::table_of<board::tallies>()};
    mutable int reads = 0;

private:
    struct reader final : row_reader {
        explicit reader(memory_table const& rows) : rows_(rows) {}
        result<std::optional<row_cells>> find_row(table_spec const&, cell const&) override {
            return std::optional<row_cells>{};
        }
        result<void> select_rows(table_spec const&, row_query const& asked,
                                 row_visitor const& visit) override {
            rows_.select(asked, visit);
            return {};
        }
        result<std::uint64_t> count_rows(table_spec const&, row_filter const& where) override {
            return rows_.count(where);
        }
        memory_table const& rows_;
    };
};

/// Tallies of so many people, read through a cache of so many rows.
struct counted_tallies {
    counted_tallies(int people, std::size_t cache_rows)
        : cache(std::make_shared<detail::table_cache<board::tally>>(cache_rows)) {
        for (int each = 0; each != people; ++each) { set(each, 1); }
    }
    void set(std::int64_t who, std::int64_t taken) {
        table->rows.put({std::string(1, static_cast<char>('a' + who)), taken});
    }
    [[nodiscard]] typed_query<board::tally> query() const {
        return typed_query<board::tally>{std::make_shared<detail::stored_source<board::tally>>(
            table->rows.table(), table, cache)};
    }

    std::shared_ptr<counted_table> table = std::make_shared<counted_table>();
    std::shared_ptr<detail::table_cache<board::tally>> cache;
};

/// The same board with a cache and without.
class two_boards {
public:
    explicit two_boards(std::string_view backend) {
        for (std::size_t const cache_rows : {std::size_t{16'384}, std::size_t{0}}) {
            projection_options options;
            options.cache_rows = cache_rows;
            sets_.emplace_back(options).add(board::cards{});
            logs_.push_back(
                std::make_unique<log_under_test>(backend, log_options{.state = sets_.back()}));
        }
    }
    template <class Event>
    void append(Event const& event) {
        for (auto const& log : logs_) {
            must((*log)->make_producer().append("card-" + event.id, expected::any{}, event));
        }
    }
    [[nodiscard]] event_log& kept() { return **logs_.at(0); }
    [[nodiscard]] event_log& asked() { return **logs_.at(1); }

private:
    std::vector<projection_set> sets_;
    std::vector<std::unique_ptr<log_under_test>> logs_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(kept_answers)

BOOST_AUTO_TEST_CASE(the_third_time_needs_no_reading_until_the_table_changes) {
    counted_tallies on{3, 1'000};
    for (int const reads : {1, 2, 2, 2}) {
        BOOST_TEST(must(on.query().all()).size() == 3U);
        BOOST_TEST(on.table->reads == reads);
    }
    on.set(3, 1);
    on.cache->rows.publish(detail::row_key_view{true, 0, "d"}, std::make_shared<board::tally>());
    for (int const reads : {3, 4, 4}) {
        BOOST_TEST(must(on.query().all()).size() == 4U);
        BOOST_TEST(on.table->reads == reads);
    }
    on.cache->rows.clear();
    BOOST_TEST(must(on.query().all()).size() == 4U);
    BOOST_TEST(on.table->reads == 5);
}

BOOST_AUTO_TEST_CASE(queries_that_differ_in_anything_are_told_apart) {
    counted_tallies on{5, 1'000};
    on.set(4, 7);
    for (int each = 0; each != 4; ++each) {
        BOOST_TEST(must(on.query().all()).size() == 5U);
        BOOST_TEST(must(on.query().limit(2).all()).size() == 2U);
        BOOST_TEST(must(on.query().offset(2).all()).size() == 3U);
        BOOST_TEST(must(on.query().where(eq(&board::tally::taken, 7U)).all()).size() == 1U);
        BOOST_TEST(must(on.query().where(ne(&board::tally::taken, 7U)).all()).size() == 4U);
        BOOST_TEST(must(on.query().order_by(&board::tally::who, descending).all()).front().who ==
                   "e");
    }
    BOOST_TEST(on.table->reads == 12);
}

BOOST_AUTO_TEST_CASE(what_is_too_long_or_not_read_to_its_end_is_not_kept) {
    counted_tallies on{20, 16}; // an answer of one row, then
    for (int each = 0; each != 4; ++each) { BOOST_TEST(must(on.query().all()).size() == 20U); }
    BOOST_TEST(on.table->reads == 4);
    counted_tallies stopped{20, 1'000};
    for (int each = 0; each != 4; ++each) {
        int seen = 0;
        must(stopped.query().for_each([&](board::tally const&) { return ++seen != 3; }));
        BOOST_TEST(seen == 3);
    }
    BOOST_TEST(stopped.table->reads == 4);
    auto const failing = [&](board::tally const&) -> result<bool> {
        return error{errc::invalid_argument, "no more"};
    };
    for (int each = 0; each != 4; ++each) {
        BOOST_TEST(stopped.query().for_each(failing).error().message() == "no more");
        BOOST_TEST(must(stopped.query().all()).size() == 20U);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_read_while_the_table_changed_is_not_kept) {
    counted_tallies on{2, 1'000};
    BOOST_TEST(must(on.query().all()).size() == 2U);
    must(on.query().for_each([&](board::tally const&) {
        on.cache->rows.publish(detail::row_key_view{true, 0, "a"}, nullptr);
        return true;
    }));
    BOOST_TEST(must(on.query().all()).size() == 2U);
    BOOST_TEST(on.table->reads == 3);
}

BOOST_AUTO_TEST_CASE(more_queries_than_are_kept_push_each_other_out) {
    counted_tallies on{20, 1'000};
    for (int round = 0; round != 3; ++round) {
        for (std::uint64_t limit = 1; limit != 20; ++limit) {
            BOOST_TEST(must(on.query().limit(limit).all()).size() == limit);
        }
    }
    BOOST_TEST(on.table->reads == 57);
}

BOOST_AUTO_TEST_CASE(no_answer_is_out_of_date) {
    for (std::string_view const backend : all_backends) {
        two_boards on{backend};
        std::mt19937_64 random{random_seed()};
        auto const pick = [&](std::size_t below) {
            return std::uniform_int_distribution<std::size_t>{0, below - 1}(random);
        };
        for (int round = 0; round != 400; ++round) {
            std::string const id = std::to_string(pick(12));
            switch (pick(8)) {
            case 0:
                on.append(board::card_added{id, static_cast<std::int64_t>(pick(90)), {}});
                break;
            case 1: on.append(board::card_taken{id, "ann"}); break;
            case 2: on.append(board::card_done{id}); break;
            case 3: on.append(board::card_removed{id}); break;
            default: break; // the table stays as it is
            }
            auto const state = static_cast<board::state>(pick(3));
            std::uint64_t const most = 1 + pick(2) * 9;
            auto const ask = [&](event_log const& log) {
                return must(log.query<card>().where(eq(&card::state, state)).limit(most).all());
            };
            BOOST_TEST((ask(on.kept()) == ask(on.asked())));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
