// Which files are taken for a store, which are left alone, and how older ones are migrated.
#include "store_harness.hpp"

#include "sqlite/schema.hpp"
#include "sqlite/schema_check.hpp"
#include "sqlite/sqlite_backend.hpp"

#include <sqlite3.h>

#include <array>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using namespace swarmlog;
using namespace swarmlog::test;

/// Runs SQL on a file behind the store's back.
void tamper(fs::path const& path, std::string const& sql) {
    sqlite3* database = nullptr;
    BOOST_REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    char* message = nullptr;
    int const code = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message);
    std::string const text = message != nullptr ? message : "";
    sqlite3_free(message);
    sqlite3_close(database);
    BOOST_REQUIRE_MESSAGE(code == SQLITE_OK, text);
}

void write_file(fs::path const& path, std::string_view bytes) {
    std::ofstream{path, std::ios::binary} << bytes;
}

void make_store(fs::path const& path, std::uint64_t records = 3) {
    auto store = must(open_sqlite_store(path));
    append_singles(*store, 1, records);
    must(store->close());
}

/// Opening, in both ways, must fail with this code and leave the folder as it is.
void check_refused_untouched(fs::path const& path, errc code) {
    std::string const bytes = bytes_of_file(path);
    auto const names = names_in(path.parent_path());
    auto const time = fs::last_write_time(path);
    BOOST_TEST(fails_with(open_sqlite_store(path), code));
    BOOST_TEST(fails_with(open_sqlite_store_read_only(path), code));
    BOOST_TEST((bytes_of_file(path) == bytes));
    BOOST_TEST((fs::last_write_time(path) == time));
    BOOST_TEST(names_in(path.parent_path()) == names, boost::test_tools::per_element());
}

result<std::unique_ptr<backend>> open_with(fs::path const& path, detail::schema_plan const& plan) {
    return detail::sqlite_backend::open(path.string(), sqlite_store_options{}, plan);
}

} // namespace

BOOST_AUTO_TEST_SUITE(sqlite_schema)

BOOST_AUTO_TEST_CASE(reopened_store_has_its_records_and_its_id) {
    temporary_folder folder;
    auto store = must(open_sqlite_store(folder / "store.db"));
    store_id const id = store->facts().id;
    append_singles(*store, 1, 10);
    must(store->close());
    store = must(open_sqlite_store(folder / "store.db"));
    BOOST_TEST(!store->facts().created);
    BOOST_TEST((store->facts().id == id));
    BOOST_TEST(store->facts().schema_version == detail::shipped_schema().current);
    BOOST_TEST(store->facts().migrated_from == detail::shipped_schema().current);
    BOOST_TEST(head_of(*store) == 10U);
}

