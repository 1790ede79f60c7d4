// One writer, readers beside it, and what the lock file remembers.
#include "store_harness.hpp"
#include "support/fault_vfs.hpp"

#include "sqlite/high_water_mark.hpp"
#include "sqlite/lock_file.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <fstream>

namespace {

namespace fs = std::filesystem;
using namespace swarmlog;
using namespace swarmlog::test;

/// A store whose process ended without closing it, with `count` records; 0 when that worked.
int leave_unclosed(fs::path const& path, std::uint64_t count,
                   durability mode = durability::durable) {
    return in_child([&] {
        auto* const store = open_sqlite_store(path, {.mode = mode}).value().release();
        for (std::uint64_t at = 1; at <= count; ++at) {
            auto const transaction = store->begin().value();
            static_cast<void>(transaction->append_record(view_of(make_record(at, at))));
            if (transaction->commit().outcome != commit_outcome::committed) return 1;
            if (!store->after_commit(position{at})) return 2;
        }
        return 0;
    });
}

void overwrite(fs::path const& path, std::uint64_t offset, std::string_view bytes) {
    std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(static_cast<std::streamoff>(offset));
    file << bytes;
    BOOST_REQUIRE(file.good());
}

/// One flipped bit in the write-ahead log silently ends it there.
void end_log_in_its_middle(fs::path const& path) {
    auto const log = path.string() + "-wal";
    auto const middle = 32 + 4 * (24 + 8'192) + 100;
    char const flipped = static_cast<char>(bytes_of_file(log)[middle] ^ 1);
    overwrite(log, middle, {&flipped, 1});
}

/// Changes a byte of the session entry (high_water_mark.hpp), and its checksum with it.
void change_session(fs::path const& lock_path, std::size_t offset, char bits) {
    std::string entry = bytes_of_file(lock_path).substr(64, 64);
    BOOST_REQUIRE(entry.size() == 64U);
    entry[offset] = static_cast<char>(entry[offset] ^ bits);
    std::uint64_t const checksum = XXH3_64bits(entry.data(), 56);
    for (std::size_t i = 0; i < 8; ++i) entry[56 + i] = static_cast<char>(checksum >> (8 * i));
    overwrite(lock_path, 64, entry);
}
void pretend_other_boot(fs::path const& lock_path) { change_session(lock_path, 32, 1); }

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_lock)

BOOST_AUTO_TEST_CASE(second_open_in_the_process_is_already_open) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    auto first = must(open_sqlite_store(path));
    auto const second = open_sqlite_store(path);
    BOOST_TEST(fails_with(second, errc::already_open));
    BOOST_TEST(second.error().message().find(path.string()) != std::string::npos);
    append_singles(*first, 1, 1);
    must(first->close());
    BOOST_TEST(head_of(*must(open_sqlite_store(path))) == 1U);
}

BOOST_AUTO_TEST_CASE(another_name_of_the_file_is_already_open) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db"));
    fs::create_directory_symlink(folder.path(), folder / "linked");
    BOOST_TEST(fails_with(open_sqlite_store(folder / "linked/store.db"), errc::already_open));
    fs::path const other = folder.path() / ".." / folder.path().filename() / "store.db";
    BOOST_TEST(fails_with(open_sqlite_store(other), errc::already_open));
}

BOOST_AUTO_TEST_CASE(open_in_another_process_is_already_open) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    auto const store = must(open_sqlite_store(path));
    int const verdict = in_child([&] {
        auto const second = open_sqlite_store(path);
        return !second && second.error() == errc::already_open ? 0 : 1;
    });
    BOOST_TEST(verdict == 0);
}

BOOST_AUTO_TEST_CASE(lock_ends_with_its_process) {
    temporary_folder folder;
    BOOST_REQUIRE(leave_unclosed(folder / "store.db", 5) == 0);
    auto const store = must(open_sqlite_store(folder / "store.db"));
    BOOST_TEST(all_records(*store).size() == 5U);
}

BOOST_AUTO_TEST_CASE(failed_open_leaves_the_store_free) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    BOOST_TEST(fails_with(open_sqlite_store(path, {.vfs = "no such vfs"}), errc::io_error));
    BOOST_TEST(must(open_sqlite_store(path))->facts().created);
}

BOOST_AUTO_TEST_CASE(mark_is_the_last_acknowledged_position) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    {
        auto const store = must(open_sqlite_store(path));
        BOOST_TEST(!store->facts().high_water_mark.has_value());
        append_singles(*store, 1, 7);
    }
    auto const store = must(open_sqlite_store(path));
    BOOST_TEST(store->facts().high_water_mark.value().value == 7U);
    BOOST_TEST(!store->facts().loss_possible);
}

