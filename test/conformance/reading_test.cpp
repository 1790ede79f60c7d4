#include "conformance/numbered_log.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(reading)

BOOST_DATA_TEST_CASE(empty_log_has_nothing_to_read, all_backends, backend) {
    log_under_test log{backend};
    BOOST_TEST(all_events(*log).empty());
    BOOST_TEST(must(log->read().backwards().collect()).empty());
    BOOST_TEST(must(log->read().stream("s").collect()).empty());
    BOOST_TEST(must(log->read().count()) == 0);
    BOOST_TEST(!must(log->read().first()).has_value());
    BOOST_TEST(!must(log->find(make_event_id(manual_clock::begin, 1, 2))).has_value());
    BOOST_TEST(must(log->version_of("s")).value == 0);
    BOOST_TEST(log->head().value == 0);
    TEST_POSITIONS(log->read().after(manual_clock::begin), list{});
    TEST_POSITIONS(log->read().stream("s").after(version{1}), list{});
    for (event_view const& each : log->read()) { BOOST_ERROR("an event: " << each.position.value); }
}

BOOST_DATA_TEST_CASE(one_key_or_several_select_their_events, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    BOOST_TEST(log->statistics().index_runs > 0);
    struct row {
        query events;
        std::function<bool(std::uint64_t)> is_wanted;
    };
    auto const m = [](std::uint64_t by, std::uint64_t rest) {
        return [=](std::uint64_t n) { return n % by == rest; };
    };
    std::vector<row> const rows{
        {query{}, [](auto) { return true; }},
        {query{}.stream("s1"), m(3, 1)},
        {query{}.type("t1"), m(2, 1)},
        {query{}.tag("m3"), m(5, 3)},
        {query{}.tag("tenth"), m(10, 0)},
        {query{}.stream("absent"), [](auto) { return false; }},
        {query{}.stream("t1"), [](auto) { return false; }},
        {query{}.tag(std::string(300, 'x')), [](auto) { return false; }},
        {query{}.stream(""), [](auto) { return false; }},
        {query{}.stream("s0").stream("s2"), [](auto n) { return n % 3 != 1; }},
        {query{}.stream("s0").stream("s0").stream("absent"), m(3, 0)},
        {query{}.type("t0").type("t1"), [](auto) { return true; }},
        {query{}.tag("m0").tag("tenth"), m(10, 0)},
        {query{}.tag("m1").tag("tenth"), [](auto) { return false; }},
        {query{}.tag("m1").tag("m1"), m(5, 1)},
        {query{}.stream("s1").type("t0"), [](auto n) { return n % 3 == 1 && n % 2 == 0; }},
        {query{}.stream("s1").stream("s2").type("t0").tag("m4"),
         [](auto n) { return n % 3 != 0 && n % 2 == 0 && n % 5 == 4; }},
        {query{}.stream("s1") | query{}.stream("s2"), [](auto n) { return n % 3 != 0; }},
        {query{}.stream("s1") | query{}.type("t1") | query{}.tag("tenth"),
         [](auto n) { return n % 3 == 1 || n % 2 == 1 || n % 10 == 0; }},
        {query{}.stream("s1") | query{}, [](auto) { return true; }},
        {query{}.tag("m2") | query{}.tag("m2"), m(5, 2)},
    };
    for (bool const is_reopened : {false, true}) {
        if (is_reopened) { log.reopen(); }
        std::size_t number = 0;
        for (auto const& [events, is_wanted] : rows) {
            BOOST_TEST_CONTEXT("row " << number++ << ", reopened " << is_reopened) {
                auto const wanted = numbers(count, is_wanted);
                TEST_POSITIONS(log->read().matching(events), wanted);
                TEST_POSITIONS(log->read().matching(events).backwards(), reversed(wanted));
                BOOST_TEST(must(log->read().matching(events).count()) == wanted.size());
                BOOST_TEST(must(log->read().matching(events).backwards().count()) == wanted.size());
                BOOST_TEST(must(log->read().matching(events).limit(3).count()) ==
                           std::min<std::size_t>(3, wanted.size()));
                auto const first = must(log->read().matching(events).first());
                BOOST_TEST(first.has_value() == !wanted.empty());
                if (first) { BOOST_TEST(first->position.value == wanted.front()); }
            }
        }
    }
}