BOOST_AUTO_TEST_CASE(closed_store_is_one_file_and_its_lock) {
    temporary_folder folder;
    make_store(folder / "store.db");
    BOOST_TEST(names_in(folder.path()) == (std::vector<std::string>{"store.db", "store.db.lock"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(empty_file_becomes_a_store) {
    temporary_folder folder;
    write_file(folder / "store.db", "");
    auto const store = must(open_sqlite_store(folder / "store.db"));
    BOOST_TEST(store->facts().created);
    append_singles(*store, 1, 1);
    BOOST_TEST(head_of(*store) == 1U);
}

BOOST_AUTO_TEST_CASE(what_an_interrupted_creation_left_is_replaced) {
    temporary_folder folder;
    write_file(folder / "store.db.creating", "half a database");
    write_file(folder / "store.db.creating-wal", "and its log");
    auto const store = must(open_sqlite_store(folder / "store.db"));
    BOOST_TEST(head_of(*store) == 0U);
    BOOST_TEST(!fs::exists(folder / "store.db.creating"));
}

BOOST_AUTO_TEST_CASE(write_ahead_log_without_its_store_is_not_thrown_away) {
    temporary_folder folder;
    write_file(folder / "store.db-wal", "commits of a store that was moved away");
    BOOST_TEST(fails_with(open_sqlite_store(folder / "store.db"), errc::corrupt));
    BOOST_TEST(fs::file_size(folder / "store.db-wal") > 0U);
}

BOOST_AUTO_TEST_CASE(file_that_is_no_database_is_not_ours) {
    temporary_folder folder;
    write_file(folder / "short.txt", "hello");
    check_refused_untouched(folder / "short.txt", errc::not_ours);
    write_file(folder / "long.txt", std::string(100'000, 'x'));
    check_refused_untouched(folder / "long.txt", errc::not_ours);
}

BOOST_AUTO_TEST_CASE(database_of_another_program_is_not_ours) {
    temporary_folder folder;
    tamper(folder / "plain.db", "CREATE TABLE notes(text)");
    check_refused_untouched(folder / "plain.db", errc::not_ours);
    tamper(folder / "other.db",
           "PRAGMA application_id=77; PRAGMA user_version=1;"
           "CREATE TABLE log(first INTEGER PRIMARY KEY)");
    check_refused_untouched(folder / "other.db", errc::not_ours);
    tamper(folder / "wal.db", "PRAGMA journal_mode=WAL; CREATE TABLE notes(text)");
    check_refused_untouched(folder / "wal.db", errc::not_ours);
}

BOOST_AUTO_TEST_CASE(newer_schema_is_refused_with_both_versions_named) {
    temporary_folder folder;
    make_store(folder / "store.db");
    fs::remove(folder / "store.db.lock");
    tamper(folder / "store.db", "PRAGMA user_version=4711");
    check_refused_untouched(folder / "store.db", errc::schema_too_new);
    std::string const message = open_sqlite_store(folder / "store.db").error().message();
    BOOST_TEST(message.find("4711") != std::string::npos);
    BOOST_TEST(message.find("up to " + std::to_string(detail::shipped_schema().current)) !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(newer_schema_that_only_the_write_ahead_log_knows_is_refused) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    make_store(path);
    BOOST_REQUIRE(in_child([&] {
                      sqlite3* database = nullptr;
                      sqlite3_open(path.c_str(), &database);
                      return sqlite3_exec(database, "PRAGMA user_version=9", nullptr, nullptr,
                                          nullptr);
                  }) == 0);
    std::string const bytes = bytes_of_file(path);
    std::string const log = bytes_of_file(path.string() + "-wal");
    BOOST_REQUIRE(!log.empty());
    BOOST_TEST(fails_with(open_sqlite_store(path), errc::schema_too_new));
    BOOST_TEST(fails_with(open_sqlite_store_read_only(path), errc::schema_too_new));
    BOOST_TEST((bytes_of_file(path) == bytes));
    BOOST_TEST((bytes_of_file(path.string() + "-wal") == log));
}

BOOST_AUTO_TEST_CASE(paths_that_cannot_hold_a_store_are_told_apart) {
    temporary_folder folder;
    BOOST_TEST(fails_with(open_sqlite_store(folder / "no/store.db"), errc::not_found));
    BOOST_TEST(fails_with(open_sqlite_store_read_only(folder / "none.db"), errc::not_found));
    BOOST_TEST(fails_with(open_sqlite_store(folder.path()), errc::invalid_argument));
    BOOST_TEST(fails_with(open_sqlite_store(""), errc::invalid_argument));
    BOOST_TEST(fails_with(open_sqlite_store("/dev/null"), errc::invalid_argument));
    BOOST_TEST(fails_with(open_sqlite_store(folder.path() / ""), errc::invalid_argument));
    BOOST_TEST(fails_with(open_sqlite_store(fs::path{std::string{"a\0b", 3}}),
                          errc::invalid_argument, "zero byte"));
    BOOST_TEST(names_in(folder.path()).empty());
    write_file(folder / "file", "no folder");
    BOOST_TEST(!open_sqlite_store(folder / "file/store.db").has_value());
    fs::create_symlink("turns", folder / "turns");
    BOOST_TEST(fails_with(open_sqlite_store(folder / "turns/store.db"), errc::invalid_argument));
    BOOST_TEST(names_in(folder.path()) == (std::vector<std::string>{"file", "turns"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(odd_names_are_only_names) {
    temporary_folder folder;
    for (std::string const name :
         {"with space.db", "a%20b?mode=memory#x.db", ":memory:", "file:uri.db", "\xc3\xbc'\".db"}) {
        make_store(folder / name);
        BOOST_TEST(fs::exists(folder / name));
        BOOST_TEST(head_of(*must(open_sqlite_store_read_only(folder / name))) == 3U);
    }
}

BOOST_AUTO_TEST_CASE(options_out_of_bounds_are_named) {
    temporary_folder folder;
    auto const refuses = [&](sqlite_store_options const& options, std::string const& name) {
        auto const store = open_sqlite_store(folder / "store.db", options);
        return fails_with(store, errc::invalid_argument) &&
               store.error().message().find(name) != std::string::npos;
    };
    using std::chrono::milliseconds;
    constexpr std::uint64_t tebibyte = std::uint64_t{1} << 40U;
    milliseconds const too_long{std::int64_t{1} << 31U};
    BOOST_TEST(refuses({.page_bytes = 5'000}, "page_bytes"));
    BOOST_TEST(refuses({.page_bytes = 256}, "page_bytes"));
    BOOST_TEST(refuses({.page_bytes = 131'072}, "page_bytes"));
    BOOST_TEST(refuses({.readers_max = 0}, "readers_max"));
    BOOST_TEST(refuses({.readers_max = 1'025}, "readers_max"));
    BOOST_TEST(refuses({.wal_bytes_max = 1}, "wal_bytes_max"));
    BOOST_TEST(refuses({.wal_bytes_max = tebibyte + 1}, "wal_bytes_max"));
    BOOST_TEST(refuses({.cache_bytes = tebibyte + 1}, "cache_bytes"));
    BOOST_TEST(refuses({.mode = durability::volatile_memory}, "open_memory_store"));
    BOOST_TEST(refuses({.lock_wait_max = milliseconds{-1}}, "wait"));
    BOOST_TEST(refuses({.reader_wait_max = too_long}, "wait"));
    BOOST_TEST(refuses({.wal_reader_wait_max = too_long}, "wait"));
    BOOST_TEST(refuses({.relaxed_sync_interval = milliseconds{-1}}, "wait"));
    BOOST_TEST(fails_with(open_sqlite_store_read_only(folder / "store.db", {.readers_max = 0}),
                          errc::invalid_argument, "readers_max"));
    BOOST_TEST(names_in(folder.path()).empty());
}

BOOST_AUTO_TEST_CASE(folder_or_file_that_cannot_be_written_is_permission_denied) {
    temporary_folder folder;
    make_store(folder / "store.db");
    fs::permissions(folder.path(), fs::perms{0555});
    fs::permissions(folder / "store.db", fs::perms{0444});
    int const verdict = in_unprivileged_child([&] {
        auto const existing = open_sqlite_store(folder / "store.db");
        auto const fresh = open_sqlite_store(folder / "new.db");
        if (existing || existing.error() != errc::permission_denied) return 1;
        if (fresh || fresh.error() != errc::permission_denied) return 2;
        return 0;
    });
    fs::permissions(folder.path(), fs::perms{0777});
    fs::remove(folder / "store.db.lock");
    int const verdict_of_file = in_unprivileged_child([&] {
        auto const existing = open_sqlite_store(folder / "store.db");
        return !existing && existing.error() == errc::permission_denied ? 0 : 1;
    });
    fs::permissions(folder.path(), fs::perms{0755});
    BOOST_TEST(verdict == 0);
    BOOST_TEST(verdict_of_file == 0);
}

BOOST_AUTO_TEST_CASE(migration_runs_the_missing_steps_in_order) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    make_store(path);
    static constexpr std::array steps{
        detail::migration_step{2,
                               [](detail::sqlite_connection& connection) {
                                   return connection.execute(
                                       "UPDATE notes SET text = text || ' and 3'", "migrate");
                               }},
        detail::migration_step{1, [](detail::sqlite_connection& connection) {
                                   return connection.execute(
                                       "CREATE TABLE notes(text); INSERT INTO notes VALUES('2')",
                                       "migrate");
                               }}};
    {
        auto const store = must(open_with(path, {3, steps}));
        BOOST_TEST(store->facts().migrated_from == 1U);
        BOOST_TEST(store->facts().schema_version == 3U);
        BOOST_TEST(!store->facts().created);
        BOOST_TEST(head_of(*store) == 3U);
    }
    {
        auto const store = must(open_with(path, {3, steps}));
        BOOST_TEST(store->facts().migrated_from == 3U);
    }
    auto connection = must(detail::sqlite_connection::open({.path = path.string(), .vfs = ""},
                                                           detail::sqlite_access::read_only));
    BOOST_TEST(must(connection.integer("SELECT text = '2 and 3' FROM notes", "read")) == 1);
    BOOST_TEST(fails_with(open_sqlite_store(path), errc::schema_too_new));
}

BOOST_AUTO_TEST_CASE(failed_step_leaves_the_version_before_it) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    make_store(path);
    static constexpr std::array steps{
        detail::migration_step{1,
                               [](detail::sqlite_connection& connection) {
                                   return connection.execute("CREATE TABLE notes(text)", "migrate");
                               }},
        detail::migration_step{2, [](detail::sqlite_connection& connection) -> result<void> {
                                   if (auto done = connection.execute(
                                           "DROP TABLE notes; DELETE FROM log", "migrate");
                                       !done) {
                                       return done;
                                   }
                                   return error{errc::corrupt, "planted"};
                               }}};
    auto const failed = open_with(path, {3, steps});
    BOOST_TEST(fails_with(failed, errc::corrupt));
    BOOST_TEST(failed.error().message() == "planted");

    auto const store = must(open_with(path, {2, steps}));
    BOOST_TEST(store->facts().migrated_from == 2U);
    BOOST_TEST(head_of(*store) == 3U);
}

BOOST_AUTO_TEST_CASE(missing_step_is_said_not_skipped) {
    temporary_folder folder;
    make_store(folder / "store.db");
    BOOST_TEST(fails_with(open_with(folder / "store.db", {2, {}}), errc::unsupported));
    BOOST_TEST(head_of(*must(open_sqlite_store(folder / "store.db"))) == 3U);
}

BOOST_AUTO_TEST_CASE(what_stands_in_the_place_of_a_stores_files_is_left_alone) {
    for (std::string const suffix : {"", "-wal", "-shm", "-journal", ".lock"}) {
        temporary_folder folder;
        auto const path = folder / "store.db";
        write_file(folder / "precious", "words");
        fs::create_symlink(folder / "precious", path.string() + suffix);
        BOOST_TEST_CONTEXT("suffix '" << suffix << "'") {
            BOOST_TEST(
                fails_with(open_sqlite_store(path), errc::invalid_argument, "symbolic link"));
            fs::remove(path.string() + suffix);
            fs::create_directory(path.string() + suffix);
            BOOST_TEST(fails_with(open_sqlite_store(path), errc::invalid_argument,
                                  suffix.empty() ? "is a folder" : "not a regular file"));
            BOOST_TEST(bytes_of_file(folder / "precious") == "words");
        }
    }
}

BOOST_AUTO_TEST_CASE(store_that_names_no_schema_or_no_id_is_corrupt) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    make_store(path);
    tamper(path, "PRAGMA user_version=0");
    BOOST_TEST(fails_with(open_sqlite_store(path), errc::corrupt, "names no schema version"));
    BOOST_TEST(
        fails_with(open_sqlite_store_read_only(path), errc::corrupt, "names no schema version"));
    tamper(path, "PRAGMA user_version=1; UPDATE meta SET value=x'00' WHERE key='store_id'");
    BOOST_TEST(fails_with(open_sqlite_store(path), errc::corrupt, "no store id"));
    BOOST_TEST(fails_with(open_sqlite_store_read_only(path), errc::corrupt, "no store id"));
}

BOOST_AUTO_TEST_CASE(store_without_the_number_of_its_runs_is_corrupt) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    make_store(path);
    tamper(path, "DELETE FROM meta WHERE key='run_generation'");
    auto const store = must(open_sqlite_store_read_only(path));
    BOOST_TEST(
        fails_with(must(store->read())->run_generation(), errc::corrupt, "no run_generation"));
    BOOST_TEST(head_of(*store) == 3U);
}

BOOST_AUTO_TEST_CASE(value_that_does_not_fit_its_column_is_corrupt) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    table_spec const table{
        "cards", {{"id", column_kind::integer, false}, {"text", column_kind::text, true}}, 0, {}};
    {
        auto const store = must(open_sqlite_store(path));
        auto const transaction = must(store->begin());
        must(transaction->create_table(table));
        must(transaction->put_row(table, {cell{std::int64_t{1}}, cell{"a"}}));
        must(transaction->put_row(table, {cell{std::int64_t{2}}, cell{"b"}}));
        must(transaction->commit());
    }
    tamper(path, "UPDATE cards SET text=x'00ff' WHERE id=2");
    auto const view = must(must(open_sqlite_store_read_only(path))->read());
    auto const find = [&](std::int64_t id) { return view->find_row(table, cell{id}); };
    BOOST_TEST(must(find(1)).has_value());
    BOOST_TEST(fails_with(find(2), errc::corrupt, "column text"));
    auto const visit = [](row_cells const&) { return true; };
    BOOST_TEST(fails_with(view->select_rows(table, {}, visit), errc::corrupt, "column text"));
}

BOOST_AUTO_TEST_CASE(schema_that_is_not_word_for_word_ours_is_refused) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    table_spec const table{
        "cards",
        {{"id", column_kind::text, false}, {"weight", column_kind::integer, true}},
        0,
        {{{1}}}};
    {
        auto const store = must(open_sqlite_store(path));
        auto const transaction = must(store->begin());
        must(transaction->create_table(table));
        must(transaction->put_projection({"cards", 1, layout_of(table), {}}));
        must(transaction->put_projection({"gone", 1, "gone(id text, key id)", {}}));
        must(transaction->commit());
    }
    auto connection = must(detail::sqlite_connection::open({.path = path.string(), .vfs = ""},
                                                           detail::sqlite_access::read_write));
    sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
    auto const check = [&] { return detail::check_schema(connection, 1, path.string()); };
    must(check());
    must(detail::check_schema(connection, 2, path.string())); // not to be compared with this one
    struct row {
        std::string sql;
        std::string said;
    };
    std::string const rewritten = "PRAGMA writable_schema=ON;UPDATE sqlite_schema SET ";
    for (auto const& [sql, said] : {
             row{"CREATE VIEW evil AS SELECT 1 a", R"("view" named "evil")"},
             row{"CREATE VIRTUAL TABLE evil USING rtree(a,b,c)", R"("table" named "evil")"},
             row{"CREATE TABLE evil(a)", R"("table" named "evil")"},
             row{"CREATE TABLE \"evil\" (\"a\" TEXT)", R"("table" named "evil")"},
             row{"CREATE TABLE \"evil\"(\"a\" BLOB)", R"("table" named "evil")"},
             row{"CREATE TABLE \"evil\"(\"a\" TEXT)", R"("table" named "evil")"},
             row{"CREATE TABLE \"events\"(\"a\" INTEGER PRIMARY KEY NOT NULL)", "events"},
             row{"CREATE INDEX evil ON log(recorded_at)", R"("index" named "evil")"},
             row{"CREATE INDEX evil ON cards(weight)", R"("index" named "evil")"},
             row{"CREATE INDEX \"evil\" ON cards(weight)", R"("index" named "evil")"},
             row{"CREATE INDEX \"evil\"  ON \"cards\"(\"weight\")", R"("index" named "evil")"},
             row{"CREATE INDEX \"evil\" ON \"cards\" (\"weight\")", R"("index" named "evil")"},
             row{"CREATE INDEX \"evil\" ON \"cards\"(hex(\"id\"))", R"("index" named "evil")"},
             row{"CREATE INDEX \"evil\" ON \"cards\"(\"weight\" DESC)", R"("index" named "evil")"},
             row{"CREATE INDEX \"evil\" ON \"cards\"(\"weight\")", "other columns or indexes"},
             row{"CREATE TRIGGER evil AFTER INSERT ON cards BEGIN SELECT 1; END",
                 R"("trigger" named "evil")"},
             row{"DROP INDEX cards_by_weight", "other columns or indexes"},
             row{"DROP TABLE checkpoints", R"(does not have a "table" named "checkpoints")"},
             row{rewritten + "rootpage=1 WHERE name='cards'", "where something else is"},
             row{rewritten + "rootpage=3 WHERE name='cards'", "where something else is"},
             row{rewritten + "tbl_name='log' WHERE name='cards'", R"(named "cards")"},
             row{rewritten + "name='Cards' WHERE name='cards'", "named \"Cards\""},
             row{"UPDATE projections SET layout='cards(id text, key id)' WHERE name='cards'",
                 "other columns or indexes"},
         }) {
        BOOST_TEST_CONTEXT(sql) {
            BOOST_REQUIRE(message_of(connection.execute("BEGIN;" + sql, "plant")) == "success");
            BOOST_TEST(fails_with(check(), errc::corrupt, said));
            must(connection.execute("ROLLBACK;PRAGMA writable_schema=RESET", "plant"));
        }
    }
    must(check());
}

BOOST_AUTO_TEST_CASE(store_that_keeps_text_in_another_form_is_corrupt) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    tamper(path, "PRAGMA encoding='UTF-16'; CREATE TABLE log(first)");
    auto connection = must(detail::sqlite_connection::open({.path = path.string(), .vfs = ""},
                                                           detail::sqlite_access::read_write));
    BOOST_TEST(fails_with(detail::check_schema(connection, 1, path.string()), errc::corrupt,
                          "another form than UTF-8"));
}

BOOST_AUTO_TEST_CASE(unfinished_run_is_erased_when_the_store_is_opened) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    {
        auto const store = must(open_sqlite_store(path));
        auto const transaction = must(store->begin());
        for (std::uint64_t const run : {1U, 2U, 3U, 4U}) {
            must(transaction->put_run_block(run, 0, "a"));
            must(transaction->put_run_block(run, 9, "b"));
        }
        must(transaction->put_run({1, 0, position{1}, position{5}, 2, ""}));
        must(transaction->put_run({3, 0, position{6}, position{9}, 2, ""}));
        must(transaction->commit());
        BOOST_TEST(must(must(store->read())->run_block(4, 9)) == "b");
    }
    auto const store = must(open_sqlite_store(path));
    auto const view = must(store->read());
    BOOST_TEST(must(view->run_block(1, 9)) == "b");
    BOOST_TEST(must(view->run_block(3, 0)) == "a");
    BOOST_TEST(fails_with(view->run_block(2, 0), errc::corrupt));
    BOOST_TEST(fails_with(view->run_block(4, 9), errc::corrupt));
}

BOOST_AUTO_TEST_CASE(run_and_block_numbers_have_limits) {
    temporary_folder folder;
    auto const store = must(open_sqlite_store(folder / "store.db"));
    auto const transaction = must(store->begin());
    auto const run_max = detail::run_id_limit - 1;
    auto const block_max = detail::run_block_limit - 1;
    must(transaction->put_run_block(run_max, block_max, "last"));
    BOOST_TEST(fails_with(transaction->put_run_block(run_max + 1, 0, ""), errc::invalid_argument));
    BOOST_TEST(
        fails_with(transaction->put_run_block(0, block_max + 1, ""), errc::invalid_argument));
    BOOST_TEST(fails_with(transaction->put_run({run_max + 1, 0, position{1}, position{1}, 0, ""}),
                          errc::invalid_argument, "2^39"));
    BOOST_TEST(fails_with(transaction->drop_run(run_max + 1), errc::invalid_argument, "2^39"));
    BOOST_TEST(
        fails_with(transaction->erase_run_blocks(run_max + 1), errc::invalid_argument, "2^39"));
    BOOST_TEST(
        fails_with(transaction->run_block(0, block_max + 1), errc::invalid_argument, "2^24"));
    BOOST_TEST(must(transaction->run_block(run_max, block_max)) == "last");
    must(transaction->commit());
    auto const view = must(store->read());
    BOOST_TEST(must(view->run_block(run_max, block_max)) == "last");
    BOOST_TEST(fails_with(view->run_block(run_max + 1, 0), errc::corrupt));
}

BOOST_AUTO_TEST_CASE(damaged_record_is_corrupt_with_its_position) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    make_store(path, 5);
    tamper(path, "UPDATE log SET hash = x'00' WHERE first = 3");
    auto const store = must(open_sqlite_store(path));
    auto const view = must(store->read());
    std::size_t seen = 0;
    auto const read = view->records_from(position{1}, [&](auto const&) { return ++seen > 0; });
    BOOST_TEST(fails_with(read, errc::corrupt));
    BOOST_TEST(read.error().message().find("position 3") != std::string::npos);
    BOOST_TEST(seen == 2U);
}

BOOST_AUTO_TEST_CASE(damaged_pages_are_corrupt) {
    temporary_folder folder;
    auto const path = folder / "store.db";
    {
        auto const store = must(open_sqlite_store(path));
        append_singles(*store, 1, 200, 4'000);
    }
    {
        std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
        file.seekp(60 * 8'192);
        file << std::string(20 * 8'192, '\xee');
    }
    auto const store = must(open_sqlite_store(path));
    auto const view = must(store->read());
    auto const read = view->records_from(position{1}, [](auto const&) { return true; });
    BOOST_TEST(fails_with(read, errc::corrupt));
    BOOST_TEST(read.error().message().find(path.string()) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
