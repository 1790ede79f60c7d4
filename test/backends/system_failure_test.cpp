// What a store answers when the system refuses what it does without SQLite, and what it leaves.
#include "store_harness.hpp"
#include "support/failing_calls.hpp"

#include "sqlite/file_system.hpp"
#include "sqlite/high_water_mark.hpp"
#include "sqlite/lock_file.hpp"

#include <cerrno>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using namespace swarmlog;
using namespace swarmlog::test;

} // namespace

BOOST_AUTO_TEST_SUITE(system_failures)

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_made_says_why_and_is_made_when_it_can) {
    struct row {
        system_call which;
        std::string path_end;
        int system_errno;
        errc wanted;
        std::string_view said;
    };
    for (auto const& [which, path_end, system_errno, wanted, said] : {
             row{system_call::open, ".lock", EACCES, errc::permission_denied, "the lock file"},
             row{system_call::open, ".lock", ENOSPC, errc::disk_full, "the lock file"},
             row{system_call::open, ".lock", ELOOP, errc::invalid_argument, "the lock file"},
             row{system_call::fcntl, "", ENOLCK, errc::io_error, "cannot lock"},
             row{system_call::fcntl, "", EACCES, errc::already_open, "for writing already"},
             row{system_call::open, ".creating", EDQUOT, errc::disk_full, "cannot create"},
             row{system_call::rename, "store.db", EROFS, errc::permission_denied, "cannot create"},
             row{system_call::open, "made", EMFILE, errc::io_error, "open the folder"},
             row{system_call::fsync, "", EIO, errc::io_error, "flush the folder"},
             row{system_call::pwrite, "", EIO, errc::io_error, "write the lock file"},
             row{system_call::pwrite, "", failing_call::short_write, errc::disk_full,
                 "write the lock file"},
             row{system_call::fdatasync, "", EIO, errc::io_error, "flush the lock file"},
         }) {
        temporary_folder folder;
        fs::create_directory(folder / "made");
        BOOST_TEST_CONTEXT(said << ", error " << system_errno) {
            {
                failing_call const failing{which, system_errno, path_end};
                auto const refused = open_sqlite_store(folder / "made/store.db");
                BOOST_TEST(fails_with(refused, wanted, said));
            }
            auto const store = must(open_sqlite_store(folder / "made/store.db"));
            append_singles(*store, 1, 1);
            BOOST_TEST(head_of(*store) == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_flushed_needs_no_flush) {
    temporary_folder folder;
    failing_call const failing{system_call::fsync, EINVAL};
    BOOST_TEST(must(open_sqlite_store(folder / "store.db"))->facts().created);
}

BOOST_AUTO_TEST_CASE(a_mark_that_is_not_written_stops_nothing_and_is_told_when_it_is_closed) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db"));
    append_singles(*store, 1, 2);
    for (int const system_errno : {ENOSPC, EIO}) {
        failing_call const failing{system_call::pwrite, system_errno};
        append_singles(*store, head_of(*store) + 1, 1);
    }
    append_singles(*store, 5, 1);
    // The first of the two is told.
    BOOST_TEST(fails_with(store->close(), errc::disk_full, "the lock file"));
    must(store->close());
    auto const again = must(open_sqlite_store(folder / "store.db"));
    BOOST_TEST(again->facts().high_water_mark.value().value == 5U);
    BOOST_TEST(head_of(*again) == 5U);
}

BOOST_AUTO_TEST_CASE(the_first_mark_after_a_loss_is_flushed_so_that_it_is_not_told_again) {
    temporary_folder folder;
    std::string const path = (folder / "store.db").string();
    auto const lose_some = [&](store_id const& id) {
        auto const lock = must(detail::lock_file::acquire(path));
        must(detail::write_high_water_mark(lock, id, position{9}));
    };
    auto const append_without_flush = [](backend& store, std::uint64_t number) {
        failing_call const failing{system_call::fdatasync, EIO};
        append_singles(store, number, 1);
    };
    store_id id;
    {
        auto const store = must(open_sqlite_store(path));
        id = store->facts().id;
        append_singles(*store, 1, 3);
        must(store->close());
    }
    lose_some(id);
    {
        auto const store = must(open_sqlite_store(path));
        append_without_flush(*store, 4);
        BOOST_TEST(fails_with(store->close(), errc::io_error, "flush the lock file"));
    }
    lose_some(id);
    auto const store = must(open_sqlite_store(path));
    BOOST_TEST(store->facts().high_water_mark.value().value == 9U);
    append_singles(*store, 5, 1);
    append_without_flush(*store, 6);
    must(store->close());
}

BOOST_AUTO_TEST_CASE(a_lock_file_is_read_on_after_a_signal_and_has_no_mark_when_it_cannot_be) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    { append_singles(*must(open_sqlite_store(path)), 1, 3); }
    auto const marked = [&](int system_errno, std::uint64_t times) {
        failing_call const failing{system_call::pread, system_errno, "", times};
        auto const reader = must(open_sqlite_store_read_only(path));
        BOOST_TEST(head_of(*reader) == 3U);
        return reader->facts().high_water_mark.value_or(position{}).value;
    };
    BOOST_TEST(marked(EINTR, 1) == 3U);
    BOOST_TEST(marked(EIO, 9) == 0U);
    BOOST_TEST(marked(EIO, 0) == 3U);
}

BOOST_AUTO_TEST_CASE(a_backup_is_never_put_over_a_file_that_appears_meanwhile) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db"));
    append_singles(*store, 1, 3);
    // Some file systems cannot rename without replacing; then it is looked for first.
    for (int const system_errno : {0, EINVAL, ENOSYS}) {
        auto const target = folder / ("copy-" + std::to_string(system_errno));
        failing_call const failing{system_call::renameat2, system_errno, "",
                                   system_errno == 0 ? 0U : 1U};
        auto const appears = [&](auto, auto) {
            std::ofstream{target} << "precious";
            return true;
        };
        BOOST_TEST_CONTEXT("error " << system_errno) {
            auto const refused = store->backup_to(target.string(), appears);
            BOOST_TEST(fails_with(refused, errc::invalid_argument, "exists"));
            BOOST_TEST(bytes_of_file(target) == "precious");
            BOOST_TEST(!fs::exists(target.string() + ".partial"));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_backup_gets_its_name_in_the_way_that_its_file_system_has) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db"));
    append_singles(*store, 1, 3);
    auto const copy = folder / "copy.db";
    {
        failing_call const failing{system_call::renameat2, EINVAL};
        must(store->backup_to(copy.string(), {}));
    }
    BOOST_TEST(all_records(*must(open_sqlite_store_read_only(copy))).size() == 3U);

    auto const other = folder / "other.db";
    auto const check_refused = [&](failing_call const&, errc code, progress const& report = {}) {
        BOOST_TEST(fails_with(store->backup_to(other.string(), report), code, other.string()));
        BOOST_TEST(!fs::exists(other));
        BOOST_TEST(!fs::exists(other.string() + ".partial"));
    };
    check_refused({system_call::renameat2, EPERM}, errc::permission_denied);
    check_refused({system_call::open, ENOSPC, ".partial"}, errc::disk_full);
    check_refused({system_call::renameat2, ENOSYS}, errc::not_found, [&](auto, auto) {
        return fs::remove(other.string() + ".partial"); // by somebody else
    });
}

BOOST_AUTO_TEST_CASE(a_network_file_system_is_refused_by_its_name_unless_it_is_allowed) {
    struct row {
        std::uint32_t type;
        std::string_view name; ///< empty when it is taken for a local one
    };
    for (auto const& [type, name] : {
             row{0x6969, "nfs"}, row{0xff53'4d42, "cifs"}, row{0x0bd0'0bd0, "lustre"},
             row{0xef53, ""},      // ext4
             row{0x6573'5546, ""}, // FUSE, with no program behind it that reaches another machine
             row{0, ""},           // nobody can tell
         }) {
        temporary_folder folder;
        pretended_file_system const pretended{type};
        BOOST_TEST_CONTEXT("type " << type) {
            auto opened = open_sqlite_store(folder / "store.db");
            if (name.empty()) {
                BOOST_TEST(message_of(opened) == "success");
                continue;
            }
            BOOST_TEST(fails_with(opened, errc::unsupported, "(" + std::string{name} + ")"));
            BOOST_TEST(
                fails_with(open_sqlite_store_read_only(folder / "store.db"), errc::unsupported));
            BOOST_TEST(names_in(folder.path()).empty());
            opened = open_sqlite_store(folder / "store.db", {.allow_network_file_system = true});
            BOOST_TEST(message_of(opened) == "success");
        }
    }
    temporary_folder folder;
    auto const of_probe = open_sqlite_store(
        folder / "store.db", {.network_file_system_of = [](auto const&) { return "gluster"; }});
    BOOST_TEST(fails_with(of_probe, errc::unsupported, "(gluster)"));
    pretended_file_system const fuse{0x6573'5546};
    BOOST_TEST(detail::network_file_system_of((folder / "gone").string()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
