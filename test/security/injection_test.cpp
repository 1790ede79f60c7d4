// Text from outside stays text: whatever it is, and wherever it is given, what is read back is
// what was given, or the error says why not, and nothing else changes.
#include "fuzz/mutation.hpp"
#include "security/attack_strings.hpp"
#include "security/attacked_log.hpp"
#include "support/check_record.hpp"
#include "support/effort.hpp"
#include "support/random_seed.hpp"

#include <boost/test/framework.hpp>
#include <boost/test/results_collector.hpp>

#include <swarmlog/backends/sqlite_store.hpp>
#include <swarmlog/engine/detail/printable_text.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;
namespace fs = std::filesystem;

namespace {

/// Each text at every entry point of a log; a new log after so many, so that comparing stays cheap.
std::uint64_t attack_with(std::string_view backend, std::vector<std::string> const& texts) {
    constexpr std::size_t texts_a_log = 25;
    std::uint64_t calls = 0;
    for (std::size_t first = 0; first < texts.size(); first += texts_a_log) {
        attacked_log log{backend};
        std::size_t const last = std::min(first + texts_a_log, texts.size());
        for (std::size_t at = first; at != last; ++at) { log.attack(texts[at]); }
        log.check_everything();
        calls += log.calls();
    }
    return calls;
}

std::uint64_t failures_so_far() {
    namespace ut = boost::unit_test;
    auto const id = ut::framework::current_test_case_id();
    return ut::results_collector.results(id).p_assertions_failed;
}

std::unique_ptr<backend> new_store(std::string_view name, temporary_folder const& folder) {
    return name == "sqlite" ? must(open_sqlite_store(folder / "store.db"))
                            : must(open_memory_store());
}

} // namespace

BOOST_AUTO_TEST_SUITE(injection)

BOOST_AUTO_TEST_CASE(a_text_is_a_text_at_every_entry_point) {
    check_record record{"injection"};
    std::uint64_t const seed = random_seed();
    std::uint64_t calls = 0;
    std::uint64_t texts_tried = 0;
    for (std::string_view const backend : all_backends) {
        std::vector<std::string> texts = attack_strings();
        mutation more{seed, attack_strings()};
        for (std::size_t left = rounds(1'000); left != 0; --left) { texts.push_back(more.next()); }
        texts_tried += texts.size();
        calls += attack_with(backend, texts);
    }
    BOOST_TEST_MESSAGE(texts_tried << " texts, " << calls << " calls");
    record.count(calls).violations(failures_so_far()).seeds(1).write();
}

BOOST_DATA_TEST_CASE(names_of_tables_and_columns_are_checked_before_they_are_sql, all_backends,
                     backend) {
    temporary_folder const folder;
    auto const store = new_store(backend, folder);
    table_spec const innocent{"innocent", {{"key", column_kind::text, false}}, 0, {}};
    {
        auto const work = must(store->begin());
        must(work->create_table(innocent));
        must(work->put_row(innocent, {std::string{"row"}}));
        BOOST_REQUIRE(work->commit().outcome == commit_outcome::committed);
    }
    auto const attempt = [&](auto const& change) {
        auto const work = must(store->begin());
        return change(*work);
    };
    for (std::string const& text : attack_strings()) {
        table_spec const named{text, {{"key", column_kind::text, false}}, 0, {}};
        table_spec const column{"t", {{text, column_kind::text, false}}, 0, {}};
        bool const is_name = check_table(named).has_value();
        bool const is_column = check_table(column).has_value();
        BOOST_TEST(attempt([&](auto& work) { return work.create_table(named); }).has_value() ==
                   is_name);
        BOOST_TEST(attempt([&](auto& work) { return work.create_table(column); }).has_value() ==
                   is_column);
        BOOST_TEST(attempt([&](auto& work) {
                       return work.rename_table("innocent", text);
                   }).has_value() == is_name);
        BOOST_TEST(
            attempt([&](auto& work) { return work.rename_table(text, "other"); }).has_error());
        // Memory may say of any name that there is no such table.
        bool const is_dropped =
            attempt([&](auto& work) { return work.drop_table(text); }).has_value();
        BOOST_TEST((is_dropped == is_name || backend == "memory"));
        auto const view = must(store->read());
        BOOST_TEST(must(view->count_rows(innocent, {})) == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_path_is_a_files_name_or_an_error) {
    for (std::string const& text : attack_strings()) {
        if (text.find('/') != std::string::npos) { continue; } // another folder's file
        temporary_folder const folder;
        auto const opened = open_sqlite(folder.path() / text);
        bool const is_name = !text.empty() && text != "." && text != ".." && text.size() < 240 &&
                             text.find('\0') == std::string::npos;
        BOOST_TEST_INFO(detail::quoted(text));
        BOOST_TEST(opened.has_value() == is_name);
        if (!opened) {
            // But for the lock, where the name is nearly as long as one may be.
            std::error_code ignored;
            if (text.size() >= 240) { fs::remove(folder.path() / (text + ".lock"), ignored); }
            BOOST_TEST(fs::is_empty(folder.path()));
            continue;
        }
        BOOST_TEST(fs::is_regular_file(folder.path() / text));
        must(opened->backup_to((folder.path() / ("copy" + text)).string()));
        BOOST_TEST(fs::is_regular_file(folder.path() / ("copy" + text)));
        for (auto const& entry : fs::directory_iterator{folder.path()}) {
            std::string const name = entry.path().filename().string();
            BOOST_TEST((name.starts_with(text) || name == "copy" + text), name);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
