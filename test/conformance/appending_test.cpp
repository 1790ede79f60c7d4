#include "support/log_under_test.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(appending)

BOOST_DATA_TEST_CASE(typed_event_comes_back_as_it_was, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    task_started const started{"42", 7};
    task_finished const finished{"42", "done"};
    must(producer.append("task-42", expected::no_stream{}, started));
    must(producer.append("task-42", expected::version{1}, finished));

    auto const events = all_events(*log);
    BOOST_REQUIRE(events.size() == 2);
    BOOST_TEST(events[0].type == "task.started");
    BOOST_TEST(events[0].schema_version == 1);
    BOOST_TEST(events[1].schema_version == 3);
    BOOST_TEST((must(events[0].as<task_started>()) == started));
    BOOST_TEST((must(events[1].as<task_finished>()) == finished));
    BOOST_TEST(failed_with(events[0].as<task_finished>(), errc::invalid_argument,
                           {"task.started", "task.finished"}));
}

BOOST_DATA_TEST_CASE(raw_bytes_come_back_as_they_were, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    std::string const data = " { \"b\" : 1.50, \"a\":[ 1e3 , \"\\u00e4\" ] }\n";
    must(producer.append("s", expected::any{}, raw_event{"noted", data, 9},
                         {.metadata = "{ \"m\":true}"}));
    auto const events = all_events(*log);
    BOOST_REQUIRE(events.size() == 1);
    BOOST_TEST(events[0].data == data);
    BOOST_TEST(events[0].metadata == "{ \"m\":true}");
    BOOST_TEST(events[0].schema_version == 9);
}

BOOST_DATA_TEST_CASE(whole_envelope_is_kept, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    event_id const id = must(parse_event_id("018f6d5e-0000-7abc-8def-0123456789ab"));
    timestamp const occurred = must(parse_timestamp("1999-12-31T23:59:59.123456789Z"));
    must(producer.append("s", expected::any{}, raw(),
                         {.tags = {"agent:1", "task:2", "agent:1"},
                          .metadata = "[1]",
                          .correlation_id = "correlation",
                          .causation_id = "causation",
                          .occurred_at = occurred,
                          .id = id}));
    must(producer.append("s", expected::any{}, raw()));
    for (bool const is_reopened : {false, true}) {
        if (is_reopened) { log.reopen(); }
        auto const events = all_events(*log);
        BOOST_REQUIRE(events.size() == 2);
        event const& full = events[0];
        BOOST_TEST((full.id == id));
        BOOST_TEST((full.occurred_at == occurred));
        BOOST_TEST(full.correlation_id == "correlation");
        BOOST_TEST(full.causation_id == "causation");
        BOOST_TEST(full.metadata == "[1]");
        BOOST_TEST(full.tags.size() == 2);
        BOOST_TEST(full.tags.contains("agent:1"));
        BOOST_TEST(full.tags.contains("task:2"));
        event const& bare = events[1];
        BOOST_TEST(!bare.occurred_at.has_value());
        BOOST_TEST(bare.metadata.empty());
        BOOST_TEST(bare.tags.empty());
        BOOST_TEST(bare.correlation_id.empty());
        BOOST_TEST(!bare.id.is_nil());
        BOOST_TEST((bare.id.bytes[6] >> 4) == 7);
    }
}

BOOST_DATA_TEST_CASE(receipt_says_where_and_when, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    must(producer.append("a", expected::any{}, raw()));
    append_request request = producer.new_append();
    request.add("b", raw()).add("a", raw()).add("b", raw());
    BOOST_TEST(request.event_count() == 3);
    log.clock().advance(std::chrono::seconds{5});
    receipt const got = must(producer.append(std::move(request)));
    BOOST_TEST(got.first.value == 2);
    BOOST_TEST(got.last.value == 4);
    BOOST_REQUIRE(got.versions.size() == 3);
    BOOST_TEST(got.versions[0].value == 1);
    BOOST_TEST(got.versions[1].value == 2);
    BOOST_TEST(got.versions[2].value == 2);
    BOOST_TEST((got.recorded_at == manual_clock::begin + std::chrono::seconds{5}));
    BOOST_TEST(
        (got.durability == (log.is_sqlite() ? durability::durable : durability::volatile_memory)));
    BOOST_TEST(!got.repeated);
    BOOST_TEST((all_events(*log)[1].recorded_at == got.recorded_at));
}

BOOST_DATA_TEST_CASE(several_streams_go_in_together_or_not_at_all, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    append_request good = producer.new_append();
    good.add("a", raw("one")).add("b", raw("two")).add("a", raw("three"));
    must(producer.append(std::move(good)));

    append_request bad = producer.new_append();
    bad.expect("a", expected::version{2}).expect("b", expected::version{5});
    bad.add("a", raw("four")).add("c", raw("five"));
    BOOST_TEST(
        failed_with(producer.append(std::move(bad)), errc::wrong_version, {"\"b\"", "1", "5"}));

    append_request half_bad = producer.new_append();
    half_bad.add("a", raw("four")).add("c", raw("five", "{")).add("c", raw("six"));
    BOOST_TEST(failed_with(half_bad.status(), errc::invalid_json));
    BOOST_TEST(failed_with(producer.append(std::move(half_bad)), errc::invalid_json));

    auto const lines = lines_of(all_events(*log));
    std::vector<std::string> const wanted{"a@1 one {}", "b@1 two {}", "a@2 three {}"};
    BOOST_TEST(lines == wanted, boost::test_tools::per_element());
    BOOST_TEST(must(log->version_of("c")).value == 0);
    BOOST_TEST(log->head().value == 3);
}