BOOST_DATA_TEST_CASE(builder_narrows_like_a_query, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    TEST_POSITIONS(log->read().stream("s1").type("t0").tag("m0"),
                   numbers(count, [](auto n) { return n % 3 == 1 && n % 2 == 0 && n % 5 == 0; }));
    TEST_POSITIONS(log->read().stream("s1").stream("s2").limit(4).backwards(),
                   list{100, 98, 97, 95});
}

BOOST_DATA_TEST_CASE(acknowledged_event_is_read_at_once, all_backends, backend) {
    log_under_test log = numbered(backend);
    auto producer = log->make_producer();
    for (std::uint64_t number = 1; number <= 50; ++number) {
        receipt const got = must(producer.append("s", expected::any{}, raw(), {.tags = {"tag"}}));
        BOOST_TEST((log->head() == got.last));
        BOOST_TEST(
            must(log->read().tag("tag").backwards().limit(1).collect()).at(0).position.value ==
            got.last.value);
        BOOST_TEST(must(log->read().count()) == number);
        BOOST_TEST(must(log->version_of("s")).value == number);
    }
}

BOOST_DATA_TEST_CASE(waiting_read_goes_on_once_its_position_is_reached, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    must(producer.append("s", expected::any{}, raw()));
    std::thread appending{[&] {
        for (int each = 0; each != 9; ++each) {
            static_cast<void>(producer.append("s", expected::any{}, raw()));
        }
    }};
    auto const read = log->read().wait_for(position{10}, std::chrono::minutes{5}).collect();
    must(log->wait_for(position{10}, std::chrono::minutes{5}));
    appending.join();
    BOOST_TEST(must(read).size() == 10);
    BOOST_TEST(must(log->read().wait_for(position{10}).count()) == 10);
    BOOST_TEST(failed_with(log->read().wait_for(position{11}, std::chrono::milliseconds{1}).next(),
                           errc::deadline_exceeded, {"11", "10"}));
    BOOST_TEST(failed_with(log->wait_for(position{11}, std::chrono::milliseconds{1}),
                           errc::deadline_exceeded));
    must(log->wait_for(position{0}, std::chrono::milliseconds{0}));
}

