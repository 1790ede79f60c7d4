#include "support/in_child.hpp"
#include "support/log_under_test.hpp"

#include <filesystem>
#include <string_view>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(opening)

BOOST_DATA_TEST_CASE(option_out_of_range_is_named, all_backends, backend) {
    struct row {
        char const* name;
        std::string_view value;
        void (*set)(log_options&);
    };
    row const rows[] = {
        {"queue_appends_max", "0", [](log_options& o) { o.queue_appends_max = 0; }},
        {"queue_appends_max", "16777216", [](log_options& o) { o.queue_appends_max = 1U << 24; }},
        {"queue_bytes_max", "16777215",
         [](log_options& o) { o.queue_bytes_max = o.limits.append_bytes_max - 1; }},
        {"append_bytes_max", "1", [](log_options& o) { o.limits.append_bytes_max = 1; }},
        {"event_bytes_max", "1", [](log_options& o) { o.limits.event_bytes_max = 1; }},
        {"append_events_max", "0", [](log_options& o) { o.limits.append_events_max = 0; }},
        {"tags_max", "65536", [](log_options& o) { o.limits.tags_max = 65'536; }},
        {"json_depth_max", "0", [](log_options& o) { o.limits.json_depth_max = 0; }},
        {"group_events_max", "0", [](log_options& o) { o.group_events_max = 0; }},
        {"group_bytes_max", "0", [](log_options& o) { o.group_bytes_max = 0; }},
        {"record_bytes", "0", [](log_options& o) { o.record_bytes = 0; }},
        {"index_tail_events", "0", [](log_options& o) { o.index_tail_events = 0; }},
        {"page_events", "0", [](log_options& o) { o.page_events = 0; }},
        {"clock", "null", [](log_options& o) { o.clock = nullptr; }},
    };
    temporary_folder const folder;
    for (auto const& [name, value, set] : rows) {
        BOOST_TEST_CONTEXT(name << " = " << value) {
            sqlite_log_options options;
            set(options);
            if (backend == "sqlite") {
                BOOST_TEST(failed_with(open_sqlite(folder / "log.db", options),
                                       errc::invalid_argument, {name, value}));
                BOOST_TEST(!std::filesystem::exists(folder / "log.db"));
            } else {
                BOOST_TEST(
                    failed_with(open_memory(options), errc::invalid_argument, {name, value}));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(unwritable_folder_is_permission_denied) {
    namespace fs = std::filesystem;
    temporary_folder const folder;
    fs::path const inside = folder / "closed";
    fs::create_directory(inside);
    fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::others_exec |
                                       fs::perms::others_read | fs::perms::group_exec);
    fs::permissions(inside, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                                fs::perms::others_exec);
    // Root may write everywhere, so a child does this as nobody.
    int const verdict = in_child([&]() -> int {
        constexpr unsigned nobody = 65'534;
        if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) { return 3; }
        auto const got = open_sqlite(inside / "log.db");
        if (got) { return 1; }
        if (!(got.error() == errc::permission_denied)) { return 2; }
        return got.error().message().find((inside / "log.db").string()) == std::string::npos ? 4
                                                                                             : 0;
    });
    fs::permissions(inside, fs::perms::owner_all);
    if (verdict == 3) {
        BOOST_TEST_MESSAGE("SKIPPED: root could not become another user");
        return;
    }
    BOOST_TEST(verdict == 0);
    BOOST_TEST(fs::is_empty(inside));
}

BOOST_AUTO_TEST_CASE(folder_that_is_not_there_is_not_found) {
    temporary_folder const folder;
    auto const path = folder / "absent" / "log.db";
    BOOST_TEST(failed_with(open_sqlite(path), errc::not_found, {path.parent_path().string()}));
}

BOOST_AUTO_TEST_CASE(second_handle_is_told_that_the_log_is_open) {
    log_under_test log{"sqlite"};
    BOOST_TEST(failed_with(log.open(), errc::already_open, {log.path().string()}));
    must(log->make_producer().append("s", expected::any{}, raw()));
    event_log reading = must(open_sqlite_read_only(log.path()));
    auto producer = reading.make_producer();
    BOOST_TEST(failed_with(producer.append("s", expected::any{}, raw()), errc::read_only));
    BOOST_TEST(failed_with(reading.decide([](decision&) {}), errc::read_only));
    BOOST_TEST(failed_with(reading.compact(), errc::read_only));
    BOOST_TEST(all_events(reading).size() == 1);
}

BOOST_DATA_TEST_CASE(log_opened_for_reading_only_takes_nothing, all_backends, backend) {
    log_under_test log{backend};
    must(log->make_producer().append("s", expected::any{}, raw()));
    log.options().read_only = true;
    log.reopen();
    BOOST_TEST(log->opened().read_only);
    auto producer = log->make_producer();
    BOOST_TEST(failed_with(producer.append("s", expected::any{}, raw()), errc::read_only));
    BOOST_TEST(failed_with(producer.submit("s", expected::any{}, raw()), errc::read_only));
    BOOST_TEST(failed_with(log->decide([](decision&) {}), errc::read_only));
    transaction work = log->begin();
    must(work.append("s", raw()));
    BOOST_TEST(failed_with(work.commit(), errc::read_only));
    consumer mails = must(log->open_consumer("mails"));
    BOOST_TEST(failed_with(mails.acknowledge(position{1}), errc::read_only));
    BOOST_TEST(all_events(*log).size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