BOOST_AUTO_TEST_CASE(mark_survives_a_killed_process_and_shows_a_lost_tail) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    BOOST_REQUIRE(leave_unclosed(path, 9) == 0);
    end_log_in_its_middle(path);
    auto const store = must(open_sqlite_store(path));
    BOOST_TEST(head_of(*store) < 9U);
    BOOST_TEST(store->facts().high_water_mark.value().value == 9U);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_where_the_rest_of_a_torn_log_cannot_be_cut_off) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    BOOST_REQUIRE(leave_unclosed(path, 9) == 0);
    end_log_in_its_middle(path);
    fault_vfs vfs{"faulty"};
    {
        auto const store = must(open_sqlite_store(path, {.vfs = vfs.name()}));
        std::string const left = bytes_of_file(path.string() + "-wal");
        vfs.fail_at_call(fault_vfs::call::truncate, 1);
        BOOST_TEST(fails_with(store->begin(), errc::io_error, "cut off"));
        vfs.heal();
        BOOST_TEST(fails_with(store->begin(), errc::io_error, "cut off"));
        BOOST_TEST(fails_with(store->compact(), errc::io_error, "cut off"));
        BOOST_TEST((bytes_of_file(path.string() + "-wal") == left));
    }
    auto const store = must(open_sqlite_store(path));
    BOOST_TEST(store->facts().high_water_mark.value().value == 9U);
    append_singles(*store, head_of(*store) + 1, 1);
}

BOOST_AUTO_TEST_CASE(torn_or_foreign_lock_file_has_no_mark_and_may_hide_a_power_loss) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    auto const lock = folder / "store.db.lock";
    auto const reopened = [&] {
        auto const store = must(open_sqlite_store(path));
        return store->facts();
    };
    {
        auto const store = must(open_sqlite_store(path));
        append_singles(*store, 1, 3);
    }
    BOOST_TEST(reopened().high_water_mark.has_value());

    overwrite(lock, 32, "\x09"); // the position, without its checksum
    BOOST_TEST(!reopened().high_water_mark.has_value());
    fs::resize_file(lock, 10);
    BOOST_TEST(!reopened().high_water_mark.has_value());
    std::ofstream{lock} << "pid 1234, somebody else's lock file, longer than our two entries "
                           "are together, so that every byte that is read is foreign to us, and "
                           "then some";
    auto const facts = reopened();
    BOOST_TEST(!facts.high_water_mark.has_value());
    BOOST_TEST(facts.loss_possible); // nobody can tell it from a torn session
    fs::remove(lock);
    BOOST_TEST(!reopened().high_water_mark.has_value());
}

BOOST_AUTO_TEST_CASE(mark_of_another_store_counts_as_absent) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    {
        auto const store = must(open_sqlite_store(path));
        append_singles(*store, 1, 3);
    }
    fs::remove(path);
    auto const store = must(open_sqlite_store(path));
    BOOST_TEST(store->facts().created);
    BOOST_TEST(!store->facts().high_water_mark.has_value());
}

BOOST_AUTO_TEST_CASE(power_loss_is_an_unclosed_session_of_another_boot) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    auto const lock_path = folder / "store.db.lock";
    BOOST_REQUIRE(leave_unclosed(path, 2, durability::relaxed) == 0);
    {
        auto const store = must(open_sqlite_store(path));
        BOOST_TEST(!store->facts().loss_possible); // the same boot: only killed
    }

    auto const id = must(open_sqlite_store(path))->facts().id;
    {
        auto const file = must(detail::lock_file::acquire(path.string()));
        must(detail::write_session_opened(file, id, durability::relaxed, false));
    }
    pretend_other_boot(lock_path);
    BOOST_TEST(must(open_sqlite_store(path))->facts().loss_possible);
    BOOST_TEST(!must(open_sqlite_store(path))->facts().loss_possible); // closed since
    pretend_other_boot(lock_path);
    BOOST_TEST(!must(open_sqlite_store(path))->facts().loss_possible);
}

BOOST_AUTO_TEST_CASE(a_relaxed_sessions_loss_is_reported_to_a_durable_one_and_not_the_other_way) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    auto const lock_path = folder / "store.db.lock";
    auto const opened_after = [&](durability before, durability now) {
        BOOST_REQUIRE(leave_unclosed(path, 0, before) == 0);
        pretend_other_boot(lock_path);
        return must(open_sqlite_store(path, {.mode = now}))->facts().loss_possible;
    };
    BOOST_TEST(opened_after(durability::relaxed, durability::durable));
    BOOST_TEST(opened_after(durability::relaxed, durability::relaxed));
    BOOST_TEST(!opened_after(durability::durable, durability::relaxed));
    BOOST_TEST(!opened_after(durability::durable, durability::durable));
}

BOOST_AUTO_TEST_CASE(a_session_that_does_not_say_how_it_wrote_is_taken_for_one_like_this) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    constexpr std::size_t mode_at = 48;
    for (auto const now : {durability::durable, durability::relaxed}) {
        BOOST_REQUIRE(leave_unclosed(path, 0) == 0);
        pretend_other_boot(folder / "store.db.lock");
        change_session(folder / "store.db.lock", mode_at, 1); // from durable to none
        BOOST_TEST(must(open_sqlite_store(path, {.mode = now}))->facts().loss_possible ==
                   (now == durability::relaxed));
    }
}

