#include "crash/numbered_file.hpp"
#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>

namespace {

using namespace swarmlog;
using namespace swarmlog::test;

struct line_of_child {
    std::string what;
    std::uint64_t number = 0, first = 0, last = 0;
};

line_of_child parse(std::string const& line) {
    std::istringstream words{line};
    line_of_child parsed;
    words >> parsed.what >> parsed.number >> parsed.first >> parsed.last;
    return parsed;
}

} // namespace

BOOST_AUTO_TEST_SUITE(two_processes)

BOOST_AUTO_TEST_CASE(a_second_writer_is_told_that_the_log_is_open) {
    temporary_folder const folder;
    auto const path = folder / "log.db";
    auto log = must(open_sqlite(path, small_options()));
    append_numbers(log, 1, 5);
    {
        child_process child{"appending_program", {path.string(), "10"}};
        BOOST_TEST(child.next_line().value() == "opening");
        auto const answer = parse(child.next_line().value());
        BOOST_TEST(answer.what == "failed");
        BOOST_TEST(answer.number == static_cast<std::uint64_t>(errc::already_open));
        BOOST_TEST(child.wait() == 1);
    }
    BOOST_TEST(fails_with(open_sqlite(path, small_options()), errc::already_open));
    append_numbers(log, 6, 10);
    BOOST_TEST(must(log.verify()).sound());
    must(log.close());
    // Closed, it may be written by the next one.
    child_process child{"appending_program", {path.string(), "10"}};
    while (auto const line = child.next_line()) { BOOST_TEST(parse(*line).what != "failed"); }
    BOOST_TEST(child.wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_log_can_be_opened_as_soon_as_its_writer_was_killed) {
    temporary_folder const folder;
    auto const path = folder / "log.db";
    child_process child{"appending_program", {path.string(), "1000000"}};
    while (parse(child.next_line().value()).what != "ack") {}
    child.kill();
    child.wait();
    auto log = must(open_sqlite(path, small_options()));
    BOOST_TEST(must(log.verify()).sound());
}

BOOST_AUTO_TEST_CASE(a_reader_sees_what_another_process_has_had_acknowledged) {
    temporary_folder const folder;
    auto const path = folder / "log.db";
    child_process child{"appending_program", {path.string(), "1500"}};
    numbered_log expected;
    std::optional<event_log> reader;
    std::uint64_t read_upto = 0;
    std::uint64_t acknowledged = 0;
    while (auto const line = child.next_line()) {
        auto const said = parse(*line);
        BOOST_REQUIRE_MESSAGE(said.what != "failed", *line);
        if (said.what != "ack") { continue; }
        if (++acknowledged % 10 != 0) { continue; }
        if (!reader || acknowledged % 200 == 0) {
            reader.emplace(must(open_sqlite_read_only(path)));
            BOOST_REQUIRE_MESSAGE(!reader->opened().corrupt_at, reader->opened().message);
            BOOST_TEST(reader->opened().lost_events == 0U);
            BOOST_TEST((reader->head().value >= said.last));
        }
        BOOST_REQUIRE((must(reader->refresh()).value >= said.last));
        for (event_view const& event : reader->read().after(position{read_upto})) {
            std::string const wrong = expected.difference(event, position{read_upto + 1});
            BOOST_REQUIRE_MESSAGE(wrong.empty(), "position " << read_upto + 1 << ": " << wrong);
            ++read_upto;
        }
        BOOST_REQUIRE(read_upto >= said.last);
        // Through the index, whose runs the writer flushes and merges all the time.
        numbered_append const source{said.number};
        auto const newest = must(reader->read()
                                     .stream(source.stream_of(0))
                                     .before(position{said.first + 1})
                                     .backwards()
                                     .limit(3)
                                     .collect());
        BOOST_REQUIRE(!newest.empty());
        BOOST_TEST(newest.front().position.value == said.first);
        BOOST_TEST(expected.difference(newest.front(), position{said.first}).empty());
        std::uint64_t tagged = 0;
        for (event_view const& event : reader->read().tag(source.tag()).limit(50)) {
            BOOST_TEST(expected.difference(event, event.position).empty());
            ++tagged;
        }
        BOOST_TEST(tagged > 0U);
        if (acknowledged % 100 == 0) {
            auto const report = must(reader->verify());
            for (auto const& problem : report.problems) {
                BOOST_ERROR("position " << problem.at.value << ": " << problem.what);
            }
        }
    }
    BOOST_TEST(child.wait() == 0);
    BOOST_TEST(must(reader->refresh()).value == read_upto);
}

BOOST_AUTO_TEST_CASE(a_read_only_log_appends_nothing) {
    temporary_folder const folder;
    auto const path = folder / "log.db";
    {
        auto log = must(open_sqlite(path, small_options()));
        append_numbers(log, 1, 5);
    }
    auto reader = must(open_sqlite_read_only(path, small_options()));
    auto source = reader.make_producer();
    BOOST_TEST(fails_with(append_number(source, 6), errc::read_only));
    BOOST_TEST(fails_with(reader.checkpoint(), errc::read_only));
    BOOST_TEST(fails_with(reader.compact(), errc::read_only));
    BOOST_TEST(fails_with(reader.decide([](decision&) {}), errc::read_only));
    BOOST_TEST(fails_with(open_sqlite_read_only(folder / "absent.db"), errc::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
