#include "index/position_cursor.hpp"

#include "indexed_log.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::detail;
using test::indexed_log;
using test::small_index;

namespace {

query random_query(std::mt19937_64& random) {
    query wanted;
    for (std::uint64_t items = 1 + random() % 3; items > 0; --items) {
        query item;
        for (std::uint64_t i = random() % 3; i > 0; --i) {
            item.stream("stream-" + std::to_string(random() % 35));
        }
        for (std::uint64_t i = random() % 3; i > 0; --i) {
            item.type("type-" + std::to_string(random() % 6));
        }
        for (std::uint64_t i = random() % 3; i > 0; --i) {
            item.tag("tag-" + std::to_string(random() % 11));
        }
        if (item.is_all()) { item.type("type-1"); }
        wanted = wanted.is_all() ? item : wanted | item;
    }
    return wanted;
}

void check(indexed_log& log, query const& wanted, direction towards, std::uint64_t from,
           std::uint64_t bound) {
    auto const found = log.ask(wanted, towards, position{from}, position{bound});
    auto const expected = log.expect(wanted, towards, position{from}, position{bound});
    BOOST_REQUIRE(found.size() == expected.size());
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(index_position_cursor)

BOOST_AUTO_TEST_CASE(random_queries_answer_as_a_filter_over_all_events_does) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    for (int i = 0; i < 12'000; ++i) {
        log.append_random(random, 30, 10);
        log.maybe_flush();
        if (i % 40 != 0) { continue; }
        std::uint64_t const head = log.head().value;
        std::uint64_t const low = 1 + random() % head;
        std::uint64_t const high = low + random() % (head - low + 1);
        query const wanted = random_query(random);
        check(log, wanted, direction::forwards, low, high);
        check(log, wanted, direction::backwards, high, low);
    }
    for (int i = 0; i < 20; ++i) {
        query const wanted = random_query(random);
        check(log, wanted, direction::forwards, 1, log.head().value);
        check(log, wanted, direction::backwards, log.head().value, 1);
    }
}

BOOST_AUTO_TEST_CASE(postings_beyond_the_bound_are_not_seen) {
    indexed_log log{small_index()};
    for (int i = 0; i < 10; ++i) { log.append({"a", "t", {}}); }
    check(log, query{}.stream("a"), direction::forwards, 1, 7);
    check(log, query{}.stream("a"), direction::backwards, 7, 1);
    check(log, query{}.stream("a"), direction::forwards, 8, 7);
    check(log, query{}.stream("a"), direction::backwards, 7, 8);
}

BOOST_AUTO_TEST_CASE(long_lists_are_walked_page_by_page_in_both_directions) {
    indexed_log log{small_index()};
    for (int i = 0; i < 5'000; ++i) {
        log.append({"a", i % 1'000 == 0 ? "rare" : "common", {"t"}});
        if (i % 1'500 == 0) { BOOST_REQUIRE(log.flush()); }
    }
    for (auto const& wanted :
         {query{}.stream("a"), query{}.type("common").tag("t"), query{}.type("rare").tag("t")}) {
        check(log, wanted, direction::forwards, 1, log.head().value);
        check(log, wanted, direction::backwards, log.head().value, 1);
    }
}

BOOST_AUTO_TEST_CASE(a_query_that_matches_everything_is_an_invalid_argument) {
    indexed_log log{small_index()};
    auto view = log.store().read().value();
    auto const opened = position_cursor::open(log.index().snapshot(), *view, query{},
                                              direction::forwards, position{1}, position{1});
    BOOST_TEST((opened.error() == errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_corrupt_block_is_reported_and_not_skipped) {
    indexed_log log{small_index()};
    for (int i = 0; i < 10; ++i) { log.append({"a", "t", {}}); }
    BOOST_REQUIRE(log.flush());
    log.store().damage_block(log.store().stored_runs().front().id, 0, 3);
    auto view = log.store().read().value();
    auto cursor = position_cursor::open(log.index().snapshot(), *view, query{}.stream("a"),
                                        direction::forwards, position{1}, position{10})
                      .value();
    BOOST_TEST((cursor.next().error() == errc::corrupt));
}

BOOST_AUTO_TEST_SUITE_END()
