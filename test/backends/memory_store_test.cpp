#include "store_harness.hpp"

#include <functional>
#include <string>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

} // namespace

BOOST_AUTO_TEST_SUITE(memory_store)

BOOST_AUTO_TEST_CASE(full_store_rejects_and_goes_on_with_what_fits) {
    auto const store = must(open_memory_store({.bytes_max = 100'000}));
    append_singles(*store, 1, 5, 10'000);
    {
        auto const transaction = must(store->begin());
        must(transaction->append_record(view_of(make_record(6, 6, 10'000))));
        auto const appended = transaction->append_record(view_of(make_record(7, 7, 60'000)));
        BOOST_TEST(fails_with(appended, errc::disk_full));
        auto const done = transaction->commit();
        BOOST_TEST((done.outcome == commit_outcome::not_committed));
        BOOST_TEST((done.failure == errc::disk_full));
    }
    BOOST_TEST(head_of(*store) == 5U);
    append_singles(*store, 6, 1, 10'000);
    BOOST_TEST(all_records(*store).back() == make_record(6, 6, 10'000));
    BOOST_TEST(must(store->sizes()).total_bytes <= 100'000U);
}

BOOST_AUTO_TEST_CASE(every_kind_of_content_counts_towards_the_limit) {
    auto const store = must(open_memory_store({.bytes_max = 10'000}));
    std::string const large(10'000, 'x');
    table_spec const table{"things", {{"id", column_kind::text, false}}, 0, {}};
    {
        auto const transaction = must(store->begin());
        must(transaction->create_table(table));
        must(transaction->commit());
    }
    using at = write_transaction;
    std::function<result<void>(at&)> const puts[] = {
        [&](at& to) { return to.append_record(view_of(make_record(1, 1, 10'000))); },
        [&](at& to) { return to.put_run_block(1, 0, large + "x"); },
        [&](at& to) {
            return to.put_run({1, 0, position{1}, position{1}, 1, large + "x"});
        },
        [&](at& to) { return to.put_checkpoint(large, position{1}); },
        [&](at& to) { return to.put_row(table, {cell{large}}); },
        [&](at& to) {
            return to.put_snapshot({"things", position{1}, large + "x"});
        },
    };
    for (auto const& put : puts) {
        auto const transaction = must(store->begin());
        BOOST_TEST(fails_with(put(*transaction), errc::disk_full, "bytes_max of 10000"));
        BOOST_TEST((transaction->commit().outcome == commit_outcome::not_committed));
        BOOST_TEST(must(store->sizes()).total_bytes == 0U);
    }
}

BOOST_AUTO_TEST_CASE(table_of_another_key_is_another_table) {
    auto const store = must(open_memory_store());
    table_spec table{
        "things", {{"id", column_kind::text, false}, {"other", column_kind::text, false}}, 0, {}};
    {
        auto const transaction = must(store->begin());
        must(transaction->create_table(table));
        must(transaction->commit());
    }
    table.key = 1;
    BOOST_TEST(fails_with(must(store->read())->find_row(table, cell{"a"}), errc::corrupt));
}

BOOST_AUTO_TEST_CASE(erasing_makes_room) {
    auto const store = must(open_memory_store({.bytes_max = 100'000}));
    for (std::uint64_t run = 1; run <= 20; ++run) {
        auto const transaction = must(store->begin());
        must(transaction->put_run_block(run, 0, std::string(40'000, 'x')));
        must(transaction->put_run({run, 0, position{1}, position{1}, 1, "header"}));
        if (run > 1) {
            must(transaction->drop_run(run - 1));
            must(transaction->erase_run_blocks(run - 1));
        }
        must(transaction->commit());
    }
    BOOST_TEST(must(store->sizes()).index_bytes == 40'006U);
}

BOOST_AUTO_TEST_CASE(backup_is_unsupported) {
    auto const store = must(open_memory_store());
    BOOST_TEST(fails_with(store->backup_to("anywhere.db", {}), errc::unsupported));
}

BOOST_AUTO_TEST_CASE(records_keep_their_addresses_over_many_segments_and_roll_backs) {
    auto const store = must(open_memory_store());
    append_singles(*store, 1, 1, 6'000);
    auto const view = must(store->read());
    char const* address = nullptr;
    auto const look = [&](read_view& at) {
        must(at.records_from(position{1}, [&](stored_record const& record) {
            BOOST_TEST((address == nullptr || address == record.body.data()));
            address = record.body.data();
            return false;
        }));
    };
    look(*view);
    for (std::uint64_t at = 2; at <= 3'000; ++at) {
        {
            auto const dropped = must(store->begin());
            must(dropped->append_record(view_of(make_record(at, at, 700'000 * (at % 100 == 0)))));
        }
        append_singles(*store, at, 1, 1'000);
    }
    look(*view);
    look(*must(store->read()));
    std::uint64_t next = 1;
    for (auto const& record : all_records(*store)) {
        BOOST_REQUIRE(record == make_record(next, next, next == 1 ? 6'000 : 1'000));
        ++next;
    }
    BOOST_TEST(next == 3'001U);
}

BOOST_AUTO_TEST_SUITE_END()
