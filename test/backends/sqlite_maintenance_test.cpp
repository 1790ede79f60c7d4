// Backup, compaction, the write-ahead log's length, and memory.
#include "store_harness.hpp"

#include <sqlite3.h>

#include <atomic>
#include <thread>

namespace {

namespace fs = std::filesystem;
using namespace swarmlog;
using namespace swarmlog::test;

constexpr auto relaxed = durability::relaxed; // as these tests are not about flushing

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_maintenance)

BOOST_AUTO_TEST_CASE(backup_is_a_store_of_its_own) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db", {.mode = relaxed}));
    append_singles(*store, 1, 50, 2'000);
    std::uint64_t last_done = 0;
    std::uint64_t last_total = 0;
    must(store->backup_to((folder / "copy.db").string(), [&](auto done, auto total) {
        BOOST_TEST(done >= last_done);
        last_done = done;
        last_total = total;
        return true;
    }));
    BOOST_TEST(last_done == last_total);
    BOOST_TEST(last_total > 0U);
    BOOST_TEST(!fs::exists(folder / "copy.db.partial"));

    auto const copy = must(open_sqlite_store(folder / "copy.db", {.mode = relaxed}));
    BOOST_TEST((copy->facts().id == store->facts().id));
    BOOST_TEST(!copy->facts().high_water_mark.has_value());
    BOOST_TEST(all_records(*copy) == all_records(*store), boost::test_tools::per_element());
    append_singles(*copy, 51, 1);
    BOOST_TEST(head_of(*store) == 50U);
}

BOOST_AUTO_TEST_CASE(backup_does_not_replace_a_file) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db", {.mode = relaxed}));
    append_singles(*store, 1, 3);
    must(store->backup_to((folder / "copy.db").string(), {}));
    std::string const bytes = bytes_of_file(folder / "copy.db");
    BOOST_TEST(
        fails_with(store->backup_to((folder / "copy.db").string(), {}), errc::invalid_argument));
    BOOST_TEST(
        fails_with(store->backup_to((folder / "store.db").string(), {}), errc::invalid_argument));
    BOOST_TEST(fails_with(store->backup_to((folder / "no/copy.db").string(), {}), errc::not_found));
    BOOST_TEST((bytes_of_file(folder / "copy.db") == bytes));
}