BOOST_AUTO_TEST_CASE(a_session_of_another_store_or_layout_counts_as_absent) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    auto const lock = folder / "store.db.lock";
    constexpr std::size_t magic_at = 0;
    constexpr std::size_t layout_at = 8;
    constexpr std::size_t store_at = 16;
    for (std::size_t const changed : {magic_at, layout_at, store_at}) {
        BOOST_REQUIRE(leave_unclosed(path, 0, durability::relaxed) == 0);
        pretend_other_boot(lock);
        change_session(lock, changed, 1);
        BOOST_TEST(!must(open_sqlite_store(path))->facts().loss_possible);
    }
}

BOOST_AUTO_TEST_CASE(a_possible_loss_is_reported_again_when_nobody_has_closed_the_log_since) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    BOOST_REQUIRE(leave_unclosed(path, 2, durability::relaxed) == 0);
    pretend_other_boot(folder / "store.db.lock");
    BOOST_REQUIRE(leave_unclosed(path, 0) == 0); // dies with what it was told
    BOOST_TEST(must(open_sqlite_store(path))->facts().loss_possible);
    BOOST_TEST(!must(open_sqlite_store(path))->facts().loss_possible);
}

BOOST_AUTO_TEST_CASE(reader_reads_beside_a_writer_and_sees_new_commits) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    auto const writer = must(open_sqlite_store(path));
    append_singles(*writer, 1, 3);
    auto const reader = must(open_sqlite_store_read_only(path));
    BOOST_TEST(reader->facts().read_only);
    BOOST_TEST((reader->facts().id == writer->facts().id));
    BOOST_TEST(head_of(*reader) == 3U);
    append_singles(*writer, 4, 3);
    BOOST_TEST(head_of(*reader) == 6U);
    auto const names = names_in(folder.path());
    int const verdict = in_child([&] {
        auto const other = open_sqlite_store_read_only(path).value();
        return other->read().value()->head().value().value == 6 ? 0 : 1;
    });
    BOOST_TEST(verdict == 0);
    BOOST_TEST(names_in(folder.path()) == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(reader_writes_nothing) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    { append_singles(*must(open_sqlite_store(path)), 1, 3); }
    std::string const bytes = bytes_of_file(path);
    std::string const lock = bytes_of_file(folder / "store.db.lock");
    auto const reader = must(open_sqlite_store_read_only(path));
    BOOST_TEST(fails_with(reader->begin(), errc::read_only));
    BOOST_TEST(fails_with(reader->after_commit(position{4}), errc::read_only));
    BOOST_TEST(fails_with(reader->checkpoint(), errc::read_only));
    BOOST_TEST(fails_with(reader->compact(), errc::read_only));
    BOOST_TEST(must(reader->sizes()).total_bytes == bytes.size());
    BOOST_TEST(reader->facts().high_water_mark.value().value == 3U);
    // It hinders no writer.
    { append_singles(*must(open_sqlite_store(path)), 4, 1); }
    BOOST_TEST(head_of(*reader) == 4U);
    must(reader->close());
    BOOST_TEST((bytes_of_file(folder / "store.db.lock") != lock)); // the writer's doing
}

BOOST_AUTO_TEST_CASE(reader_reads_what_a_killed_writer_committed) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    BOOST_REQUIRE(leave_unclosed(path, 6) == 0);
    std::string const bytes = bytes_of_file(path);
    std::string const log = bytes_of_file(path.string() + "-wal");
    {
        auto const reader = must(open_sqlite_store_read_only(path));
        BOOST_TEST(all_records(*reader).size() == 6U);
        must(reader->close());
    }
    BOOST_TEST((bytes_of_file(path) == bytes));
    BOOST_TEST((bytes_of_file(path.string() + "-wal") == log));
    BOOST_TEST(head_of(*must(open_sqlite_store(path))) == 6U);
}

BOOST_AUTO_TEST_CASE(closed_store_is_read_where_nothing_can_be_written) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    { append_singles(*must(open_sqlite_store(path)), 1, 3); }
    fs::permissions(path, fs::perms{0644});
    fs::permissions(folder.path(), fs::perms{0555});
    int const verdict = in_unprivileged_child([&] {
        auto const reader = open_sqlite_store_read_only(path);
        return reader && (*reader)->read().value()->head().value().value == 3 ? 0 : 1;
    });
    fs::permissions(folder.path(), fs::perms{0755});
    BOOST_TEST(verdict == 0);
}

BOOST_AUTO_TEST_CASE(log_that_must_be_recovered_where_nothing_can_be_written_is_explained) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    BOOST_REQUIRE(leave_unclosed(path, 3) == 0);
    fs::remove(path.string() + "-shm");
    for (std::string const suffix : {"", "-wal"}) {
        fs::permissions(path.string() + suffix, fs::perms{0644});
    }
    fs::permissions(folder.path(), fs::perms{0555});
    int const verdict = in_unprivileged_child([&] {
        auto const reader = open_sqlite_store_read_only(path);
        if (reader) return 1;
        if (reader.error() != errc::permission_denied) return 2;
        return reader.error().message().find("-wal") != std::string::npos ? 0 : 3;
    });
    fs::permissions(folder.path(), fs::perms{0755});
    BOOST_TEST(verdict == 0);
}

BOOST_AUTO_TEST_SUITE_END()
