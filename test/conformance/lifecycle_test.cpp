#include "support/log_under_test.hpp"

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace {

void append_to_streams(event_log& log, int count) {
    auto producer = log.make_producer();
    for (int each = 0; each != count; ++each) {
        must(producer.submit("s" + std::to_string(each % 7), expected::any{},
                             raw("t", std::to_string(each)), {.tags = {"tag"}}));
    }
    BOOST_REQUIRE(producer.flush().rejected == 0);
}

/// All that an event is, so that two logs can be compared.
std::vector<std::string> whole(event_log& log) {
    std::vector<std::string> lines;
    for (event_view const& each : log.read()) {
        std::string line = std::to_string(each.position.value) + ' ' + std::string{each.stream} +
                           ' ' + std::to_string(each.version.value) + ' ' + std::string{each.type} +
                           ' ' + to_string(each.id) + ' ' + to_string(each.recorded_at) + ' ' +
                           std::string{each.data};
        for (std::string_view const tag : each.tags) { (line += ' ') += tag; }
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lifecycle)

BOOST_DATA_TEST_CASE(new_log_is_reported_as_created_and_empty, all_backends, backend) {
    log_under_test log{backend};
    open_report const& first = log->opened();
    BOOST_TEST(first.created);
    BOOST_TEST(first.head.value == 0);
    BOOST_TEST(first.indexed_through.value == 0);
    BOOST_TEST(first.replayed_events == 0);
    BOOST_TEST(first.lost_events == 0);
    BOOST_TEST(!first.loss_possible);
    BOOST_TEST(!first.corrupt_at.has_value());
    BOOST_TEST(!first.read_only);
    BOOST_TEST(first.message.empty());
    BOOST_TEST(first.migrated_from == first.schema_version);
    BOOST_TEST(first.duration.count() > 0);
    check_sound(*log);
    log.reopen();
    BOOST_TEST(!log->opened().created);
    BOOST_TEST(log->opened().head.value == 0);
}

BOOST_DATA_TEST_CASE(reopening_replays_what_no_index_run_covers, all_backends, backend) {
    log_under_test log{backend, small_options()};
    log.options().index_tail_events = 50;
    log.reopen();
    append_to_streams(*log, 49);
    log.reopen();
    BOOST_TEST(log->opened().head.value == 49);
    BOOST_TEST(log->opened().indexed_through.value == 0);
    BOOST_TEST(log->opened().replayed_events == 49);
    BOOST_TEST(log->opened().replayed_records > 0);

    append_to_streams(*log, 500);
    log.reopen();
    open_report const& report = log->opened();
    BOOST_TEST(report.head.value == 549);
    BOOST_TEST(report.indexed_through.value >= 549 - 50 - 16); // a tail and a group at most
    BOOST_TEST(report.replayed_events == 549 - report.indexed_through.value);
    if (log.is_sqlite()) {
        BOOST_REQUIRE(report.high_water_mark.has_value());
        BOOST_TEST(report.high_water_mark->value == 549);
    }
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(reopening_keeps_everything, all_backends, backend) {
    log_under_test log{backend, small_options()};
    for (int round = 0; round != 5; ++round) {
        append_to_streams(*log, 40 + round);
        auto const before = whole(*log);
        auto const versions = must(log->version_of("s3"));
        log.reopen();
        BOOST_TEST((whole(*log) == before));
        BOOST_TEST((must(log->version_of("s3")) == versions));
        BOOST_TEST(must(log->read().tag("tag").count()) == before.size());
        check_sound(*log);
    }
}

BOOST_DATA_TEST_CASE(options_may_change_from_one_opening_to_the_next, all_backends, backend) {
    log_under_test log{backend, small_options()};
    append_to_streams(*log, 100);
    auto before = whole(*log);
    for (auto const codec : {record_codec::lz4, record_codec::none}) {
        log.options() = {};
        log.options().codec = codec;
        log.reopen();
        BOOST_TEST((whole(*log) == before));
        append_to_streams(*log, 100);
        before = whole(*log);
    }
    log.options() = small_options();
    log.reopen();
    BOOST_TEST((whole(*log) == before));
    append_to_streams(*log, 1);
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(dropping_is_as_good_as_closing, all_backends, backend) {
    log_under_test log{backend, small_options()};
    append_to_streams(*log, 100);
    auto const before = whole(*log);
    log.drop();
    log.reopen();
    BOOST_TEST((whole(*log) == before));
    BOOST_TEST(log->opened().lost_events == 0);
    BOOST_TEST(log->opened().message.empty());
}

BOOST_DATA_TEST_CASE(statistics_count_what_was_done, all_backends, backend) {
    log_under_test log{backend, by_hand()};
    auto producer = log->make_producer();
    for (int each = 0; each != 3; ++each) {
        append_request request = producer.new_append();
        request.add("a", raw()).add("b", raw());
        must(producer.submit(std::move(request)));
    }
    must(producer.submit("a", expected::no_stream{}, raw()));
    log_statistics const before = log->statistics();
    BOOST_TEST(before.queued_appends == 4);
    BOOST_TEST(before.queued_bytes > 0);
    BOOST_TEST(before.events_appended == 0);
    while (log->run_once()) {}
    log_statistics const after = log->statistics();
    BOOST_TEST(after.head.value == 6);
    BOOST_TEST(after.events_appended == 6);
    BOOST_TEST(after.appends_accepted == 3);
    BOOST_TEST(after.appends_rejected == 1);
    BOOST_TEST(after.groups == 1);
    BOOST_TEST(after.records == 1);
    BOOST_TEST(after.queued_appends == 0);
    BOOST_TEST(after.queued_bytes == 0);
    BOOST_TEST(after.index_tail_keys == 3);
    BOOST_TEST(after.index_memory_bytes > 0);
    BOOST_TEST(after.record_cache_bytes > 0);
    BOOST_TEST((after.durability ==
                (log.is_sqlite() ? durability::durable : durability::volatile_memory)));
    BOOST_TEST(producer.flush().accepted == 3);
}

BOOST_DATA_TEST_CASE(sizes_grow_with_the_log, all_backends, backend) {
    log_under_test log{backend, small_options()};
    auto const before = must(log->sizes());
    append_to_streams(*log, 500);
    must(log->checkpoint());
    auto const after = must(log->sizes());
    BOOST_TEST(after.log_bytes > before.log_bytes);
    BOOST_TEST(after.index_bytes > before.index_bytes);
    BOOST_TEST(after.total_bytes > before.total_bytes);
    BOOST_TEST(after.total_bytes >= after.log_bytes + after.index_bytes);
}

BOOST_DATA_TEST_CASE(maintenance_goes_on_while_events_are_appended, all_backends, backend) {
    log_under_test log{backend, small_options()};
    std::atomic<int> failed{0};
    std::atomic<bool> is_over{false};
    std::uint64_t verified = 0;
    {
        std::jthread appending{[&] {
            auto producer = log->make_producer();
            while (!is_over.load()) {
                for (int each = 0; each != 10; ++each) {
                    if (!producer.submit("s", expected::any{}, raw())) { ++failed; }
                }
                if (producer.flush().rejected != 0) { ++failed; }
            }
        }};
        for (int round = 0; round != 5; ++round) {
            must(log->wait_for(position{log->head().value + 50}, std::chrono::minutes{5}));
            must(log->checkpoint());
            must(log->compact());
            must(log->sizes());
            verify_report const report = must(log->verify());
            BOOST_TEST(report.sound());
            BOOST_TEST(report.events > verified);
            verified = report.events;
        }
        is_over = true;
    }
    BOOST_TEST(failed.load() == 0);
    check_sound(*log);
}

BOOST_DATA_TEST_CASE(verify_says_what_it_walked_and_can_be_cancelled, all_backends, backend) {
    log_under_test log{backend, small_options()};
    append_to_streams(*log, 100);
    std::vector<std::uint64_t> done;
    std::uint64_t total = 0;
    verify_report const report = must(log->verify([&](std::uint64_t now, std::uint64_t all) {
        done.push_back(now);
        total = all;
        return true;
    }));
    BOOST_TEST(report.sound());
    BOOST_TEST(report.events == 100);
    BOOST_TEST(report.streams == 7);
    BOOST_TEST(report.records == log->statistics().records);
    BOOST_TEST(report.postings == 300); // each has a stream, a type and a tag
    BOOST_REQUIRE(!done.empty());
    BOOST_TEST(done.back() == 100);
    BOOST_TEST(total == 100);
    BOOST_TEST(failed_with(log->verify([](std::uint64_t, std::uint64_t) { return false; }),
                           errc::cancelled));
}

BOOST_DATA_TEST_CASE(backup_of_a_live_log_is_a_prefix_of_it, all_backends, backend) {
    log_under_test log{backend, small_options()};
    append_to_streams(*log, 300);
    std::string const target = (log.folder() / "copy.db").string();
    if (!log.is_sqlite()) {
        BOOST_TEST(failed_with(log->backup_to(target), errc::unsupported));
        return;
    }
    std::atomic<bool> is_over{false};
    {
        std::jthread appending{[&] {
            auto producer = log->make_producer();
            while (!is_over.load()) {
                static_cast<void>(producer.append("s", expected::any{}, raw()));
            }
        }};
        must(log->wait_for(position{310}, std::chrono::minutes{5}));
        must(log->backup_to(target));
        must(log->wait_for(position{log->head().value + 10}, std::chrono::minutes{5}));
        is_over = true;
    }
    BOOST_TEST(failed_with(log->backup_to(target), errc::invalid_argument, {target}));
    auto original = whole(*log);
    event_log copy = must(open_sqlite(target));
    BOOST_TEST(copy.opened().lost_events == 0);
    BOOST_TEST(!copy.opened().read_only);
    auto const copied = whole(copy);
    BOOST_TEST(copied.size() >= 310);
    BOOST_TEST(copied.size() < original.size());
    original.resize(copied.size());
    BOOST_TEST((copied == original));
    check_sound(copy);
    must(copy.make_producer().append("s", expected::any{}, raw())); // and goes its own way
    check_sound(copy);
}

BOOST_AUTO_TEST_CASE(compact_gives_space_back_and_loses_nothing) {
    log_under_test log{"sqlite", small_options()};
    append_to_streams(*log, 1'000);
    auto const before = whole(*log);
    must(log->checkpoint());
    // The write-ahead log's file keeps some of its length, to be written over.
    auto const file_bytes = [&] {
        storage_sizes const now = must(log->sizes());
        return now.total_bytes - now.wal_bytes;
    };
    auto const bytes_before = file_bytes();
    must(log->compact());
    must(log->checkpoint());
    BOOST_TEST(file_bytes() <= bytes_before);
    BOOST_TEST((whole(*log) == before));
    append_to_streams(*log, 10);
    check_sound(*log);
    log.reopen();
    check_sound(*log);
}

BOOST_AUTO_TEST_CASE(relaxed_log_says_so_in_every_receipt) {
    sqlite_store_options store;
    store.mode = durability::relaxed;
    log_under_test log{"sqlite", {}, store};
    auto const got = must(log->make_producer().append("s", expected::any{}, raw()));
    BOOST_TEST((got.durability == durability::relaxed));
    BOOST_TEST((log->statistics().durability == durability::relaxed));
    log.reopen();
    BOOST_TEST(log->head().value == 1);
    BOOST_TEST(!log->opened().loss_possible);
}

BOOST_AUTO_TEST_CASE(read_only_handle_follows_the_writing_one) {
    log_under_test log{"sqlite", small_options()};
    append_to_streams(*log, 100);
    sqlite_log_options options;
    static_cast<log_options&>(options) = small_options();
    options.follow_interval = std::chrono::milliseconds{1};
    event_log reading = must(open_sqlite_read_only(log.path(), options));
    BOOST_TEST(reading.opened().read_only);
    BOOST_TEST(reading.head().value == 100);
    auto events = must(reading.subscribe({}, position{100}));
    for (int round = 0; round != 10; ++round) {
        append_to_streams(*log, 37);
        auto const head = log->head();
        BOOST_TEST((must(reading.refresh()) == head));
        BOOST_TEST((whole(reading) == whole(*log)));
        BOOST_TEST(must(reading.read().tag("tag").count()) == head.value);
        BOOST_TEST((must(reading.version_of("s5")) == must(log->version_of("s5"))));
    }
    must(reading.wait_for(position{470}, std::chrono::minutes{5}));
    for (std::uint64_t at = 101; at <= 470; ++at) {
        auto const next = must(events.next(std::chrono::minutes{5}));
        if (next.position.value != at) { BOOST_ERROR("not " << at); }
    }
    check_sound(reading);
}

BOOST_DATA_TEST_CASE(calls_that_a_log_of_another_kind_needs_are_harmless, all_backends, backend) {
    log_under_test log{backend, small_options()};
    append_to_streams(*log, 5);
    BOOST_TEST(!log->run_once()); // it has a thread of its own
    BOOST_TEST(must(log->refresh()).value == 5);
    event_log& same = *log;
    *log = std::move(same);
    BOOST_TEST(log->head().value == 5);
    check_sound(*log);
}

BOOST_AUTO_TEST_SUITE_END()