BOOST_DATA_TEST_CASE(restored_times_are_taken_when_they_rise, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    timestamp const early = must(parse_timestamp("2020-01-01T00:00:00Z"));
    auto const append = [&](std::vector<std::int64_t> seconds) {
        append_request request = producer.new_append();
        for (auto const second : seconds) {
            if (second >= 0) { request.recorded_at(early + std::chrono::seconds{second}); }
            request.add("s", raw());
        }
        return producer.append(std::move(request));
    };
    BOOST_TEST((must(append({1, 2, 5})).recorded_at == early + std::chrono::seconds{1}));
    BOOST_TEST(failed_with(append({5}), errc::invalid_argument, {"2020-01-01T00:00:05"}));
    BOOST_TEST(failed_with(append({6, 6}), errc::invalid_argument));
    must(append({6}));
    // The first event is of now, so one restored to years before it cannot follow.
    BOOST_TEST(failed_with(append({-1, 7}), errc::invalid_argument, {"2020-01-01T00:00:07"}));
    must(append({-1}));
    BOOST_TEST(failed_with(append({8}), errc::invalid_argument));
    // Nothing could follow the last moment there is.
    append_request last = producer.new_append();
    last.recorded_at(timestamp::max());
    last.add("s", raw());
    BOOST_TEST(failed_with(producer.append(std::move(last)), errc::invalid_argument,
                           {"2262-04-11", "restored", "2262-04-10"}));
    BOOST_TEST(log->head().value == 5);
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(submitted_appends_are_counted_by_flush, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    for (int count = 0; count != 50; ++count) {
        must(producer.submit("s", expected::any{}, raw()));
        if (count % 10 == 0) { must(producer.submit("s", expected::no_stream{}, raw())); }
    }
    flush_summary const summary = producer.flush();
    BOOST_TEST(summary.accepted == 50);
    BOOST_TEST(summary.rejected == 5);
    BOOST_TEST(summary.last.value == 50);
    BOOST_TEST(failed_with(summary.first_failure, errc::stream_already_exists));
    BOOST_TEST(log->head().value == 50);
    flush_summary const empty = producer.flush();
    BOOST_TEST(empty.accepted == 0);
    BOOST_TEST(empty.rejected == 0);
}

BOOST_DATA_TEST_CASE(dropped_pending_append_is_still_committed, all_backends, backend) {
    log_under_test log{backend, by_hand()};
    auto producer = log->make_producer();
    { auto const dropped = must(producer.try_append("s", expected::any{}, raw())); }
    BOOST_TEST(log->run_once());
    BOOST_TEST(log->head().value == 1);
    BOOST_TEST(!log->run_once());
}

BOOST_DATA_TEST_CASE(callback_gets_the_receipt_on_its_executor, all_backends, backend) {
    log_under_test log{backend};
    boost::asio::io_context context;
    auto producer = log->make_producer();
    std::vector<std::uint64_t> positions;
    bool was_rejected = false;
    auto const on_context = [&](auto handler) {
        return boost::asio::bind_executor(context.get_executor(), std::move(handler));
    };
    producer.async_append("s", expected::any{}, task_started{"1", 1},
                          on_context([&](result<receipt> got) {
                              BOOST_TEST(context.get_executor().running_in_this_thread());
                              positions.push_back(must(std::move(got)).first.value);
                          }));
    producer.async_append("s", expected::no_stream{}, raw(), {.tags = {"t"}},
                          on_context([&](result<receipt> got) {
                              was_rejected = !got && got.error() == errc::stream_already_exists;
                          }));
    append_request broken = producer.new_append();
    producer.async_append(std::move(broken), on_context([&](result<receipt> got) {
                              BOOST_TEST(failed_with(got, errc::empty_append));
                          }));
    BOOST_TEST(positions.empty());
    BOOST_TEST(context.run() == 3);
    BOOST_TEST(positions == std::vector<std::uint64_t>{1}, boost::test_tools::per_element());
    BOOST_TEST(was_rejected);
}

BOOST_DATA_TEST_CASE(future_gets_the_receipt, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    std::future<result<receipt>> future =
        producer.async_append("s", expected::any{}, task_started{"1", 1}, boost::asio::use_future);
    BOOST_TEST(must(future.get()).first.value == 1);
    future = producer.async_append("s", expected::no_stream{}, raw(), boost::asio::use_future);
    BOOST_TEST(failed_with(future.get(), errc::stream_already_exists));
}

BOOST_DATA_TEST_CASE(coroutine_gets_the_receipt, all_backends, backend) {
    log_under_test log{backend};
    boost::asio::io_context context;
    auto producer = log->make_producer();
    std::vector<std::uint64_t> versions;
    auto const work = [&]() -> boost::asio::awaitable<void> {
        for (std::uint64_t at = 0; at != 5; ++at) {
            auto const got = co_await producer.async_append("s", expected::version{at}, raw(),
                                                            boost::asio::use_awaitable);
            versions.push_back(must(got).versions[0].value);
        }
        auto const decided = co_await log->async_decide(
            [](decision& now) { return now.append("s", raw()); }, boost::asio::use_awaitable);
        versions.push_back(must(decided).versions[0].value);
    };
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, work(), [&](std::exception_ptr what) { thrown = what; });
    context.run();
    BOOST_TEST(!thrown);
    std::vector<std::uint64_t> const wanted{1, 2, 3, 4, 5, 6};
    BOOST_TEST(versions == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
