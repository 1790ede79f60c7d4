#pragma once

#include "support/expect_result.hpp"

#include <sqlite3.h>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace swarmlog::test {

/// The rows of a closed log's file, by plain SQLite, for a test to damage.
class stored_rows {
public:
    explicit stored_rows(std::filesystem::path const& path) {
        BOOST_REQUIRE(sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr) ==
                      SQLITE_OK);
    }
    stored_rows(stored_rows const&) = delete;
    stored_rows& operator=(stored_rows const&) = delete;
    ~stored_rows() { sqlite3_close(database_); }

    void run(std::string const& sql) {
        char* message = nullptr;
        int const code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &message);
        BOOST_REQUIRE_MESSAGE(code == SQLITE_OK, sql << ": " << (message ? message : ""));
    }
    [[nodiscard]] std::int64_t integer(std::string const& sql) {
        std::int64_t value = 0;
        with_row(sql, [&](sqlite3_stmt* row) { value = sqlite3_column_int64(row, 0); });
        return value;
    }
    [[nodiscard]] std::string blob(std::string const& sql) {
        std::string value;
        with_row(sql, [&](sqlite3_stmt* row) {
            value.assign(static_cast<char const*>(sqlite3_column_blob(row, 0)),
                         static_cast<std::size_t>(sqlite3_column_bytes(row, 0)));
        });
        return value;
    }
    /// `sql` has one parameter, ?1.
    void run_with(std::string const& sql, std::string const& bytes) {
        sqlite3_stmt* statement = nullptr;
        BOOST_REQUIRE(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) ==
                      SQLITE_OK);
        sqlite3_bind_blob(statement, 1, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_STATIC);
        int const code = sqlite3_step(statement);
        sqlite3_finalize(statement);
        BOOST_REQUIRE(code == SQLITE_DONE);
    }
    /// Flips one bit of the `at`-th byte (modulo its size) of a blob.
    void flip(std::string const& table, std::string const& column, std::string const& where,
              std::size_t at) {
        std::string bytes = blob("SELECT " + column + " FROM " + table + " WHERE " + where);
        BOOST_REQUIRE(!bytes.empty());
        bytes[at % bytes.size()] ^= 0x10;
        run_with("UPDATE " + table + " SET " + column + "=?1 WHERE " + where, bytes);
    }

private:
    template <class Visit>
    void with_row(std::string const& sql, Visit&& visit) {
        sqlite3_stmt* statement = nullptr;
        BOOST_REQUIRE(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) ==
                      SQLITE_OK);
        int const code = sqlite3_step(statement);
        if (code == SQLITE_ROW) { visit(statement); }
        sqlite3_finalize(statement);
        BOOST_REQUIRE_MESSAGE(code == SQLITE_ROW, "no row: " << sql);
    }

    sqlite3* database_ = nullptr;
};

[[nodiscard]] inline std::string bytes_of_file(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

inline void write_file(std::filesystem::path const& path, std::string const& bytes) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    BOOST_REQUIRE(file.good());
}

} // namespace swarmlog::test
