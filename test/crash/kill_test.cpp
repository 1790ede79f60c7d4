#include "crash/kill_rounds.hpp"
#include "crash/numbered_append.hpp"
#include "support/expect_result.hpp"
#include "support/random_seed.hpp"

#include <swarmlog/backends/open_memory.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <utility>

BOOST_AUTO_TEST_SUITE(killed_process)

BOOST_AUTO_TEST_CASE(a_killed_process_loses_nothing_acknowledged_and_leaves_no_half_append) {
    swarmlog::test::kill_and_check(swarmlog::test::random_seed(), 15, 400);
}

// What the rounds rely on can fail.
BOOST_AUTO_TEST_CASE(a_log_without_one_of_the_appends_is_told_from_a_whole_one) {
    using namespace swarmlog;
    using namespace swarmlog::test;
    for (std::initializer_list<std::uint64_t> const numbers :
         {std::initializer_list<std::uint64_t>{1, 2, 3, 4}, {1, 3, 4}, {1, 2, 2, 3}, {2, 1, 3}}) {
        auto log = must(open_memory());
        auto source = log.make_producer();
        for (std::uint64_t const number : numbers) {
            append_request request = source.new_append();
            numbered_append{number}.add_to(request);
            static_cast<void>(must(source.append(std::move(request))));
        }
        numbered_log expected;
        bool is_whole = true;
        for (event_view const& event : log.read()) {
            is_whole = is_whole && expected.difference(event, event.position).empty();
        }
        BOOST_TEST(is_whole == (numbers.size() == 4 && *(numbers.begin() + 2) == 3));
    }
}

BOOST_AUTO_TEST_SUITE_END()
