// `streams`, `stats`, `verify` and `backup`.

#include "cli/sample_log.hpp"
#include "history/json_slice.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>

using namespace swarmlog;

namespace {

std::string member(std::string const& line, std::string_view name) {
    BOOST_REQUIRE_MESSAGE(!check_json(line), line);
    auto const value = find_json_member(line, name);
    BOOST_REQUIRE_MESSAGE(value, line << " has no " << name);
    return std::string(*value);
}

/// Flips one bit where the file says `text`.
void damage(std::filesystem::path const& file, std::string_view text) {
    std::string bytes = read_file(file);
    std::size_t const at = bytes.find(text);
    BOOST_REQUIRE(at != std::string::npos);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    std::ofstream(file, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

} // namespace

BOOST_AUTO_TEST_SUITE(looking_commands)

BOOST_AUTO_TEST_CASE(streams_are_listed_with_their_counts) {
    sample_log const log(10);
    std::vector<std::string> const lines = lines_of(log.run("streams", {"-o", "json"}).out);
    BOOST_REQUIRE(lines.size() == 3U);
    BOOST_TEST(lines[0] == R"({"stream":"task-0","events":3,"first":3,"last":9})");
    BOOST_TEST(lines[1] == R"({"stream":"task-1","events":4,"first":1,"last":10})");
    BOOST_TEST(lines[2] == R"({"stream":"task-2","events":3,"first":2,"last":8})");
}

BOOST_AUTO_TEST_CASE(streams_are_sorted_and_limited_as_asked) {
    sample_log const log(10);
    auto const first = [&](std::vector<std::string> options) {
        options.insert(options.end(), {"-o", "json"});
        cli_result const ran = log.run("streams", options);
        BOOST_TEST(ran.code == 0, ran.err);
        return ran.out.empty() ? std::string() : member(lines_of(ran.out)[0], "stream");
    };
    BOOST_TEST(first({"--sort", "events", "--limit", "1"}) == "\"task-1\"");
    BOOST_TEST(first({"--sort", "newest"}) == "\"task-1\"");
    BOOST_TEST(first({"--prefix", "task-2"}) == "\"task-2\"");
    BOOST_TEST(first({"--prefix", "x"}).empty());
    BOOST_TEST(lines_of(log.run("streams", {"-o", "table", "--limit", "2"}).out).size() == 3U);
}

BOOST_AUTO_TEST_CASE(stats_count_and_measure) {
    sample_log const log(10);
    cli_result const ran = log.run("stats", {"-o", "json"});
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(member(ran.out, "events") == "10");
    BOOST_TEST(member(ran.out, "streams") == "3");
    BOOST_TEST(member(ran.out, "tags") == "6");
    BOOST_TEST(member(ran.out, "types") == R"({"even":5,"odd":5})");
    BOOST_TEST(member(ran.out, "total_bytes") != "0");
    BOOST_TEST(member(ran.out, "first_recorded_at") < member(ran.out, "last_recorded_at"));
    cli_result const table = log.run("stats", {"-o", "table"});
    BOOST_TEST(table.out.find("streams         3\n") != std::string::npos, table.out);
}

BOOST_AUTO_TEST_CASE(stats_of_an_empty_log_are_zero) {
    sample_log const log(0);
    cli_result const ran = log.run("stats", {"-o", "json"});
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(member(ran.out, "events") == "0");
    BOOST_TEST(log.run("stats", {"-o", "table"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_sound_log_verifies) {
    sample_log const log(100);
    cli_result const ran = log.run("verify", {"-o", "json"});
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(member(ran.out, "sound") == "true");
    BOOST_TEST(member(ran.out, "events") == "100");
    BOOST_TEST(member(ran.out, "problems") == "[]");
}

BOOST_AUTO_TEST_CASE(a_damaged_log_does_not_verify) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    {
        event_log log = open_sqlite(database).value();
        producer into = log.make_producer();
        for (char const* const data : {"\"before\"", "\"here-it-breaks\"", "\"after\""}) {
            (void)into.append("s", expected::any{}, raw_event{"t", data}).value();
        }
        log.close().value();
    }
    damage(database, "here-it-breaks");
    cli_result const ran = run_cli(scratch, {"verify", database, "-o", "json"});
    BOOST_TEST(ran.code == 4, ran.code << ran.err << ran.out);
    BOOST_TEST(ran.out.find("{\"position\":2,") != std::string::npos, ran.out);
    cli_result const read = run_cli(scratch, {"cat", database, "-o", "json"});
    BOOST_TEST(read.code == 5, read.err);
    BOOST_TEST(lines_of(read.out).size() == 1U);
    BOOST_TEST(read.err.find("position 2") != std::string::npos, read.err);
}

BOOST_AUTO_TEST_CASE(a_backup_is_the_same_log) {
    sample_log const log(50);
    std::string const copy = (log.scratch() / "copy.db").string();
    BOOST_TEST(log.run("backup", {copy}).code == 0);
    BOOST_TEST(run_cli(log.scratch(), {"verify", copy}).code == 0);
    BOOST_TEST(run_cli(log.scratch(), {"export", copy}).out == log.run("export").out);
}

BOOST_AUTO_TEST_CASE(a_backup_is_made_while_another_process_appends) {
    sample_log const sample(50);
    event_log log = open_sqlite(sample.path()).value();
    producer into = log.make_producer();
    (void)into.append("s", expected::any{}, raw_event{"t", "1"}).value();
    std::string const copy = (sample.scratch() / "copy.db").string();
    cli_result const ran = sample.run("backup", {copy});
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(open_sqlite_read_only(copy).value().head().value == 51U);
}

BOOST_AUTO_TEST_CASE(a_backup_does_not_overwrite) {
    sample_log const log(5);
    auto const target = log.scratch().write("taken.db", "mine");
    cli_result const ran = log.run("backup", {target.string()});
    BOOST_TEST(ran.code == 5, ran.err);
    BOOST_TEST(read_file(target) == "mine");
}

BOOST_AUTO_TEST_SUITE_END()
