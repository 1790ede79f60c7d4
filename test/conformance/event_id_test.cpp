#include "conformance/numbered_log.hpp"

#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(event_ids)

BOOST_DATA_TEST_CASE(event_is_found_by_the_id_that_the_log_made, all_backends, backend) {
    log_under_test log = numbered(backend);
    append_numbered(log, count);
    {
        auto producer = log->make_producer(); // many in one record, under one millisecond
        append_request request = producer.new_append();
        for (int each = 0; each != 20; ++each) { request.add("s", raw()); }
        must(producer.append(std::move(request)));
    }
    for (bool const is_reopened : {false, true}) {
        if (is_reopened) { log.reopen(); }
        for (event const& each : all_events(*log)) {
            auto const found = must(log->find(each.id));
            BOOST_TEST_CONTEXT("position " << each.position.value) {
                BOOST_REQUIRE(found.has_value());
                BOOST_TEST(found->position.value == each.position.value);
                BOOST_TEST(found->data == each.data);
            }
        }
        BOOST_TEST(!must(log->find(event_id{})).has_value());
        BOOST_TEST(!must(log->find(make_event_id(time_of(50), 1, 1))).has_value());
        event_id all_ones;
        all_ones.bytes.fill(0xff);
        BOOST_TEST(!must(log->find(all_ones)).has_value());
    }
}

BOOST_DATA_TEST_CASE(event_is_found_by_the_id_that_its_caller_brought, all_backends, backend) {
    log_under_test log = numbered(backend);
    std::vector<event_id> ids;
    {
        auto producer = log->make_producer();
        for (std::uint64_t number = 1; number <= 60; ++number) {
            // Of a random UUID, of another time, and of the very millisecond of the record.
            event_id id = make_event_id(
                number % 3 == 1 ? time_of(number * 1'000) : manual_clock::begin, number, number);
            if (number % 3 == 0) { id.bytes[0] = static_cast<std::uint8_t>(0x80 + number); }
            ids.push_back(id);
            must(producer.append("s", expected::any{}, raw("t", std::to_string(number)),
                                 {.id = id}));
        }
    }
    BOOST_TEST(log->statistics().index_runs > 0);
    for (bool const is_reopened : {false, true}) {
        if (is_reopened) { log.reopen(); }
        for (std::size_t each = 0; each != ids.size(); ++each) {
            auto const found = must(log->find(ids[each]));
            BOOST_TEST_CONTEXT("event " << each + 1) {
                BOOST_REQUIRE(found.has_value());
                BOOST_TEST(found->position.value == each + 1);
                BOOST_TEST((found->id == ids[each]));
            }
        }
    }
    check_sound(*log);
}

BOOST_AUTO_TEST_CASE(finding_an_id_needs_one_read_view_only) {
    log_options options = small_options();
    sqlite_store_options store;
    store.readers_max = 1;
    store.reader_wait_max = std::chrono::milliseconds{10};
    log_under_test log{"sqlite", options, store};
    append_numbered(log, count);
    auto const some = must(log->read().after(position{40}).first());
    BOOST_REQUIRE(some.has_value());
    auto const found = must(log->find(some->id));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->position.value == 41);
    TEST_POSITIONS(log->read().stream("s1").after(version{30}).after(time_of(93)),
                   list{94, 97, 100});
    check_sound(*log);
}

BOOST_AUTO_TEST_SUITE_END()
