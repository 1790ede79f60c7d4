#include "support/log_under_test.hpp"

#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

/// Four events: (s1, typeA, {x}), (s2, typeB, {x, y}), (s1, typeB, {}), (s3, typeA, {y}).
void append_four(producer& to) {
    must(to.append("s1", expected::any{}, raw("typeA"), {.tags = {"x"}}));
    must(to.append("s2", expected::any{}, raw("typeB"), {.tags = {"x", "y"}}));
    must(to.append("s1", expected::any{}, raw("typeB")));
    must(to.append("s3", expected::any{}, raw("typeA"), {.tags = {"y"}}));
}

struct since_row {
    query events;
    std::uint64_t last_match; ///< among the four; 0: none
};

std::vector<since_row> since_rows() {
    return {
        {query{}, 4},
        {query{}.stream("s1"), 3},
        {query{}.stream("s2"), 2},
        {query{}.stream("s9"), 0},
        {query{}.stream("s9").stream("s2"), 2},
        {query{}.type("typeA"), 4},
        {query{}.type("typeB"), 3},
        {query{}.type("typeC"), 0},
        {query{}.type("typeC").type("typeB"), 3},
        {query{}.tag("x"), 2},
        {query{}.tag("y"), 4},
        {query{}.tag("z"), 0},
        {query{}.tag("x").tag("y"), 2},
        {query{}.tag("x").tag("z"), 0},
        {query{}.stream("s1").type("typeA"), 1},
        {query{}.stream("s1").type("typeB"), 3},
        {query{}.stream("s3").type("typeB"), 0},
        {query{}.stream("s1").stream("s3").type("typeA"), 4},
        {query{}.type("typeA").tag("x"), 1},
        {query{}.type("typeA").tag("x").tag("y"), 0},
        {query{}.stream("s2").type("typeB").tag("y"), 2},
        {query{}.stream("s1").tag("y"), 0},
        {query{}.stream("s9") | query{}.tag("x"), 2},
        {query{}.stream("s9") | query{}.type("typeC"), 0},
        {query{}.stream("s1").type("typeA") | query{}.stream("s2").tag("y"), 2},
    };
}

