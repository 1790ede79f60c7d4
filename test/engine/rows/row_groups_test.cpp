#include <swarmlog/engine/rows.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>

using namespace swarmlog;

namespace {

cell integer(std::int64_t value) { return cell{value}; }

} // namespace

BOOST_AUTO_TEST_SUITE(rows_groups)

BOOST_AUTO_TEST_CASE(nulls_count_for_nothing_and_groups_come_in_order) {
    row_groups groups{{0},
                      {{aggregate_kind::count, 0},
                       {aggregate_kind::sum, 1},
                       {aggregate_kind::mean, 1},
                       {aggregate_kind::min, 1},
                       {aggregate_kind::max, 1}}};
    groups.add({cell{"b"}, integer(4)});
    groups.add({cell{"a"}, cell{}});
    groups.add({cell{"b"}, integer(1)});
    groups.add({cell{"b"}, cell{}});
    auto const all = groups.take().value();
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST((all[0].by == row_cells{cell{"a"}}));
    BOOST_TEST((all[0].results == row_cells{integer(1), cell{}, cell{}, cell{}, cell{}}));
    BOOST_TEST(
        (all[1].results == row_cells{integer(3), integer(5), cell{2.5}, integer(1), integer(4)}));
}

BOOST_AUTO_TEST_CASE(without_a_grouping_there_is_one_group_also_of_nothing) {
    row_groups groups{{}, {{aggregate_kind::count, 0}, {aggregate_kind::sum, 0}}};
    auto const all = groups.take().value();
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST((all[0].results == row_cells{integer(0), cell{}}));
}

BOOST_AUTO_TEST_CASE(small_terms_are_not_lost_beside_large_ones) {
    row_groups groups{{}, {{aggregate_kind::sum, 0}}};
    for (double const value : {1.0, 1e100, 1.0, -1e100}) { groups.add({cell{value}}); }
    BOOST_TEST((groups.take().value()[0].results == row_cells{cell{2.0}}));
}

BOOST_AUTO_TEST_CASE(a_sum_that_leaves_64_bits_is_an_error_and_one_that_comes_back_is_not) {
    std::int64_t const most = std::numeric_limits<std::int64_t>::max();
    row_groups too_large{{}, {{aggregate_kind::sum, 0}}};
    too_large.add({integer(most)});
    too_large.add({integer(1)});
    auto const failed = too_large.take();
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error() == errc::invalid_argument));
    row_groups back{{}, {{aggregate_kind::sum, 0}}};
    for (std::int64_t const value : {most, std::int64_t{1}, std::int64_t{-1}}) {
        back.add({integer(value)});
    }
    BOOST_TEST((back.take().value()[0].results == row_cells{integer(most)}));
}

BOOST_AUTO_TEST_SUITE_END()
