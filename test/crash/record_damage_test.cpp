#include "crash/damaged_log.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <ostream>
#include <string>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

std::string record_at(position first) { return "first=" + std::to_string(first.value); }

/// One way to damage the record that begins at a position.
struct damage {
    char const* name;
    void (*inflict)(stored_rows& rows, position first);
    bool shows_in_reads; ///< otherwise only recovery and `verify` look
};

std::ostream& operator<<(std::ostream& out, damage const& each) { return out << each.name; }

/// The other log's record that covers the same positions.
void put_foreign_record(stored_rows& rows, position first) {
    damaged_log const other;
    rows.run_with("UPDATE log SET body=?1 WHERE " + record_at(first),
                  other.rows().blob("SELECT body FROM log WHERE " + record_at(first)));
    rows.run_with("UPDATE log SET hash=?1 WHERE " + record_at(first),
                  other.rows().blob("SELECT hash FROM log WHERE " + record_at(first)));
}

damage const damages[] = {
    {"first byte of the body",
     [](stored_rows& rows, position first) { rows.flip("log", "body", record_at(first), 0); },
     true},
    {"middle of the body",
     [](stored_rows& rows, position first) { rows.flip("log", "body", record_at(first), 60); },
     true},
    {"body cut short",
     [](stored_rows& rows, position first) {
         std::string const body = rows.blob("SELECT body FROM log WHERE " + record_at(first));
         rows.run_with("UPDATE log SET body=?1 WHERE " + record_at(first),
                       body.substr(0, body.size() / 2));
     },
     true},
    {"empty body",
     [](stored_rows& rows, position first) {
         rows.run("UPDATE log SET body=x'' WHERE " + record_at(first));
     },
     true},
    {"row missing",
     [](stored_rows& rows, position first) {
         rows.run("DELETE FROM log WHERE " + record_at(first));
     },
     true},
    {"body of its neighbour",
     [](stored_rows& rows, position first) {
         rows.run("UPDATE log SET body=(SELECT body FROM log WHERE first<" +
                  std::to_string(first.value) + " ORDER BY first DESC LIMIT 1) WHERE " +
                  record_at(first));
     },
     true},
    {"another last position",
     [](stored_rows& rows, position first) {
         rows.run("UPDATE log SET last=last+1 WHERE " + record_at(first));
     },
     true},
    {"last before first",
     [](stored_rows& rows, position first) {
         rows.run("UPDATE log SET last=first-1 WHERE " + record_at(first));
     },
     true},
    {"short hash",
     [](stored_rows& rows, position first) {
         rows.run("UPDATE log SET hash=x'00' WHERE " + record_at(first));
     },
     true},
    {"wrong hash",
     [](stored_rows& rows, position first) { rows.flip("log", "hash", record_at(first), 5); },
     false},
    {"a record of another store", put_foreign_record, false},
};

/// A record that runs cover, so that opening does not look at it.
position old_record(damaged_log const& file) { return file.record_of(position{20}); }
/// A record after the last run, and not the last record.
position tail_record(damaged_log const& file) {
    position const at{file.indexed_through().value + 3};
    BOOST_REQUIRE((at.value + 3 < file.head().value));
    return file.record_of(at);
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_damage)

BOOST_DATA_TEST_CASE(damage_in_the_tail_makes_the_log_read_only_from_there_on, damages, each) {
    damaged_log file;
    position const at = tail_record(file);
    {
        auto rows = file.rows();
        each.inflict(rows, at);
    }
    std::string const before = bytes_of_file(file.path);
    {
        auto log = must(file.open());
        BOOST_TEST(log.opened().read_only);
        BOOST_REQUIRE(log.opened().corrupt_at.has_value());
        BOOST_TEST(log.opened().corrupt_at->value == at.value);
        BOOST_TEST(log.opened().message.find(std::to_string(at.value)) != std::string::npos,
                   log.opened().message);
        BOOST_TEST(log.head().value == at.value - 1);
        BOOST_TEST(file.check_readable(log) == at.value - 1);
        BOOST_TEST(must(log.version_of("stream-7")).value ==
                   file.expected.count_in("stream-7", log.head()));
        auto source = log.make_producer();
        auto const refused = append_number(source, 1000);
        BOOST_TEST(fails_with(refused, errc::corrupt));
        BOOST_TEST(names(refused.error(), at));
    }
    BOOST_TEST((bytes_of_file(file.path) == before), "the file was changed");
}

