// Which code and which sentence stand for what SQLite and the system answer.
#include "store_harness.hpp"

#include "sqlite/connection.hpp"
#include "sqlite/error_mapping.hpp"

#include <cerrno>
#include <initializer_list>
#include <system_error>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

/// Whether the failure is of this code, and its sentence has all these parts.
bool is_told(error const& failure, errc code, std::initializer_list<std::string> parts) {
    bool told = failure == code;
    for (std::string const& part : parts) {
        told = told && failure.message().find(part) != std::string::npos;
    }
    if (!told) BOOST_TEST_MESSAGE("instead: " << failure.message());
    return told;
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_mapping)

BOOST_AUTO_TEST_CASE(a_code_of_the_system_says_what_a_caller_can_do) {
    struct row {
        int system_errno;
        errc wanted;
    };
    for (auto const& [system_errno, wanted] : {
             row{ENOENT, errc::not_found},
             row{ENOTDIR, errc::not_found},
             row{EACCES, errc::permission_denied},
             row{EPERM, errc::permission_denied},
             row{EROFS, errc::permission_denied},
             row{ELOOP, errc::invalid_argument},
             row{EISDIR, errc::invalid_argument},
             row{ENOSPC, errc::disk_full},
             row{EDQUOT, errc::disk_full},
             row{EMFILE, errc::io_error},
             row{EIO, errc::io_error},
         }) {
        std::string const said = std::generic_category().message(system_errno);
        BOOST_TEST(is_told(detail::system_failure(system_errno, "move", "/a/log.db"), wanted,
                           {"cannot move /a/log.db: ", said}));
        // SQLite's own code only says that the file does not open.
        BOOST_TEST((detail::errc_of_sqlite(SQLITE_CANTOPEN, system_errno) == wanted), said);
    }
}

BOOST_AUTO_TEST_CASE(a_code_of_sqlite_stands_for_one_of_ours_in_its_extended_forms_too) {
    struct row {
        int code;
        errc wanted;
    };
    for (auto const& [code, wanted] : {
             row{SQLITE_FULL, errc::disk_full},
             row{SQLITE_CORRUPT_INDEX, errc::corrupt},
             row{SQLITE_NOTADB, errc::corrupt},
             row{SQLITE_CANTOPEN_ISDIR, errc::io_error},
             row{SQLITE_PERM, errc::permission_denied},
             row{SQLITE_AUTH, errc::permission_denied},
             row{SQLITE_READONLY_DIRECTORY, errc::permission_denied},
             row{SQLITE_BUSY_SNAPSHOT, errc::already_open},
             row{SQLITE_LOCKED, errc::already_open},
             row{SQLITE_TOOBIG, errc::append_too_large},
             row{SQLITE_CONSTRAINT_UNIQUE, errc::invalid_argument},
             row{SQLITE_MISMATCH, errc::invalid_argument},
             row{SQLITE_RANGE, errc::invalid_argument},
             row{SQLITE_INTERRUPT, errc::cancelled},
             row{SQLITE_IOERR_READ, errc::io_error},
             row{SQLITE_NOMEM, errc::io_error},
         }) {
        BOOST_TEST(is_told(detail::sqlite_failure(nullptr, code, "read", "log.db"), wanted,
                           {"cannot read log.db: ", sqlite3_errstr(code),
                            "(SQLite code " + std::to_string(code) + ")"}));
    }
}

BOOST_AUTO_TEST_CASE(a_connection_is_asked_only_about_its_own_last_failure) {
    temporary_folder folder;
    sqlite3* database = nullptr;
    BOOST_REQUIRE(sqlite3_open((folder / "log.db").c_str(), &database) == SQLITE_OK);
    auto const run = [&](std::string const& sql) {
        return sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
    };
    std::string const missing = (folder / "no/such.db").string();
    BOOST_TEST(run("ATTACH '" + missing + "' AS other") == SQLITE_CANTOPEN);
    auto failure = detail::sqlite_failure(database, SQLITE_CANTOPEN, "attach to");
    BOOST_TEST(is_told(failure, errc::not_found,
                       {"cannot attach to", "log.db: ", missing, "No such file"}));

    // The system's code is still that of the file, and says nothing about a statement.
    BOOST_TEST(run("nonsense") == SQLITE_ERROR);
    failure = detail::sqlite_failure(database, SQLITE_ERROR, "ask");
    BOOST_TEST(is_told(failure, errc::io_error, {"cannot ask", "syntax error"}));
    BOOST_TEST(failure.message().find("No such file") == std::string::npos);

    failure = detail::sqlite_failure(database, SQLITE_FULL, "write to", "the copy");
    BOOST_TEST(is_told(failure, errc::disk_full, {"cannot write to the copy", "full"}));
    BOOST_TEST(failure.message().find("syntax error") == std::string::npos);
    sqlite3_close(database);

    BOOST_TEST(is_told(detail::sqlite_failure(nullptr, SQLITE_FULL, "write to"), errc::disk_full,
                       {"cannot write to the store: "}));
}

BOOST_AUTO_TEST_SUITE_END()
