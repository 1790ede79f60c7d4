#include "index/index.hpp"

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

BOOST_AUTO_TEST_SUITE(index_facade)

BOOST_AUTO_TEST_CASE(every_posting_survives_hundreds_of_flushes_and_merges) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    for (int i = 0; i < 60'000; ++i) {
        log.append_random(random, 700, 40);
        log.maybe_flush();
    }
    auto const figures = log.index().statistics();
    BOOST_TEST(figures.level_count >= 3U);
    BOOST_TEST(figures.run_count < 13 * figures.level_count);
    log.check_all_postings();
}

BOOST_AUTO_TEST_CASE(what_was_flushed_is_there_after_reopening) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    for (int i = 0; i < 8'000; ++i) {
        log.append_random(random, 300, 20);
        log.maybe_flush();
        if (random() % 900 == 0) { log.reopen(); }
    }
    log.reopen();
    log.check_all_postings();
}

BOOST_AUTO_TEST_CASE(a_flush_of_nothing_is_harmless) {
    indexed_log log{small_index()};
    BOOST_TEST(log.flush());
    log.append({"a", "t", {}});
    BOOST_TEST(log.flush());
    BOOST_TEST(log.flush());
    BOOST_TEST(log.index().statistics().run_count == 1U);
    log.check_all_postings();
}

BOOST_AUTO_TEST_CASE(a_flush_that_fails_at_any_write_loses_nothing_and_is_made_up_for) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    int failed = 0;
    for (int flushes = 0; flushes < 150; ++flushes) {
        for (int i = 0; i < 60; ++i) { log.append_random(random, 100, 10); }
        log.store().fail_after(random() % 12);
        bool const committed = log.flush();
        log.store().fail_never();
        failed += committed ? 0 : 1;
        if (flushes % 25 == 0) { log.check_all_postings(); }
    }
    BOOST_TEST(failed > 10);
    for (int i = 0; i < 100; ++i) { BOOST_TEST(log.flush()); } // lets merges and erasing catch up
    log.check_all_postings();
    // Abandoned merges leave no blocks behind, nor do dropped runs.
    BOOST_TEST(log.store().runs_with_blocks().size() == log.store().stored_runs().size());
}

BOOST_AUTO_TEST_CASE(blocks_of_dropped_runs_stay_while_a_snapshot_may_read_them) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    auto const flush_some = [&](int flushes) {
        for (int i = 0; i < flushes; ++i) {
            log.append_random(random, 50, 10);
            BOOST_REQUIRE(log.flush());
        }
    };
    flush_some(7);
    position const bound = log.head();
    auto held = log.index().snapshot();
    flush_some(60);
    std::size_t count = 0;
    auto view = log.store().read().value();
    for_each_posting(
        *held, *view,
        [&](key_kind, std::string_view, std::uint64_t, position) { return ++count > 0; }, bound)
        .value();
    BOOST_TEST(count >= 14U);
    BOOST_TEST(log.store().runs_with_blocks().size() > log.store().stored_runs().size());

    held.reset();
    for (int i = 0; i < 60; ++i) { BOOST_REQUIRE(log.flush()); }
    BOOST_TEST(log.store().runs_with_blocks().size() == log.store().stored_runs().size());
}