/// Each row's condition fails up to its last match and holds from there on.
void check_since_rows(event_log& log, producer& to) {
    std::size_t row_number = 0;
    for (auto const& [events, last_match] : since_rows()) {
        BOOST_TEST_CONTEXT("row " << row_number) {
            // Asked in a decision that then fails, so that the log stays as it is.
            auto const ask = [&, &events = events](std::uint64_t after) {
                return log.decide([&](decision& now) -> result<void> {
                    append_request request = now.new_append();
                    request.expect(expected::none_since{position{after}, events});
                    request.add("probe", raw("probe"));
                    if (auto const done = now.append(std::move(request)); !done) { return done; }
                    return error{errc::cancelled};
                });
            };
            if (last_match != 0) {
                BOOST_TEST(failed_with(ask(last_match - 1), errc::condition_failed,
                                       {"position " + std::to_string(last_match - 1),
                                        "position " + std::to_string(last_match)}));
                BOOST_TEST(failed_with(ask(0), errc::condition_failed));
            }
            BOOST_TEST(failed_with(ask(last_match), errc::cancelled));
            BOOST_TEST(failed_with(ask(std::uint64_t(-1)), errc::cancelled));
            if (last_match != 0) {
                BOOST_TEST(failed_with(
                    to.append("probe", expected::none_since{position{last_match - 1}, events},
                              raw("probe")),
                    errc::condition_failed));
            }
        }
        ++row_number;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(conditions)

BOOST_DATA_TEST_CASE(stream_conditions_hold_against_what_is_committed, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    auto const append = [&](char const* stream, expected::condition const& condition) {
        return producer.append(stream, condition, raw());
    };
    BOOST_TEST(
        failed_with(append("s", expected::stream_exists{}), errc::stream_not_found, {"\"s\""}));
    BOOST_TEST(
        failed_with(append("s", expected::version{1}), errc::wrong_version, {"\"s\"", "0", "1"}));
    must(append("s", expected::version{0}));
    BOOST_TEST(failed_with(append("s", expected::no_stream{}), errc::stream_already_exists,
                           {"\"s\"", "1"}));
    BOOST_TEST(failed_with(append("s", expected::version{0}), errc::wrong_version));
    must(append("s", expected::stream_exists{}));
    must(append("s", expected::version{2}));
    must(append("s", expected::any{}));
    must(append("t", expected::no_stream{}));
    BOOST_TEST(failed_with(append("s", expected::version{std::uint64_t(-1)}), errc::wrong_version,
                           {"4", "18446744073709551615"}));
    BOOST_TEST(must(log->version_of("s")).value == 4);
    BOOST_TEST(log->head().value == 5);
}

BOOST_DATA_TEST_CASE(stream_conditions_hold_within_one_group, all_backends, backend) {
    log_under_test log{backend, by_hand()};
    auto producer = log->make_producer();
    std::vector<pending_append> waiting;
    for (expected::condition const& condition : std::vector<expected::condition>{
             expected::no_stream{}, expected::no_stream{}, expected::version{1},
             expected::version{1}, expected::stream_exists{}, expected::version{3}}) {
        waiting.push_back(must(producer.try_append("s", condition, raw())));
    }
    BOOST_TEST(!waiting[0].ready());
    BOOST_TEST(log->run_once());
    BOOST_TEST(waiting[0].ready());
    BOOST_TEST(must(waiting[0].get()).versions[0].value == 1);
    BOOST_TEST(failed_with(waiting[1].get(), errc::stream_already_exists));
    BOOST_TEST(must(waiting[2].get()).versions[0].value == 2);
    BOOST_TEST(failed_with(waiting[3].get(), errc::wrong_version));
    BOOST_TEST(must(waiting[4].get()).versions[0].value == 3);
    BOOST_TEST(must(waiting[5].get()).versions[0].value == 4);
    BOOST_TEST(log->head().value == 4);
    BOOST_TEST(log->statistics().groups == 1);
}

BOOST_DATA_TEST_CASE(stream_conditions_hold_after_index_flushes_and_reopen, all_backends, backend) {
    log_under_test log{backend, small_options()};
    {
        auto producer = log->make_producer();
        for (int round = 0; round != 10; ++round) {
            for (int stream = 0; stream != 10; ++stream) {
                must(producer.submit("s" + std::to_string(stream), expected::any{}, raw()));
            }
        }
        BOOST_TEST(producer.flush().accepted == 100);
    }
    BOOST_TEST(log->statistics().index_runs > 0);
    for (std::uint64_t const now : std::vector<std::uint64_t>{10, 11}) {
        auto producer = log->make_producer();
        BOOST_TEST(failed_with(producer.append("s3", expected::version{now - 1}, raw()),
                               errc::wrong_version));
        BOOST_TEST(failed_with(producer.append("s3", expected::no_stream{}, raw()),
                               errc::stream_already_exists));
        BOOST_TEST(failed_with(producer.append("s10", expected::stream_exists{}, raw()),
                               errc::stream_not_found));
        BOOST_TEST(must(producer.append("s3", expected::version{now}, raw())).versions[0].value ==
                   now + 1);
        log.reopen();
    }
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(none_since_sees_what_is_committed, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    append_four(producer);
    check_since_rows(*log, producer);
    BOOST_TEST(log->head().value == 4);
}

BOOST_DATA_TEST_CASE(none_since_sees_what_is_replayed, all_backends, backend) {
    log_under_test log{backend};
    {
        auto producer = log->make_producer();
        append_four(producer);
    }
    log.reopen();
    BOOST_TEST(log->opened().replayed_events == 4);
    auto producer = log->make_producer();
    check_since_rows(*log, producer);
}

BOOST_DATA_TEST_CASE(none_since_sees_what_is_in_index_runs, all_backends, backend) {
    log_under_test log{backend, small_options()};
    log.options().index_tail_events = 1;
    log.reopen();
    auto producer = log->make_producer();
    append_four(producer);
    BOOST_TEST(log->statistics().index_runs > 0);
    check_since_rows(*log, producer);
    BOOST_TEST(log->head().value == 4);
}

BOOST_DATA_TEST_CASE(none_since_sees_what_is_in_runs_and_in_the_tail, all_backends, backend) {
    log_options options = small_options();
    options.index_tail_events = 3;
    log_under_test log{backend, options};
    auto producer = log->make_producer();
    append_four(producer);
    BOOST_TEST(log->statistics().index_runs > 0);
    BOOST_TEST(log->statistics().index_tail_keys > 0);
    check_since_rows(*log, producer);
}

BOOST_DATA_TEST_CASE(none_since_sees_what_is_staged_in_its_group, all_backends, backend) {
    std::size_t row_number = 0;
    for (auto const& [events, last_match] : since_rows()) {
        BOOST_TEST_CONTEXT("row " << row_number++) {
            log_under_test log{backend, by_hand()};
            auto producer = log->make_producer();
            std::vector<pending_append> four;
            auto const add = [&](char const* stream, char const* type,
                                 std::vector<std::string_view> tags) {
                four.push_back(must(producer.try_append(stream, expected::any{}, raw(type),
                                                        {.tags = std::move(tags)})));
            };
            add("s1", "typeA", {"x"});
            add("s2", "typeB", {"x", "y"});
            add("s1", "typeB", {});
            add("s3", "typeA", {"y"});
            auto const ask = [&, &events = events](std::uint64_t after) {
                return must(producer.try_append(
                    "probe", expected::none_since{position{after}, events}, raw("probe")));
            };
            auto failing = ask(last_match - 1);
            auto holding = ask(last_match == 0 ? 0 : last_match);
            BOOST_TEST(log->run_once());
            if (last_match != 0) { BOOST_TEST(failed_with(failing.get(), errc::condition_failed)); }
            // A query for everything sees the probe before it, too.
            if (!events.is_all()) { BOOST_TEST(must(holding.get()).event_count() == 1); }
            BOOST_TEST(log->statistics().groups == 1);
        }
    }
}

BOOST_DATA_TEST_CASE(rejected_append_leaves_no_trace_in_its_group, all_backends, backend) {
    log_under_test log{backend, by_hand()};
    auto producer = log->make_producer();
    auto first = must(producer.try_append("a", expected::any{}, raw("one"), {.tags = {"t"}}));
    append_request bad = producer.new_append();
    bad.expect("a", expected::version{9});
    bad.add("b", raw("two"), {.tags = {"u"}}).add("a", raw("two"));
    auto rejected = must(producer.try_append(std::move(bad)));
    auto last = must(producer.try_append("b", expected::none_since{position{1}, query{}.tag("u")},
                                         raw("three")));
    BOOST_TEST(log->run_once());
    BOOST_TEST(must(first.get()).last.value == 1);
    BOOST_TEST(failed_with(rejected.get(), errc::wrong_version));
    BOOST_TEST(must(last.get()).first.value == 2);
    BOOST_TEST(!must(log->read().tag("u").first()).has_value());
    check_sound(*log);
}

BOOST_AUTO_TEST_SUITE_END()
