#include "support/temporary_folder.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

// What a type, a tag or an idempotency key had before anybody asked about it counts, too: the
// first question about a key comes long after its first event.

using namespace swarmlog;

BOOST_AUTO_TEST_SUITE(condition_check)

BOOST_AUTO_TEST_CASE(none_since_sees_a_type_that_was_posted_before_it_was_asked_about) {
    auto log = open_memory().value();
    auto writer = log.make_producer();
    writer.append("task-1", expected::any{}, raw_event{"created", "{}"}).value();
    writer.append("task-1", expected::any{}, raw_event{"started", "{}"}).value();

    auto request = writer.new_append();
    request.expect(expected::none_since{position{1}, query{}.type("started")});
    request.add("task-2", raw_event{"created", "{}"});
    auto const answer = writer.append(std::move(request));
    BOOST_REQUIRE(answer.has_error());
    BOOST_TEST((answer.error() == errc::condition_failed));
}

BOOST_AUTO_TEST_CASE(a_transaction_conflicts_on_a_tag_that_was_posted_before_it_was_read) {
    auto log = open_memory().value();
    auto writer = log.make_producer();
    event_details const tagged{.tags = {"agent:a"}};
    writer.append("task-1", expected::any{}, raw_event{"created", "{}"}, tagged).value();
    auto tx = log.begin();
    BOOST_TEST(tx.read(query{}.tag("agent:a")).value().size() == 1U);
    writer.append("task-2", expected::any{}, raw_event{"created", "{}"}, tagged).value();
    tx.append("task-3", raw_event{"created", "{}"}).value();
    auto const answer = tx.commit();
    BOOST_REQUIRE(answer.has_error());
    BOOST_TEST((answer.error() == errc::conflict));
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_is_known_after_a_reopen_replayed_or_in_a_run) {
    for (std::uint32_t const tail_events : {65'536U, 1U}) {
        test::temporary_folder const folder;
        sqlite_log_options options;
        options.index_tail_events = tail_events;
        for (int time = 1; time <= 3; ++time) {
            auto log = open_sqlite(folder / "swarm.db", options).value();
            auto writer = log.make_producer();
            auto request = writer.new_append();
            request.add("task-1", raw_event{"created", "{}"}).idempotency_key("once");
            auto const answer = writer.append(std::move(request)).value();
            BOOST_TEST(answer.repeated == (time != 1));
            BOOST_TEST(answer.first.value == 1U);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