BOOST_AUTO_TEST_CASE(filters_and_heads_keep_to_their_bounds) {
    std::mt19937_64 random{test::random_seed()};
    auto options = small_index();
    options.tail_events = 2'000;
    options.filter_bytes_max = 5'000;
    options.heads_max = 250;
    indexed_log log{options};
    for (int i = 0; i < 15'000; ++i) {
        log.append_random(random, 100'000, 100'000); // mostly new streams
        log.maybe_flush();
    }
    auto const figures = log.index().statistics();
    BOOST_TEST(figures.filter_bytes <= 5'000U);
    BOOST_TEST(figures.heads <= 250U);
    BOOST_TEST(figures.heads > 125U);
    log.check_all_postings();
}

BOOST_AUTO_TEST_CASE(a_tail_of_many_bytes_wants_to_be_flushed_before_it_has_many_events) {
    auto options = small_index();
    options.tail_events = 1'000'000;
    options.tail_bytes_max = 1'000'000;
    indexed_log log{options};
    std::uint64_t events = 0;
    while (!log.index().wants_flush()) {
        log.append({"stream-" + std::to_string(events++), "t", {}});
    }
    BOOST_TEST(events < 10'000U);
    BOOST_TEST(log.index().statistics().tail_bytes < 2'000'000U);
}

BOOST_AUTO_TEST_CASE(a_gap_between_runs_is_corrupt) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    for (int i = 0; i < 3; ++i) {
        log.append_random(random, 5, 5);
        BOOST_REQUIRE(log.flush());
    }
    auto transaction = log.store().begin().value();
    transaction->drop_run(log.store().stored_runs()[1].id).value();
    static_cast<void>(transaction->commit());
    detail::index fresh{small_index()};
    auto view = log.store().read().value();
    BOOST_TEST((fresh.load(*view).error() == errc::corrupt));
}

BOOST_AUTO_TEST_CASE(a_damaged_run_ends_the_merging_of_its_level_but_nothing_else) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    for (int i = 0; i < 7; ++i) {
        log.append_random(random, 5, 5);
        BOOST_REQUIRE(log.flush());
    }
    std::uint64_t const damaged = log.store().stored_runs()[3].id;
    log.store().damage_block(damaged, 0, 5);
    BOOST_TEST(!log.index().merge_failure());
    for (int i = 0; i < 20; ++i) {
        log.append({"only-here", "t", {}});
        BOOST_REQUIRE(log.flush());
    }
    BOOST_REQUIRE(log.index().merge_failure().has_value());
    BOOST_TEST((*log.index().merge_failure() == errc::corrupt));
    std::string const named = "run " + std::to_string(damaged) + ", block 0";
    BOOST_TEST(log.index().merge_failure()->message().find(named) != std::string::npos);
    BOOST_TEST(log.index().statistics().run_count == 27U);
    auto const found =
        log.ask(query{}.stream("only-here"), direction::forwards, position{8}, log.head());
    BOOST_TEST(found.size() == 20U);
}

BOOST_AUTO_TEST_CASE(a_failed_flush_is_not_tried_again_with_every_event) {
    indexed_log log{small_index()};
    while (!log.index().wants_flush()) { log.append({"a", "t", {}}); }
    log.store().fail_after(0);
    BOOST_TEST(!log.flush());
    log.store().fail_never();
    int events = 0;
    for (; !log.index().wants_flush(); ++events) { log.append({"a", "t", {}}); }
    BOOST_TEST(events == 13); // an eighth of the tail, and one
    BOOST_TEST(log.flush());
    log.check_all_postings();
}

BOOST_AUTO_TEST_CASE(a_follower_takes_over_new_runs_and_is_fed_from_there) {
    std::mt19937_64 random{test::random_seed()};
    indexed_log log{small_index()};
    detail::index follower{small_index()};
    std::uint64_t fed = 0;
    for (int i = 0; i < 3'000; ++i) {
        log.append_random(random, 50, 10);
        log.maybe_flush();
        if (i % 170 != 0) { continue; }
        auto view = log.store().read().value();
        if (follower.refresh(*view).value()) { fed = follower.indexed_through().value; }
        while (fed < log.head().value) {
            auto const& event = log.events()[fed++];
            tail& recent = follower.current_tail();
            recent.append(recent.find_or_insert(key_ref::of(key_kind::stream, event.stream)),
                          position{fed});
        }
        BOOST_TEST(!follower.refresh(*view).value());
        std::string const stream = "stream-" + std::to_string(random() % 50);
        auto cursor = position_cursor::open(follower.snapshot(), *view, query{}.stream(stream),
                                            direction::forwards, position{1}, log.head())
                          .value();
        std::vector<std::uint64_t> found;
        while (auto const at = cursor.next().value()) { found.push_back(at->value); }
        auto const known = log.postings().find({key_kind::stream, stream});
        if (known == log.postings().end()) {
            BOOST_TEST(found.empty());
        } else {
            BOOST_TEST(found == known->second, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
