#include "crash/numbered_file.hpp"
#include "support/temporary_folder.hpp"

#include <sqlite3.h>

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

constexpr std::size_t bytes_at_a_time = 100;
std::uint64_t shortened = 0;

std::size_t shorten(std::size_t count) {
    shortened += count > bytes_at_a_time ? 1U : 0U;
    return std::min(count, bytes_at_a_time);
}

::ssize_t read_some(int file, void* into, std::size_t count) {
    return ::read(file, into, shorten(count));
}
::ssize_t read_some_at(int file, void* into, std::size_t count, ::off_t offset) {
    return ::pread(file, into, shorten(count), offset);
}

/// Makes the reads of SQLite's Unix VFS come back with less than was asked for, as the system is
/// free to do, for as long as it lives.
class short_reads {
public:
    short_reads() {
        shortened = 0;
        // Which of them SQLite uses, it has decided when it was compiled.
        set("read", reinterpret_cast<sqlite3_syscall_ptr>(read_some));
        for (char const* const name : {"pread", "pread64"}) {
            set(name, reinterpret_cast<sqlite3_syscall_ptr>(read_some_at));
        }
    }
    short_reads(short_reads const&) = delete;
    short_reads& operator=(short_reads const&) = delete;
    ~short_reads() {
        for (char const* const name : {"read", "pread", "pread64"}) { set(name, nullptr); }
    }

private:
    static void set(char const* name, sqlite3_syscall_ptr call) {
        sqlite3_vfs* const vfs = sqlite3_vfs_find("unix");
        if (vfs->xGetSystemCall(vfs, name) != nullptr) { vfs->xSetSystemCall(vfs, name, call); }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(short_read)

BOOST_AUTO_TEST_CASE(what_the_system_reads_in_pieces_is_read_whole) {
    temporary_folder const folder;
    auto const path = folder / "log.db";
    auto const killed = folder / "killed.db";
    {
        auto log = must(open_sqlite(path, small_options()));
        append_numbers(log, 1, 60);
        copy_as_killed(path, killed); // so that a write-ahead log is read too
    }
    short_reads const in_pieces;
    for (auto const& each : {path, killed}) {
        {
            auto log = must(open_sqlite(each, small_options()));
            BOOST_TEST(log.opened().lost_events == 0U);
            BOOST_TEST(must(log.verify()).sound());
            append_numbers(log, 61, 90);
            must(log.close());
        }
        auto log = must(open_sqlite(each, small_options()));
        BOOST_TEST(must(log.verify()).sound());
        numbered_log expected;
        for (event_view const& found : log.read()) {
            BOOST_TEST(expected.difference(found, found.position).empty());
        }
        BOOST_TEST(expected.at(log.head()).append == 90U);
    }
    BOOST_TEST(shortened > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
