// Who may read what a log leaves on the disk, and where it is led by links and file systems.
#include "support/log_under_test.hpp"

#include "sqlite/file_system.hpp"

#include <swarmlog/backends/sql_reader.hpp>

#include <sys/stat.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(fs::path const& path) {
    struct ::stat facts {};
    BOOST_REQUIRE(::lstat(path.c_str(), &facts) == 0);
    return facts.st_mode & 0777U;
}

std::set<std::string> names_in(fs::path const& folder) {
    std::set<std::string> names;
    for (auto const& entry : fs::directory_iterator{folder}) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

std::string text_of(fs::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// A umask for one case, as a careless program has it.
class loose_umask {
public:
    loose_umask() : before_(::umask(0)) {}
    ~loose_umask() { ::umask(before_); }
    loose_umask(loose_umask const&) = delete;
    loose_umask& operator=(loose_umask const&) = delete;

private:
    ::mode_t before_;
};

void add_one(event_log& log) {
    auto to = log.make_producer();
    must(to.append("s", expected::any{}, raw()));
}

void make_log(fs::path const& path) {
    auto log = must(open_sqlite(path));
    add_one(log);
    must(log.close());
}

} // namespace

BOOST_AUTO_TEST_SUITE(file_access)

BOOST_AUTO_TEST_CASE(what_is_made_is_its_owners_alone) {
    loose_umask const careless;
    temporary_folder const folder;
    auto log = must(open_sqlite(folder / "log.db"));
    add_one(log);
    must(log.backup_to((folder / "copy.db").string()));
    for (char const* const name :
         {"log.db", "log.db-wal", "log.db-shm", "log.db.lock", "copy.db"}) {
        BOOST_TEST(mode_of(folder / name) == 0600U, name);
    }
    BOOST_TEST(log.opened().warnings.empty());
    must(log.close());
    BOOST_TEST(must(open_sqlite(folder / "log.db")).opened().warnings.empty());
}

BOOST_AUTO_TEST_CASE(files_that_others_may_use_are_told_of) {
    temporary_folder const folder;
    make_log(folder / "log.db");
    fs::permissions(folder / "log.db", fs::perms{0644});
    fs::permissions(folder / "log.db.lock", fs::perms{0622});
    auto const check = [&](open_report const& opened) {
        // A write-ahead log has the mode of its store.
        BOOST_REQUIRE(opened.warnings.size() >= 2U);
        BOOST_TEST(opened.warnings.front().find("log.db has mode 644") != std::string::npos);
        BOOST_TEST(opened.warnings.back().find("log.db.lock has mode 622") != std::string::npos);
    };
    check(must(open_sqlite(folder / "log.db")).opened());
    check(must(open_sqlite_read_only(folder / "log.db")).opened());
}

BOOST_AUTO_TEST_CASE(nothing_that_waits_under_the_name_is_written_to) {
    temporary_folder const folder;
    fs::create_directory(folder / "store");
    std::string const path = folder / "store/log.db";
    std::ofstream{folder / "victim"} << "precious";
    // What a new store is made as, and what a backup is.
    for (char const* const suffix : {".creating", ".creating-wal", ".creating-journal"}) {
        fs::create_symlink(folder / "victim", path + suffix);
    }
    make_log(path);
    fs::create_symlink(folder / "victim", folder / "store/copy.db.partial");
    must(must(open_sqlite(path)).backup_to(folder / "store/copy.db"));
    BOOST_TEST(text_of(folder / "victim") == "precious");
    BOOST_TEST(
        names_in(folder / "store") == (std::set<std::string>{"copy.db", "log.db", "log.db.lock"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(links_in_the_place_of_a_logs_files_are_not_followed) {
    for (std::string const suffix : {"", "-wal", "-shm", "-journal", ".lock"}) {
        for (bool const dangles : {false, true}) {
            BOOST_TEST_CONTEXT("suffix '" << suffix << "', dangling " << dangles) {
                temporary_folder const folder;
                make_log(folder / "real.db");
                fs::create_directory(folder / "store");
                fs::path const path = folder / "store/log.db";
                if (!suffix.empty()) { fs::copy_file(folder / "real.db", path); }
                fs::path const target = dangles ? folder / "nothing" : folder / "real.db";
                fs::create_symlink(target, path.string() + suffix);
                std::string const before = text_of(folder / "real.db");
                auto const names = names_in(folder.path());
                for (auto const& got : {open_sqlite(path), open_sqlite_read_only(path)}) {
                    BOOST_TEST(failed_with(got, errc::invalid_argument,
                                           {"log.db" + suffix + " is a symbolic link"}));
                }
                BOOST_TEST(failed_with(sql_reader::open(path), errc::invalid_argument));
                BOOST_TEST((text_of(folder / "real.db") == before));
                BOOST_TEST(names_in(folder.path()) == names, boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_backup_follows_no_link) {
    temporary_folder const folder;
    auto log = must(open_sqlite(folder / "log.db"));
    add_one(log);
    std::ofstream{folder / "victim"} << "precious";
    fs::create_symlink(folder / "victim", folder / "copy.db");
    fs::create_symlink(folder / "nothing", folder / "other.db");
    for (char const* const name : {"copy.db", "other.db"}) {
        BOOST_TEST(failed_with(log.backup_to(folder / name), errc::invalid_argument));
    }
    BOOST_TEST(text_of(folder / "victim") == "precious");
    BOOST_TEST(!fs::exists(folder / "nothing"));
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_refused) {
    for (char const* const suffix : {"-wal", "-shm", ".lock"}) {
        temporary_folder const folder;
        make_log(folder / "log.db");
        std::string const pipe = (folder / "log.db").string() + suffix;
        fs::remove(pipe);
        BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
        BOOST_TEST(failed_with(open_sqlite(folder / "log.db"), errc::invalid_argument,
                               {suffix, "is not a regular file"}));
    }
}

BOOST_AUTO_TEST_CASE(a_path_with_a_zero_byte_names_no_file) {
    temporary_folder const folder;
    std::string const path = (folder / "log.db").string() + std::string{"\0.txt", 5};
    BOOST_TEST(failed_with(open_sqlite(path), errc::invalid_argument, {"zero byte"}));
    auto log = must(open_sqlite(folder / "log.db"));
    BOOST_TEST(failed_with(log.backup_to((folder / "copy").string() + std::string{"\0.db", 4}),
                           errc::invalid_argument, {"zero byte"}));
    BOOST_TEST(!fs::exists(folder / "copy"));
}

BOOST_AUTO_TEST_CASE(a_network_file_system_is_refused_unless_it_is_allowed) {
    temporary_folder const folder;
    sqlite_log_options options;
    std::vector<std::string> asked;
    options.store.network_file_system_of = [&](std::string const& about) -> std::string {
        asked.push_back(about);
        return "fuse.sshfs";
    };
    BOOST_TEST(failed_with(open_sqlite(folder / "log.db", options), errc::unsupported,
                           {folder.path().string(), "fuse.sshfs", "allow_network_file_system"}));
    BOOST_TEST(names_in(folder.path()).empty());
    BOOST_TEST(asked == std::vector<std::string>{fs::canonical(folder.path()).string()},
               boost::test_tools::per_element());
    BOOST_TEST(failed_with(open_sqlite_read_only(folder / "log.db", options), errc::unsupported));
    options.store.allow_network_file_system = true;
    add_one(*std::make_unique<event_log>(must(open_sqlite(folder / "log.db", options))));
    options.store.allow_network_file_system = false;
    options.store.network_file_system_of = [](std::string const&) { return std::string{}; };
    BOOST_TEST(must(open_sqlite(folder / "log.db", options)).head().value == 1U);
}

BOOST_AUTO_TEST_CASE(memory_and_this_machines_disk_are_no_network) {
    for (char const* const path : {"/proc", "/dev", "."}) {
        BOOST_TEST(detail::network_file_system_of(path).empty(), path);
    }
    BOOST_TEST(detail::network_file_system_of("/no such folder").empty());
}

BOOST_AUTO_TEST_CASE(no_name_in_an_event_becomes_a_files_name) {
    temporary_folder const folder;
    auto log = must(open_sqlite(folder / "log.db"));
    auto to = log.make_producer();
    std::string const outside = (folder / "outside").string();
    for (std::string const& name :
         {std::string{"../../outside"}, outside, std::string{"a/b"}, std::string{"..\\x"},
          std::string{"log.db-wal"}, std::string{"CON"}, std::string{"~/x"}, "file:" + outside}) {
        must(to.append(name, expected::any{}, raw(name), {.tags = {name}, .correlation_id = name}));
        must(must(log.open_consumer(name)).acknowledge(position{1}));
    }
    BOOST_TEST(names_in(folder.path()) ==
                   (std::set<std::string>{"log.db", "log.db-shm", "log.db-wal", "log.db.lock"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
