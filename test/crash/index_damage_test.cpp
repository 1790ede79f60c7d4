#include "crash/damaged_log.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace swarmlog;
using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(index_damage)

BOOST_AUTO_TEST_CASE(a_flipped_bit_in_any_block_is_corrupt_and_never_a_wrong_answer) {
    damaged_log file;
    auto const blocks = file.rows().integer("SELECT count(*) FROM index_blocks");
    BOOST_REQUIRE(blocks > 1);
    for (std::int64_t block = 0; block != blocks; ++block) {
        std::string const where = "id=(SELECT id FROM index_blocks ORDER BY id LIMIT 1 OFFSET " +
                                  std::to_string(block) + ")";
        for (std::size_t const at : {3U, 100U}) {
            BOOST_TEST_CONTEXT("block " << block << ", byte " << at) {
                file.rows().flip("index_blocks", "body", where, at);
                auto log = must(file.open());
                // The log itself is whole, so what needs no index is read as ever.
                BOOST_TEST(file.check_readable(log) == file.head().value);
                std::uint64_t corrupt = 0;
                for (unsigned stream = 0; stream != 23; ++stream) {
                    std::string const name = "stream-" + std::to_string(stream);
                    auto const events = log.read().stream(name).collect();
                    if (events) {
                        BOOST_TEST(events->size() == file.expected.count_in(name, file.head()));
                    } else {
                        BOOST_TEST(fails_with(events, errc::corrupt));
                        ++corrupt;
                    }
                }
                BOOST_TEST(corrupt > 0U);
                auto const report = must(log.verify());
                BOOST_TEST(!report.sound());
                must(log.close());
                file.rows().flip("index_blocks", "body", where, at); // back again
            }
        }
    }
    BOOST_TEST(must(must(file.open()).verify()).sound());
}

BOOST_AUTO_TEST_CASE(an_append_whose_check_meets_a_damaged_block_is_not_accepted_blindly) {
    damaged_log file;
    file.rows().run("UPDATE index_blocks SET body=zeroblob(length(body))");
    auto options = small_options();
    options.stream_heads_max = 1;
    auto log = must(open_sqlite(file.path, options));
    auto source = log.make_producer();
    auto const answer =
        source.append("unheard-of", expected::no_stream{}, raw_event{.type = "t", .data = "{}"});
    BOOST_TEST(fails_with(answer, errc::corrupt));
    BOOST_TEST(file.check_readable(log) == file.head().value);
}

BOOST_AUTO_TEST_CASE(a_damaged_run_header_is_corrupt_and_the_log_stays_readable) {
    for (std::size_t const at : {0U, 7U, 40U}) {
        damaged_log file;
        file.rows().flip("index_runs", "header", "id=(SELECT min(id) FROM index_runs)", at);
        std::string const before = bytes_of_file(file.path);
        {
            auto const log = file.open();
            if (!log) {
                BOOST_TEST(fails_with(log, errc::corrupt));
            } else {
                BOOST_TEST(log->opened().read_only);
                BOOST_TEST(log->opened().message.find("run") != std::string::npos);
                BOOST_TEST(file.check_readable(*log) == file.head().value);
            }
        }
        BOOST_TEST((bytes_of_file(file.path) == before), "the file was changed");
    }
}

BOOST_AUTO_TEST_CASE(a_missing_run_or_block_is_corrupt) {
    {
        damaged_log file;
        file.rows().run("DELETE FROM index_blocks WHERE id=(SELECT min(id) FROM index_blocks)");
        auto log = must(file.open());
        BOOST_TEST(!must(log.verify()).sound());
        BOOST_TEST(file.check_readable(log) == file.head().value);
    }
    {
        damaged_log file;
        file.rows().run("DELETE FROM index_runs WHERE first=1");
        if (file.rows().integer("SELECT count(*) FROM index_runs") == 0) { return; }
        auto const log = file.open();
        BOOST_TEST((!log || log->opened().read_only));
        if (!log) { BOOST_TEST(fails_with(log, errc::corrupt)); }
    }
}

BOOST_AUTO_TEST_CASE(a_log_whose_whole_index_was_removed_builds_it_again) {
    damaged_log file;
    file.rows().run("DELETE FROM index_runs; DELETE FROM index_blocks");
    auto log = must(file.open());
    BOOST_TEST(!log.opened().read_only);
    BOOST_TEST(log.opened().replayed_events == file.head().value);
    BOOST_TEST(must(log.verify()).sound());
    append_numbers(log, 61, 80);
    BOOST_TEST(must(log.verify()).sound());
}

BOOST_AUTO_TEST_SUITE_END()