BOOST_DATA_TEST_CASE(damage_in_an_old_record_is_reported_and_the_others_stay_readable, damages,
                     each) {
    damaged_log file;
    position const at = old_record(file);
    std::uint64_t const events = file.expected.last_of(file.expected.at(at).append) - at.value + 1;
    {
        auto rows = file.rows();
        each.inflict(rows, at);
    }
    auto log = must(file.open());
    if (each.shows_in_reads) {
        auto const all = log.read().collect();
        BOOST_TEST(fails_with(all, errc::corrupt));
        BOOST_TEST(names(all.error(), at));
        BOOST_TEST(file.check_readable(log) == file.head().value - events);
        auto const& first = file.expected.at(at);
        auto const by_stream =
            log.read().stream(numbered_append{first.append}.stream_of(first.part)).collect();
        BOOST_TEST(fails_with(by_stream, errc::corrupt));
    }
    auto const report = must(log.verify());
    BOOST_REQUIRE(!report.sound());
    BOOST_TEST(report.problems.front().at.value == at.value, report.problems.front().what);
}

BOOST_AUTO_TEST_CASE(records_that_changed_places_are_reported) {
    damaged_log file;
    {
        auto rows = file.rows();
        std::string const first = rows.blob("SELECT body FROM log WHERE first=7");
        std::string const second = rows.blob("SELECT body FROM log WHERE first=8");
        rows.run_with("UPDATE log SET body=?1 WHERE first=7", second);
        rows.run_with("UPDATE log SET body=?1 WHERE first=8", first);
    }
    auto log = must(file.open());
    auto const report = must(log.verify());
    BOOST_REQUIRE(!report.sound());
    BOOST_TEST(report.problems.front().at.value == 7U);
    BOOST_TEST(file.check_readable(log) == file.head().value - 2);
}

BOOST_AUTO_TEST_CASE(a_record_of_another_course_of_the_same_log_breaks_the_chain) {
    temporary_folder folder;
    auto const path = folder / "log.db";
    auto const other = folder / "other.db";
    auto options = small_options();
    options.index_tail_events = 1'000; // opening looks at all records
    auto const append_and_close = [&](std::filesystem::path const& to, std::string_view data) {
        auto log = must(open_sqlite(to, options));
        static_cast<void>(must(log.make_producer().append("s", expected::any{},
                                                          raw_event{.type = "t", .data = data})));
        must(log.close());
    };
    append_and_close(path, "1");
    copy_as_killed(path, other);
    append_and_close(path, "2");
    append_and_close(path, "3");
    append_and_close(other, "4");
    stored_rows from{other};
    for (std::string const column : {"body", "hash"}) {
        stored_rows{path}.run_with("UPDATE log SET " + column + "=?1 WHERE first=2",
                                   from.blob("SELECT " + column + " FROM log WHERE first=2"));
    }
    auto const log = must(open_sqlite(path, options));
    BOOST_TEST(log.opened().read_only);
    BOOST_REQUIRE(log.opened().corrupt_at.has_value());
    BOOST_TEST(log.opened().corrupt_at->value == 3U);
    BOOST_TEST(log.head().value == 2U);
}

BOOST_AUTO_TEST_CASE(a_missing_last_record_is_noticed_by_the_high_water_mark) {
    damaged_log file;
    {
        auto rows = file.rows();
        rows.run("DELETE FROM log WHERE first=(SELECT max(first) FROM log)");
    }
    std::uint64_t const lost = numbered_append{damaged_log::appends}.event_count();
    auto log = must(file.open());
    BOOST_TEST(log.opened().lost_events == lost);
    BOOST_TEST(log.opened().read_only);
    auto source = log.make_producer();
    BOOST_TEST(fails_with(append_number(source, 1000), errc::read_only));
    BOOST_TEST(file.check_readable(log) == file.head().value - lost);
}

BOOST_AUTO_TEST_CASE(records_that_the_index_covers_but_are_missing_are_corrupt) {
    damaged_log file;
    position const through = file.indexed_through();
    {
        auto rows = file.rows();
        rows.run("DELETE FROM log WHERE last>=" + std::to_string(through.value - 5));
    }
    auto const log = file.open();
    if (!log) {
        BOOST_TEST(fails_with(log, errc::corrupt));
        return;
    }
    BOOST_TEST(log->opened().read_only);
    BOOST_TEST(log->opened().corrupt_at.has_value());
    static_cast<void>(file.check_readable(*log));
}

BOOST_AUTO_TEST_SUITE_END()