BOOST_AUTO_TEST_CASE(cancelled_backup_leaves_no_file) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db", {.mode = relaxed}));
    append_singles(*store, 1, 400, 8'000);
    auto const names = names_in(folder.path());
    auto const cancelled = store->backup_to((folder / "copy.db").string(),
                                            [](auto done, auto total) { return done * 2 < total; });
    BOOST_TEST(fails_with(cancelled, errc::cancelled));
    BOOST_TEST(names_in(folder.path()) == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(backup_beside_commits_is_one_snapshot_and_ends) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(
        folder / "store.db", {.mode = relaxed, .page_bytes = 1024, .wal_bytes_max = 64 * 1024}));
    append_singles(*store, 1, 500, 2'000);
    std::uint64_t next = 501;
    std::uint64_t steps = 0;
    // The writer commits after every step: a backup that started over then would never end.
    must(store->backup_to((folder / "copy.db").string(), [&](auto, auto) {
        append_singles(*store, next, 5, 2'000);
        next += 5;
        return ++steps < 10'000;
    }));
    BOOST_TEST(steps > 5U);
    auto const copy = must(open_sqlite_store(folder / "copy.db", {.mode = relaxed}));
    BOOST_TEST(head_of(*copy) == 500U);
    BOOST_TEST(all_records(*copy).size() == 500U);
    BOOST_TEST(head_of(*store) == next - 1);
}

BOOST_AUTO_TEST_CASE(backup_of_a_store_that_is_read_only) {
    temporary_folder folder;
    auto const writer = must(open_sqlite_store(folder / "store.db", {.mode = relaxed}));
    append_singles(*writer, 1, 10);
    auto const reader = must(open_sqlite_store_read_only(folder / "store.db"));
    must(reader->backup_to((folder / "copy.db").string(), {}));
    BOOST_TEST(head_of(*must(open_sqlite_store_read_only(folder / "copy.db"))) == 10U);
}

BOOST_AUTO_TEST_CASE(compact_gives_back_what_erased_runs_took) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db", {.mode = relaxed}));
    append_singles(*store, 1, 20);
    {
        auto const transaction = must(store->begin());
        for (std::uint32_t block = 0; block < 100; ++block) {
            must(transaction->put_run_block(1, block, std::string(50'000, 'x')));
        }
        must(transaction->put_run({1, 0, position{1}, position{20}, 100, ""}));
        must(transaction->commit());
    }
    {
        auto const transaction = must(store->begin());
        must(transaction->drop_run(1));
        must(transaction->erase_run_blocks(1));
        must(transaction->commit());
    }
    must(store->checkpoint());
    auto const before = must(store->sizes());
    BOOST_TEST(before.total_bytes > 5'000'000U);
    BOOST_TEST(before.wal_bytes == 0U);
    BOOST_TEST(before.log_bytes < 100'000U); // free pages are nobody's
    must(store->compact());
    BOOST_TEST(must(store->sizes()).total_bytes < 100'000U);
    BOOST_TEST(head_of(*store) == 20U);
}

BOOST_AUTO_TEST_CASE(write_ahead_log_stays_short) {
    temporary_folder folder;
    constexpr std::uint64_t bytes_max = 256 * 1024;
    auto const store =
        must(open_sqlite_store(folder / "store.db", {.mode = relaxed, .wal_bytes_max = bytes_max}));
    for (std::uint64_t at = 1; at <= 2'000; ++at) {
        append_singles(*store, at, 1, 3'000);
        BOOST_REQUIRE(fs::file_size(folder / "store.db-wal") < 2 * bytes_max);
    }
    BOOST_TEST(all_records(*store).size() == 2'000U);
}

BOOST_AUTO_TEST_CASE(emptied_log_does_not_grow_before_it_is_used_again) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db"));
    append_singles(*store, 1, 3);
    BOOST_TEST(fs::file_size(folder / "store.db-wal") != 0U);
    must(store->checkpoint());
    must(store->after_commit(position{3}));
    BOOST_TEST(fs::file_size(folder / "store.db-wal") == 0U);
    append_singles(*store, 4, 1);
    BOOST_TEST(fs::file_size(folder / "store.db-wal") > 256U * 1024);
}

BOOST_AUTO_TEST_CASE(long_view_holds_the_log_and_its_end_lets_it_start_over) {
    temporary_folder folder;
    constexpr std::uint64_t bytes_max = 128 * 1024;
    auto const store = must(open_sqlite_store(
        folder / "store.db", {.mode = relaxed,
                              .wal_bytes_max = bytes_max,
                              .wal_reader_wait_max = std::chrono::milliseconds{0}}));
    append_singles(*store, 1, 1);
    auto view = must(store->read());
    append_singles(*store, 2, 300, 6'000);
    auto const held = fs::file_size(folder / "store.db-wal");
    BOOST_TEST(held > 8 * bytes_max);
    BOOST_TEST(records_from(*view, 1).size() == 1U);
    view.reset();
    append_singles(*store, 302, 300, 6'000);
    BOOST_TEST(fs::file_size(folder / "store.db-wal") <= held + bytes_max);
    BOOST_TEST(all_records(*store).size() == 601U);
}

BOOST_AUTO_TEST_CASE(readers_that_overlap_all_the_time_do_not_let_the_log_grow_forever) {
    temporary_folder folder;
    constexpr std::uint64_t bytes_max = 128 * 1024;
    auto const store = must(open_sqlite_store(
        folder / "store.db", {.mode = relaxed,
                              .wal_bytes_max = bytes_max,
                              .wal_reader_wait_max = std::chrono::milliseconds{2'000}}));
    append_singles(*store, 1, 50, 2'000);
    std::atomic<bool> done{false};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            // The next view begins before the last one ends.
            auto view = store->read();
            while (!done) {
                auto next = store->read();
                static_cast<void>(
                    (*view)->records_from(position{1}, [](auto const&) { return true; }));
                view = std::move(next);
            }
        });
    }
    std::uint64_t longest = 0;
    for (std::uint64_t at = 51; at <= 1'500; ++at) {
        append_singles(*store, at, 1, 2'000);
        longest = std::max(longest, std::uint64_t{fs::file_size(folder / "store.db-wal")});
    }
    done = true;
    for (auto& reader : readers) reader.join();
    // Without the wait it would be 1,450 commits of three pages or more.
    BOOST_TEST(longest < 12 * bytes_max);
}

BOOST_AUTO_TEST_CASE(no_more_readers_than_allowed) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(
        folder / "store.db", {.readers_max = 2, .reader_wait_max = std::chrono::milliseconds{0}}));
    auto first = must(store->read());
    auto second = must(store->read());
    auto const third = store->read();
    BOOST_TEST(fails_with(third, errc::deadline_exceeded));
    BOOST_TEST(third.error().message().find("readers_max") != std::string::npos);
    BOOST_TEST(fails_with(store->find_row({}, cell{"a"}), errc::deadline_exceeded, "readers_max"));
    first.reset();
    BOOST_TEST(must(must(store->read())->head()).value == 0U);
}

BOOST_AUTO_TEST_CASE(waiting_reader_gets_the_next_one_that_ends) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db", {.readers_max = 1}));
    append_singles(*store, 1, 1);
    auto held = must(store->read());
    std::atomic<std::uint64_t> seen{0};
    std::thread waiting{[&] {
        if (auto view = store->read()) seen = (*view)->head().value().value;
    }};
    held.reset();
    waiting.join();
    BOOST_TEST(seen.load() == 1U);
}

BOOST_AUTO_TEST_CASE(checkpoint_says_when_a_reader_holds_the_log) {
    temporary_folder folder;
    auto const store = must(
        open_sqlite_store(folder / "store.db", {.lock_wait_max = std::chrono::milliseconds{0}}));
    append_singles(*store, 1, 3);
    auto view = must(store->read());
    append_singles(*store, 4, 1);
    BOOST_TEST(fails_with(store->checkpoint(), errc::deadline_exceeded));
    view.reset();
    must(store->checkpoint());
    BOOST_TEST(must(store->sizes()).wal_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(memory_stays_within_the_cache_however_much_is_written_and_read) {
    temporary_folder folder;
    constexpr std::uint64_t cache_bytes = 2 * 1024 * 1024;
    auto const store = must(open_sqlite_store(
        folder / "store.db", {.mode = relaxed, .cache_bytes = cache_bytes, .readers_max = 4}));
    append_singles(*store, 1, 10);
    auto const before = sqlite3_memory_used();
    static_cast<void>(sqlite3_memory_highwater(1));
    for (std::uint64_t group = 0; group < 20; ++group) {
        std::vector<owned_record> records;
        for (std::uint64_t i = 0; i < 200; ++i) {
            records.push_back(make_record(11 + group * 200 + i, 11 + group * 200 + i, 6'000));
        }
        append(*store, records); // 1.2 MB, more than the writer's share
    }
    std::vector<std::unique_ptr<read_view>> views;
    for (int i = 0; i < 4; ++i) {
        views.push_back(must(store->read()));
        std::uint64_t bytes = 0;
        must(views.back()->records_from(position{1}, [&](stored_record const& record) {
            bytes += record.body.size();
            return true;
        }));
        BOOST_TEST(bytes > 24'000'000U);
    }
    auto const grown = sqlite3_memory_highwater(0) - before;
    BOOST_TEST_MESSAGE("grown by " << grown << " bytes");
    BOOST_TEST(grown < static_cast<sqlite3_int64>(cache_bytes + 2 * 1024 * 1024));
}

BOOST_AUTO_TEST_SUITE_END()
