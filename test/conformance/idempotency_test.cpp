#include "support/log_under_test.hpp"

#include <string_view>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(idempotency)

BOOST_DATA_TEST_CASE(same_key_and_content_returns_the_first_receipt, all_backends, backend) {
    log_under_test log{backend, small_options()};
    auto const append = [&](std::string_view key, std::string_view data) {
        auto producer = log->make_producer();
        append_request request = producer.new_append();
        request.idempotency_key(key);
        request.add("a", raw("one", data), {.tags = {"x", "y"}, .metadata = "{}"});
        request.add("b", raw("two", data));
        return producer.append(std::move(request));
    };
    must(append("other", "{}"));
    log.clock().advance(std::chrono::seconds{1});
    receipt const first = must(append("key-1", "[1]"));
    log.clock().advance(std::chrono::seconds{1});
    auto const check = [&] {
        receipt const again = must(append("key-1", "[1]"));
        BOOST_TEST(again.repeated);
        BOOST_TEST(again.first.value == first.first.value);
        BOOST_TEST(again.last.value == first.last.value);
        BOOST_TEST((again.recorded_at == first.recorded_at));
        BOOST_TEST((again.versions == first.versions));
        BOOST_TEST((again.durability == first.durability));
        BOOST_TEST(failed_with(append("key-1", "[2]"), errc::idempotency_conflict,
                               {"key-1", "position 3"}));
    };
    BOOST_TEST(!first.repeated);
    check();
    log.reopen(); // replayed
    check();
    BOOST_TEST(log->head().value == 4);
    {
        auto producer = log->make_producer();
        for (int count = 0; count != 100; ++count) {
            must(producer.submit("c", expected::any{}, raw()));
        }
        BOOST_TEST(producer.flush().accepted == 100);
    }
    BOOST_TEST(log->statistics().index_runs > 0);
    check(); // in a run
    log.reopen();
    check();
    BOOST_TEST(log->head().value == 104);
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(same_key_within_one_group_is_appended_once, all_backends, backend) {
    log_under_test log{backend, by_hand()};
    auto producer = log->make_producer();
    auto const ask = [&](std::string_view data) {
        append_request request = producer.new_append();
        request.idempotency_key("key").add("s", raw("one", data));
        return must(producer.try_append(std::move(request)));
    };
    auto before = must(producer.try_append("s", expected::any{}, raw()));
    auto first = ask("1");
    auto again = ask("1");
    auto other = ask("2");
    BOOST_TEST(log->run_once());
    BOOST_TEST(!must(first.get()).repeated);
    receipt const repeated = must(again.get());
    BOOST_TEST(repeated.repeated);
    BOOST_TEST(repeated.first.value == 2);
    BOOST_TEST(repeated.versions[0].value == 2);
    BOOST_TEST(failed_with(other.get(), errc::idempotency_conflict));
    BOOST_TEST(log->head().value == 2);
}

BOOST_DATA_TEST_CASE(repeated_append_is_not_judged_by_its_condition_again, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    auto const append = [&] {
        append_request request = producer.new_append();
        request.idempotency_key("key").expect("s", expected::no_stream{}).add("s", raw());
        return producer.append(std::move(request));
    };
    BOOST_TEST(!must(append()).repeated);
    BOOST_TEST(must(append()).repeated);
}

BOOST_DATA_TEST_CASE(key_of_a_rejected_append_stays_free, all_backends, backend) {
    log_under_test log{backend};
    auto producer = log->make_producer();
    auto const append = [&](expected::condition const& condition, std::string_view data) {
        append_request request = producer.new_append();
        request.idempotency_key("key").expect("s", condition).add("s", raw("one", data));
        return producer.append(std::move(request));
    };
    BOOST_TEST(failed_with(append(expected::stream_exists{}, "1"), errc::stream_not_found));
    BOOST_TEST(!must(append(expected::any{}, "2")).repeated);
    BOOST_TEST(must(append(expected::any{}, "2")).repeated);
}

BOOST_AUTO_TEST_SUITE_END()
