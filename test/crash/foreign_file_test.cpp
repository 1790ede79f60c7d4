#include "crash/damaged_log.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

/// Everything in a folder: names, bytes and times.
std::vector<std::string> state_of(std::filesystem::path const& folder) {
    std::vector<std::string> state;
    for (auto const& entry : std::filesystem::directory_iterator{folder}) {
        struct ::stat facts {};
        ::stat(entry.path().c_str(), &facts);
        state.push_back(entry.path().filename().string() + ' ' +
                        std::to_string(facts.st_mtim.tv_sec) + '.' +
                        std::to_string(facts.st_mtim.tv_nsec) + ' ' + bytes_of_file(entry.path()));
    }
    std::sort(state.begin(), state.end());
    return state;
}

void check_refused_untouched(std::filesystem::path const& path, errc code) {
    auto const before = state_of(path.parent_path());
    BOOST_TEST(fails_with(open_sqlite(path), code));
    BOOST_TEST(fails_with(open_sqlite_read_only(path), code));
    BOOST_TEST((state_of(path.parent_path()) == before), "the folder was changed");
}

} // namespace

BOOST_AUTO_TEST_SUITE(foreign_file)

BOOST_AUTO_TEST_CASE(a_newer_schema_is_refused_untouched) {
    damaged_log file;
    file.rows().run("PRAGMA user_version=2");
    std::filesystem::remove(file.path.string() + ".lock");
    check_refused_untouched(file.path, errc::schema_too_new);
}

BOOST_AUTO_TEST_CASE(another_programs_database_is_refused_untouched) {
    damaged_log file;
    file.rows().run("PRAGMA application_id=1196444487");
    std::filesystem::remove(file.path.string() + ".lock");
    check_refused_untouched(file.path, errc::not_ours);
}

BOOST_AUTO_TEST_CASE(a_database_without_an_application_is_refused_untouched) {
    damaged_log file;
    file.rows().run("PRAGMA application_id=0");
    std::filesystem::remove(file.path.string() + ".lock");
    check_refused_untouched(file.path, errc::not_ours);
}

BOOST_AUTO_TEST_CASE(what_is_no_database_is_refused_untouched) {
    for (std::string const& bytes :
         {std::string{"x"}, std::string{"SQLite format 3"}, std::string(100, '\0'),
          std::string(8192, 'x'), std::string{"{\"a\":1}\n{\"b\":2}\n"}}) {
        temporary_folder const folder;
        write_file(folder / "notes.txt", bytes);
        check_refused_untouched(folder / "notes.txt", errc::not_ours);
    }
}

BOOST_AUTO_TEST_CASE(an_empty_file_becomes_a_log) {
    temporary_folder const folder;
    write_file(folder / "log.db", "");
    auto log = must(open_sqlite(folder / "log.db"));
    BOOST_TEST(log.opened().created);
    append_numbers(log, 1, 3);
}

BOOST_AUTO_TEST_SUITE_END()