BOOST_DATA_TEST_CASE(walk_does_not_see_what_is_appended_meanwhile, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    auto producer = log->make_producer();
    for (bool const by_key : {false, true}) {
        auto const head = log->head().value;
        reader walk = by_key ? log->read().type("t0").type("t1") : log->read();
        list seen;
        for (event_view const& each : walk) {
            seen.push_back(each.position.value);
            // Enough for index runs to be written and merged under the walk.
            if (each.position.value % 4 == 0) {
                must(producer.append("s1", expected::any{}, raw("t1")));
            }
        }
        BOOST_TEST(seen == numbers(head, [](auto) { return true; }),
                   boost::test_tools::per_element());
        BOOST_TEST(!must(walk.next()).has_value());
    }
    list backwards;
    auto const head = log->head().value;
    for (event_view const& each : log->read().backwards()) {
        backwards.push_back(each.position.value);
        if (backwards.size() % 4 == 0) { must(producer.append("s1", expected::any{}, raw())); }
    }
    BOOST_TEST(backwards == reversed(numbers(head, [](auto) { return true; })),
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(owned_events_outlive_reader_cache_and_log, all_backends, backend) {
    std::vector<event> kept;
    std::optional<event> found;
    {
        log_under_test log = numbered(backend);
        append_numbered(log, count);
        kept = must(log->read().tag("tenth").collect());
        found = must(log->find(kept.front().id));
        reader walk = log->read();
        kept.push_back(must(walk.next()).value());
        static_cast<void>(all_events(*log)); // pushes other records through the small cache
    }
    BOOST_REQUIRE(kept.size() == 11);
    BOOST_TEST(kept[4].data == "50");
    BOOST_TEST(kept[4].stream == "s2");
    BOOST_TEST(kept[4].tags.contains("tenth"));
    event const copy = kept[10];
    kept.clear();
    BOOST_TEST(copy.data == "1");
    BOOST_TEST(found->data == "10");
}

BOOST_DATA_TEST_CASE(reader_of_a_closed_log_answers_closed, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    reader unused = log->read();
    reader begun = log->read().type("t1");
    BOOST_TEST(must(begun.next()).has_value());
    log.close();
    BOOST_TEST(failed_with(unused.next(), errc::closed));
    result<std::optional<event>> got = begun.next();
    while (got && *got) { got = begun.next(); }
    BOOST_TEST(failed_with(got, errc::closed));
    BOOST_CHECK_EXCEPTION(static_cast<void>(unused.begin()), boost::system::system_error,
                          [](auto const& thrown) { return thrown.code() == errc::closed; });
}

BOOST_DATA_TEST_CASE(keys_are_listed_with_their_counts, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    // Asking for keys that are not there must not make them be there.
    must(log->decide([](decision& now) {
        static_cast<void>(now.version_of("absent"));
        append_request request = now.new_append();
        request.expect(expected::none_since{position{0}, query{}.type("absent").tag("absent")});
        request.add("s1", raw("t1", "101"));
        static_cast<void>(now.append(std::move(request)));
    }));
    for (bool const is_reopened : {false, true}) {
        if (is_reopened) { log.reopen(); }
        std::vector<std::string> keys;
        auto const keep = [&](key_info const& key) {
            keys.push_back(key.name + ' ' + std::to_string(key.events) + ' ' +
                           std::to_string(key.first.value) + '-' + std::to_string(key.last.value));
        };
        must(log->for_each_stream(keep));
        must(log->for_each_type(keep));
        must(log->for_each_tag(keep));
        std::sort(keys.begin(), keys.end());
        std::vector<std::string> const wanted{"m0 20 5-100", "m1 20 1-96",     "m2 20 2-97",
                                              "m3 20 3-98",  "m4 20 4-99",     "s0 33 3-99",
                                              "s1 35 1-101", "s2 33 2-98",     "t0 50 2-100",
                                              "t1 51 1-101", "tenth 10 10-100"};
        BOOST_TEST(keys == wanted, boost::test_tools::per_element());
    }
}

BOOST_DATA_TEST_CASE(many_readers_read_while_events_are_appended, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, 30);
    std::atomic<bool> is_over{false};
    std::array<std::string, 4> problems;
    {
        std::vector<std::jthread> readers;
        for (int number = 0; number != 4; ++number) {
            readers.emplace_back([&, number] {
                std::string& problem = problems[static_cast<std::size_t>(number)];
                while (!is_over.load() && problem.empty()) {
                    auto const head = log->head().value;
                    reader walk = number % 2 == 0 ? log->read() : log->read().tag("tag");
                    std::uint64_t before = 0;
                    std::uint64_t seen = 0;
                    for (;;) {
                        auto const next = walk.next();
                        if (!next) {
                            problem = next.error().message();
                            return;
                        }
                        if (!*next) { break; }
                        if ((*next)->position.value <= before) {
                            problem = std::to_string((*next)->position.value) + " after " +
                                      std::to_string(before);
                        }
                        before = (*next)->position.value;
                        ++seen;
                    }
                    if (seen + (number % 2 == 0 ? 0 : 30) < head) {
                        problem = "only " + std::to_string(seen) + " events at head " +
                                  std::to_string(head) + ", the last at " + std::to_string(before);
                    }
                    auto const found = log->find(make_event_id(manual_clock::begin, 1, 1));
                    if (!found) { problem = "find: " + found.error().message(); }
                }
            });
        }
        auto producer = log->make_producer();
        for (int each = 0; each != 300; ++each) {
            must(producer.append("s", expected::any{}, raw(), {.tags = {"tag"}}));
        }
        is_over = true;
    }
    for (std::string const& problem : problems) { BOOST_TEST(problem == ""); }
}

BOOST_AUTO_TEST_SUITE_END()
