#include "crash/damaged_log.hpp"
#include "support/random_seed.hpp"

#include <xxhash.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(wal_damage)

namespace {

/// A log that was killed with everything still in its write-ahead log.
struct killed_log {
    explicit killed_log(durability mode = durability::durable) {
        auto options = small_options();
        options.store.mode = mode;
        options.store.wal_bytes_max = 64 * 1024 * 1024;
        std::filesystem::remove(file.path);
        std::filesystem::remove(file.path.string() + ".lock");
        auto const original = file.folder / "original.db";
        auto log = must(open_sqlite(original, options));
        append_numbers(log, 1, damaged_log::appends);
        copy_as_killed(original, file.path);
        wal = bytes_of_file(wal_path());
        main = bytes_of_file(file.path);
        lock = bytes_of_file(file.path.string() + ".lock");
    }

    [[nodiscard]] std::filesystem::path wal_path() const { return file.path.string() + "-wal"; }

    void restore_with(std::string const& bytes) const {
        std::filesystem::remove(file.path.string() + "-shm");
        write_file(file.path, main);
        write_file(file.path.string() + ".lock", lock);
        write_file(wal_path(), bytes);
    }

    /// Frames of 4,096 bytes after headers of 24, after a header of 32.
    static constexpr std::size_t frame_bytes = 24 + 4096;
    static constexpr std::size_t frame_at(std::size_t index) { return 32 + index * frame_bytes; }

    /// How many frames were written: what the file is grown by ahead is zero.
    [[nodiscard]] std::size_t frame_count() const {
        std::size_t count = 0;
        while (frame_at(count) + 4 <= wal.size() &&
               wal.compare(frame_at(count), 4, std::string(4, '\0')) != 0) {
            ++count;
        }
        return count;
    }
    [[nodiscard]] std::size_t middle_frame_at() const { return frame_at(frame_count() / 2); }

    /// The write-ahead log with other bits at `offset`.
    [[nodiscard]] std::string with_flipped(std::size_t offset, char bits) const {
        std::string damaged = wal;
        damaged[offset] = static_cast<char>(damaged[offset] ^ bits);
        return damaged;
    }

    damaged_log file;
    std::string main, wal, lock;
};

} // namespace

BOOST_AUTO_TEST_CASE(an_undamaged_log_of_a_killed_process_is_whole) {
    killed_log killed;
    killed.restore_with(killed.wal);
    auto const log = must(killed.file.open());
    BOOST_TEST(log.opened().lost_events == 0U);
    BOOST_TEST(killed.file.check_readable(log) == killed.file.head().value);
}

BOOST_AUTO_TEST_CASE(a_header_lost_while_the_log_was_moved_is_found_in_the_log) {
    killed_log killed;
    killed.main.replace(0, 512, std::string(512, 'x'));
    killed.restore_with(killed.wal);
    BOOST_TEST(killed.file.check_readable(must(killed.file.open())) == killed.file.head().value);
    // Where the log does not have it, nobody can tell whose file that was.
    killed.restore_with(std::string(8192, 'x'));
    BOOST_TEST(fails_with(killed.file.open(), errc::not_ours));
    killed.restore_with({});
    BOOST_TEST(fails_with(killed.file.open(), errc::not_ours));
}

BOOST_AUTO_TEST_CASE(a_flipped_byte_in_any_frame_is_noticed_by_the_high_water_mark) {
    std::mt19937_64 random{random_seed()};
    killed_log killed;
    std::size_t const frames = killed.frame_count();
    BOOST_REQUIRE(frames > 60);
    for (std::size_t round = 0; round != 60; ++round) {
        std::size_t const frame = random() % frames;
        std::size_t const at = killed_log::frame_at(frame) + random() % killed_log::frame_bytes;
        killed.restore_with(killed.with_flipped(at, 0x40));
        BOOST_TEST_CONTEXT("byte " << at << " in frame " << frame << " of " << frames) {
            killed.file.check_damage();
        }
    }
}

BOOST_AUTO_TEST_CASE(a_lost_suffix_makes_a_durable_log_read_only_until_the_loss_is_accepted) {
    killed_log killed;
    killed.restore_with(killed.with_flipped(killed.middle_frame_at() + 100, 0x01));
    std::uint64_t left = 0;
    {
        auto log = must(killed.file.open());
        left = log.head().value;
        BOOST_REQUIRE(left > 0U);
        BOOST_TEST(left < killed.file.head().value);
        BOOST_TEST(log.opened().lost_events == killed.file.head().value - left);
        BOOST_TEST(log.opened().high_water_mark->value == killed.file.head().value);
        BOOST_TEST(log.opened().read_only);
        BOOST_TEST(log.opened().message.find("lost") != std::string::npos);
        BOOST_TEST(killed.file.check_readable(log) == left);
        auto source = log.make_producer();
        BOOST_TEST(fails_with(append_number(source, 1000), errc::read_only));
        must(log.close());
    }
    {
        auto const reader = must(open_sqlite_read_only(killed.file.path));
        BOOST_TEST(reader.opened().lost_events == killed.file.head().value - left);
        BOOST_TEST(reader.head().value == left);
    }
    { // Closing has not made the loss forgotten.
        auto log = must(killed.file.open());
        BOOST_TEST(log.opened().lost_events == killed.file.head().value - left);
        must(log.close());
    }
    auto options = small_options();
    options.accept_loss = true;
    {
        auto log = must(open_sqlite(killed.file.path, options));
        BOOST_TEST(log.opened().lost_events == killed.file.head().value - left);
        BOOST_TEST(!log.opened().read_only);
        auto source = log.make_producer();
        BOOST_TEST(must(append_number(source, 1000)).first.value == left + 1);
        BOOST_TEST(must(log.verify()).sound());
        must(log.close());
    }
    auto const log = must(killed.file.open());
    BOOST_TEST(log.opened().lost_events == 0U);
    BOOST_TEST(!log.opened().read_only);
}

