#include "support/log_under_test.hpp"

#include <atomic>
#include <charconv>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(transactions)

BOOST_DATA_TEST_CASE(own_appends_are_seen_by_it_alone_until_commit, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    must(producer.append("a", expected::any{}, raw("one"), {.tags = {"t"}}));

    transaction work = log->begin();
    BOOST_TEST(work.began_at().value == 1);
    must(work.append("a", raw("two"), {.tags = {"t"}}));
    must(work.append("b", task_started{"1", 1}));
    must(work.append("a", raw("three")));
    BOOST_TEST(must(work.version_of("a")).value == 3);
    BOOST_TEST(must(work.version_of("b")).value == 1);
    std::vector<std::string> const of_a{"a@1 one {}", "a@2 two {}", "a@3 three {}"};
    auto const read = must(work.read(query{}.stream("a")));
    BOOST_TEST(lines_of(read) == of_a, boost::test_tools::per_element());
    BOOST_TEST(positions_of(read) == (std::vector<std::uint64_t>{1, 0, 0}),
               boost::test_tools::per_element());
    std::vector<std::string> const of_t{"a@2 two {}", "a@1 one {}"};
    BOOST_TEST(lines_of(must(work.newest(query{}.tag("t"), 5))) == of_t,
               boost::test_tools::per_element());
    BOOST_TEST(must(work.newest(query{}, 1)).front().type == "three");
    BOOST_TEST(must(work.newest(query{}, 0)).empty());
    BOOST_TEST(log->head().value == 1);

    receipt const got = must(work.commit());
    BOOST_TEST(got.first.value == 2);
    BOOST_TEST(got.last.value == 4);
    std::vector<std::string> const all{"a@1 one {}", "a@2 two {}",
                                       "b@1 task.started {\"task_id\":\"1\",\"attempt\":1}",
                                       "a@3 three {}"};
    BOOST_TEST(lines_of(all_events(*log)) == all, boost::test_tools::per_element());
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(later_events_are_not_seen, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    must(producer.append("a", expected::any{}, raw("one")));
    transaction work = log->begin();
    must(producer.append("a", expected::any{}, raw("two")));
    BOOST_TEST(must(work.version_of("a")).value == 1);
    BOOST_TEST(must(work.read(query{})).size() == 1);
    BOOST_TEST(must(work.newest(query{}, 9)).size() == 1);
}

BOOST_DATA_TEST_CASE(commit_conflicts_when_what_was_read_has_changed, all_backends, backend) {
    struct row {
        char const* what;
        void (*read)(transaction&);
        bool conflicts;
    };
    row const rows[] = {
        {"version", [](transaction& work) { must(work.version_of("a")); }, true},
        {"stream", [](transaction& work) { must(work.read(query{}.stream("a"))); }, true},
        {"tag", [](transaction& work) { must(work.newest(query{}.tag("t"))); }, true},
        {"type", [](transaction& work) { must(work.newest(query{}.type("changed"))); }, true},
        {"everything", [](transaction& work) { must(work.newest(query{})); }, true},
        {"one of two",
         [](transaction& work) {
             must(work.version_of("other"));
             must(work.version_of("a"));
         },
         true},
        {"another stream", [](transaction& work) { must(work.version_of("other")); }, false},
        {"another tag", [](transaction& work) { must(work.read(query{}.tag("u"))); }, false},
        {"combination that was not met",
         [](transaction& work) { must(work.read(query{}.stream("a").type("noted"))); }, false},
        {"nothing", [](transaction&) {}, false},
    };
    for (auto const& [what, read, conflicts] : rows) {
        for (bool const appends : {true, false}) {
            BOOST_TEST_CONTEXT(what << ", appends " << appends) {
                log_under_test log{backend};
                auto producer = log->make_producer();
                must(producer.append("a", expected::any{}, raw("noted"), {.tags = {"t"}}));
                must(producer.append("other", expected::any{}, raw("noted"), {.tags = {"u"}}));
                transaction work = log->begin();
                read(work);
                if (appends) { must(work.append("b", raw())); }
                must(producer.append("a", expected::any{}, raw("changed"), {.tags = {"t"}}));
                auto const got = work.commit();
                if (conflicts) {
                    BOOST_TEST(failed_with(got, errc::conflict, {"position 3"}));
                } else {
                    BOOST_TEST(must(got).event_count() == (appends ? 1 : 0));
                }
                BOOST_TEST(log->head().value == (appends && !conflicts ? 4 : 3));
            }
        }
    }
}

BOOST_DATA_TEST_CASE(what_was_not_there_must_still_not_be_there, all_backends, backend) {
    log_under_test log{backend};
    transaction first = log->begin();
    transaction second = log->begin();
    for (transaction* const each : {&first, &second}) {
        BOOST_TEST(must(each->version_of("agent-1")).value == 0);
        must(each->append("agent-1", raw("registered")));
    }
    must(second.commit());
    BOOST_TEST(failed_with(first.commit(), errc::conflict));
    BOOST_TEST(log->head().value == 1);
}

BOOST_DATA_TEST_CASE(dropped_transaction_is_rolled_back, all_backends, backend) {
    log_under_test log{backend};
    {
        transaction work = log->begin();
        must(work.append("a", raw()));
    }
    try {
        transaction work = log->begin();
        must(work.append("a", raw()));
        throw std::runtime_error{"on purpose"};
    } catch (std::runtime_error const&) {}
    transaction work = log->begin();
    must(work.append("a", raw()));
    work.rollback();
    BOOST_TEST(failed_with(work.commit(), errc::invalid_argument, {"ended"}));
    BOOST_TEST(failed_with(work.append("a", raw()), errc::invalid_argument, {"ended"}));
    BOOST_TEST(log->head().value == 0);
    auto producer = log->make_producer();
    must(producer.append("a", expected::no_stream{}, raw()));
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(ended_transaction_answers_that_it_has_ended, all_backends, backend) {
    log_under_test log{backend};
    transaction work = log->begin();
    must(work.append("a", raw()));
    must(work.commit());
    BOOST_TEST(failed_with(work.commit(), errc::invalid_argument));
    BOOST_TEST(failed_with(work.append("a", raw()), errc::invalid_argument));
    BOOST_TEST(failed_with(work.version_of("a"), errc::invalid_argument));
    BOOST_TEST(failed_with(work.read(query{}), errc::invalid_argument));
    BOOST_TEST(failed_with(work.newest(query{}), errc::invalid_argument));
    BOOST_TEST(log->head().value == 1);
}

BOOST_DATA_TEST_CASE(moved_transaction_goes_on, all_backends, backend) {
    log_under_test log{backend};
    transaction work = log->begin();
    must(work.append("a", raw()));
    transaction moved = std::move(work);
    must(moved.append("a", raw()));
    BOOST_TEST(must(moved.commit()).event_count() == 2);
}

BOOST_DATA_TEST_CASE(conditions_and_keys_of_its_appends_hold_at_commit, all_backends, backend) {
    log_under_test log{backend};
    auto const attempt = [&] {
        transaction work = log->begin();
        append_request request = work.new_append();
        request.idempotency_key("once").expect("a", expected::no_stream{}).add("a", raw());
        must(work.append(std::move(request)));
        return work.commit();
    };
    BOOST_TEST(!must(attempt()).repeated);
    BOOST_TEST(must(attempt()).repeated);
    transaction work = log->begin();
    append_request request = work.new_append();
    request.expect("a", expected::version{5}).add("a", raw());
    must(work.append(std::move(request)));
    BOOST_TEST(failed_with(work.commit(), errc::wrong_version));
    BOOST_TEST(log->head().value == 1);
}

BOOST_DATA_TEST_CASE(append_over_a_limit_is_told_and_not_kept, all_backends, backend) {
    log_options options;
    options.limits.append_events_max = 3;
    log_under_test log{backend, options};
    transaction work = log->begin();
    BOOST_TEST(failed_with(work.append("", raw()), errc::invalid_stream_name));
    BOOST_TEST(failed_with(work.append(work.new_append()), errc::empty_append));
    for (int count = 0; count != 3; ++count) { must(work.append("a", raw())); }
    BOOST_TEST(failed_with(work.append("a", raw()), errc::append_too_large,
                           {"4 events", "append_events_max = 3"}));
    BOOST_TEST(failed_with(work.commit(), errc::invalid_stream_name));
    BOOST_TEST(log->head().value == 0);
}

BOOST_DATA_TEST_CASE(transaction_reads_across_index_runs, all_backends, backend) {
    log_under_test log{backend, small_options()};
    auto producer = log->make_producer();
    for (int count = 0; count != 200; ++count) {
        must(producer.submit("s" + std::to_string(count % 3), expected::any{}, raw(),
                             {.tags = {count % 2 == 0 ? "even" : "odd"}}));
    }
    BOOST_REQUIRE(producer.flush().rejected == 0);
    transaction work = log->begin();
    must(work.append("s1", raw("mine"), {.tags = {"even"}}));
    BOOST_TEST(must(work.version_of("s1")).value == 68);
    BOOST_TEST(must(work.read(query{}.tag("even"))).size() == 101);
    BOOST_TEST(must(work.read(query{}.stream("s1").tag("even"), position{100})).size() == 18);
    must(producer.append("s0", expected::any{}, raw(), {.tags = {"odd"}}));
    must(work.commit());
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(commit_answers_an_append_that_failed_and_was_ignored, all_backends, backend) {
    log_under_test log{backend};
    transaction work = log->begin();
    must(work.append("kept", raw("n", "1")));
    static_cast<void>(work.append("", raw("n", "2")));
    must(work.append("kept", raw("n", "3")));
    BOOST_TEST(failed_with(work.commit(), errc::invalid_stream_name));
    BOOST_TEST(log->head().value == 0);
}

BOOST_DATA_TEST_CASE(no_increment_of_sixty_four_threads_with_retry_is_lost, all_backends, backend) {
    constexpr std::uint64_t threads = 64;
    constexpr std::uint64_t rounds = 2;
    log_under_test log{backend};
    std::atomic<std::uint64_t> failed{0};
    auto const increment = [&]() -> result<receipt> {
        transaction work = log->begin();
        auto const newest = work.newest(query{}.stream("counter"));
        if (!newest) { return newest.error(); }
        std::uint64_t count = 0;
        if (!newest->empty()) {
            std::string_view const data = newest->front().data;
            std::from_chars(data.data(), data.data() + data.size(), count);
        }
        auto const added = work.append("counter", raw("counted", std::to_string(count + 1)));
        if (!added) { return added.error(); }
        return work.commit();
    };
    {
        std::vector<std::jthread> running;
        for (std::uint64_t number = 0; number != threads; ++number) {
            running.emplace_back([&] {
                for (std::uint64_t round = 0; round != rounds; ++round) {
                    auto got = increment();
                    while (!got && got.error() == errc::conflict) { got = increment(); }
                    if (!got) { ++failed; }
                }
            });
        }
    }
    BOOST_TEST(failed.load() == 0);
    auto const events = all_events(*log);
    BOOST_TEST(events.size() == threads * rounds);
    for (event const& each : events) {
        BOOST_TEST(each.data == std::to_string(each.position.value));
    }
}

BOOST_DATA_TEST_CASE(a_transaction_takes_one_idempotency_key, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    auto const keyed = [&](std::string_view key) {
        append_request request = producer.new_append();
        request.idempotency_key(key).add("s", raw());
        return request;
    };
    {
        transaction work = log->begin();
        must(work.append(keyed("a")));
        must(work.append(keyed("a")));
        BOOST_TEST(must(work.commit()).versions.size() == 2U);
    }
    transaction work = log->begin();
    must(work.append(keyed("b")));
    BOOST_TEST(
        failed_with(work.append(keyed("c")), errc::invalid_argument, {"one append has one"}));
    BOOST_TEST(failed_with(work.commit(), errc::invalid_argument));
    BOOST_TEST(log->head().value == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