BOOST_AUTO_TEST_CASE(a_relaxed_log_that_lost_its_end_says_so_and_goes_on) {
    killed_log killed{durability::relaxed};
    // What a power loss leaves of a write-ahead log that was not flushed.
    killed.restore_with(killed.wal.substr(0, killed.middle_frame_at() + 1000));
    auto options = small_options();
    options.store.mode = durability::relaxed;
    auto log = must(open_sqlite(killed.file.path, options));
    BOOST_TEST(log.opened().lost_events == killed.file.head().value - log.head().value);
    BOOST_TEST(log.opened().lost_events > 0U);
    BOOST_TEST(!log.opened().message.empty());
    BOOST_TEST(!log.opened().read_only);
    BOOST_TEST(killed.file.check_readable(log) == log.head().value);
    auto source = log.make_producer();
    BOOST_TEST((must(append_number(source, 1000)).durability == durability::relaxed));
    BOOST_TEST(must(log.verify()).sound());
}

BOOST_AUTO_TEST_CASE(what_is_left_after_a_loss_stays_untouched_until_it_is_accepted) {
    killed_log killed;
    std::string const damaged = killed.with_flipped(killed.middle_frame_at() + 100, 0x01);
    killed.restore_with(damaged);
    must(must(killed.file.open()).close());
    BOOST_TEST((bytes_of_file(killed.wal_path()) == damaged), "the write-ahead log was changed");
    BOOST_TEST((bytes_of_file(killed.file.path) == killed.main), "the main file was changed");

    // Once the bit is as it was, so is the log.
    killed.restore_with(killed.wal);
    auto const log = must(killed.file.open());
    BOOST_TEST(log.opened().lost_events == 0U);
    BOOST_TEST(must(log.verify()).sound());
}

BOOST_AUTO_TEST_CASE(a_relaxed_log_of_an_earlier_boot_says_that_a_loss_is_possible) {
    killed_log killed{durability::relaxed};
    // The session entry as high_water_mark.hpp has it: the boot's id, and the checksum.
    constexpr std::size_t session = 64;
    killed.lock[session + 32] = static_cast<char>(killed.lock[session + 32] ^ 0x01);
    std::uint64_t const checksum = XXH3_64bits(killed.lock.data() + session, 56);
    std::memcpy(killed.lock.data() + session + 56, &checksum, sizeof checksum);
    killed.restore_with(killed.wal);
    auto options = small_options();
    options.store.mode = durability::relaxed;
    {
        auto log = must(open_sqlite(killed.file.path, options));
        BOOST_TEST(log.opened().loss_possible);
        BOOST_TEST(log.opened().lost_events == 0U);
        BOOST_TEST(!log.opened().message.empty());
        BOOST_TEST(!log.opened().read_only);
        must(log.close());
    }
    BOOST_TEST(!must(open_sqlite(killed.file.path, options)).opened().loss_possible);
}

BOOST_AUTO_TEST_CASE(a_relaxed_log_whose_session_was_torn_says_that_a_loss_is_possible) {
    killed_log killed{durability::relaxed};
    constexpr std::size_t session = 64;
    killed.lock.replace(session, 64, std::string(64, 'x'));
    killed.restore_with(killed.wal);
    auto options = small_options();
    options.store.mode = durability::relaxed;
    auto log = must(open_sqlite(killed.file.path, options));
    BOOST_TEST(log.opened().loss_possible);
    must(log.close());
    BOOST_TEST(!must(open_sqlite(killed.file.path, options)).opened().loss_possible);
}

BOOST_AUTO_TEST_CASE(a_missing_write_ahead_log_is_noticed) {
    killed_log killed;
    killed.restore_with("");
    std::filesystem::remove(killed.wal_path());
    auto const log = must(killed.file.open());
    BOOST_TEST(log.opened().lost_events == killed.file.head().value);
    BOOST_TEST(log.opened().read_only);
}

// The frames after a torn one are whole, and follow it. So they fit again where the next commit
// begins with the same frame, which is put there here.
BOOST_AUTO_TEST_CASE(a_commit_that_a_power_cut_tore_stays_gone_after_another_crash) {
    killed_log killed;
    constexpr std::size_t frame_bytes = killed_log::frame_bytes;
    std::size_t const torn = killed.middle_frame_at();
    killed.restore_with(killed.with_flipped(torn, 0x01));
    auto const& path = killed.file.path;
    std::filesystem::remove(path.string() + ".lock"); // no mark: nothing is kept as evidence

    auto const copy = killed.file.folder / "copy.db";
    position head;
    {
        auto const log = must(open_sqlite(path, small_options()));
        head = log.head();
        copy_as_killed(path, copy);
    }
    std::string again = bytes_of_file(copy.string() + "-wal");
    again.resize(std::max(again.size(), torn + frame_bytes));
    again.replace(torn, frame_bytes, killed.wal, torn, frame_bytes);
    write_file(copy.string() + "-wal", again);
    auto const log = must(open_sqlite(copy, small_options()));
    constexpr std::uint64_t append_events = 8;
    BOOST_TEST(log.head().value <= head.value + append_events);
    BOOST_TEST(must(log.verify()).sound());
}

BOOST_AUTO_TEST_SUITE_END()
