// The example that `make run` runs.

#include "cli/running_cli.hpp"
#include "history/recorded_set.hpp"

#include <swarmlog/swarmlog.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace swarmlog;

namespace {

std::uint64_t number(boost::json::object const& object, char const* name) {
    return object.at(name).to_number<std::uint64_t>();
}

constexpr char const* needle_line =
    R"({"bead":"b","event":"claim","ts":"2026-08-06T04:12:45.18+00:00","worker":"w"})"
    "\n";

} // namespace

BOOST_AUTO_TEST_SUITE(record_history)

BOOST_AUTO_TEST_CASE(a_generated_history_is_recorded_and_verified) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    cli_result const ran =
        run_record_history(scratch, {"--database", database, "--events", "2000"});
    BOOST_TEST(ran.code == 0, ran.err);
    boost::json::object const found = last_json_line(ran);
    BOOST_TEST(number(found, "events") == 2'000U);
    BOOST_TEST(number(found, "rejected") == 0U);
    BOOST_TEST(number(found, "agents") == 24U);
    BOOST_TEST(number(found, "streams") == number(found, "tasks"));
    BOOST_TEST(found.at("durability").as_string() == "durable");
    BOOST_TEST(found.at("verified").as_bool());
    for (char const* const name :
         {"append_events_per_second", "replay_events_per_second", "bytes_per_event", "reopen_ms"}) {
        BOOST_TEST(found.at(name).to_number<double>() > 0, name);
    }
    BOOST_TEST(found.at("rebuild_identical").as_bool());
    BOOST_TEST(found.at("as_of_identical").as_bool());
    BOOST_TEST(number(found.at("agents_by_status").as_object(), "active") == 24U);
    std::uint64_t of_statuses = 0;
    for (auto const& [status, tasks] : found.at("tasks_by_status").as_object()) {
        of_statuses += tasks.to_number<std::uint64_t>();
    }
    BOOST_TEST(of_statuses == number(found, "tasks"));
    std::uint64_t of_types = 0;
    for (auto const& [type, events] : found.at("by_type").as_object()) {
        of_types += events.to_number<std::uint64_t>();
    }
    BOOST_TEST(of_types == 2'000U);
    BOOST_TEST(open_sqlite_read_only(database).value().head().value == 2'000U);
}

BOOST_AUTO_TEST_CASE(a_recording_replaces_an_earlier_one) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    for (char const* const events : {"300", "200"}) {
        BOOST_TEST(run_record_history(scratch, {"--database", database, "--events", events}).code ==
                   0);
    }
    BOOST_TEST(open_sqlite_read_only(database).value().head().value == 200U);
}

BOOST_AUTO_TEST_CASE(what_it_did_not_record_is_never_replaced) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    {
        event_log log = open_sqlite(database).value();
        (void)log.make_producer().append("s", expected::any{}, raw_event{"t", "1"}).value();
        log.close().value();
    }
    auto const letter = scratch.write("letter.txt", std::string(5'000, 'x'));
    for (std::string const& taken : {database, letter.string()}) {
        cli_result const ran = run_record_history(scratch, {"--database", taken});
        BOOST_TEST(ran.code == 3, ran.err);
        BOOST_TEST(ran.out.empty());
    }
    BOOST_TEST(open_sqlite_read_only(database).value().head().value == 1U);
    BOOST_TEST(read_file(letter) == std::string(5'000, 'x'));
}

BOOST_AUTO_TEST_CASE(what_is_malformed_is_reported_and_the_rest_recorded) {
    scratch_folder const scratch;
    // The log itself refuses the duplicate key; the reader refuses the rest.
    scratch.write("in/events.jsonl",
                  std::string(needle_line) + "oops\n" +
                      R"({"bead":"b","event":"claim","ts":"2026-08-06T04:12:46Z","x":1,"x":2})"
                      "\n" +
                      R"({"bead":"b","event":"claim"})"
                      "\n" +
                      needle_line);
    scratch.write("in/notes.txt", "hello\n");
    cli_result const ran = run_record_history(scratch, {"--database", (scratch / "log.db").string(),
                                                        "--history", (scratch / "in").string()});
    BOOST_TEST(ran.code == 0, ran.err);
    boost::json::object const found = last_json_line(ran);
    BOOST_TEST(number(found, "events") == 2U);
    BOOST_TEST(number(found, "rejected") == 3U);
    BOOST_TEST(number(found, "skipped_files") == 1U);
    BOOST_TEST(found.at("verified").as_bool());
    for (char const* const said : {"events.jsonl:2: rejected", "events.jsonl:3: rejected",
                                   "events.jsonl:4: rejected", "notes.txt: skipped"}) {
        BOOST_TEST(ran.err.find(said) != std::string::npos, said << " in " << ran.err);
    }
}

BOOST_AUTO_TEST_CASE(memory_is_said_to_be_memory) {
    scratch_folder const scratch;
    cli_result const ran = run_record_history(scratch, {"--memory", "--events", "500"});
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(last_json_line(ran).at("durability").as_string() == "memory");
    BOOST_TEST(last_json_line(ran).at("verified").as_bool());
}

BOOST_AUTO_TEST_CASE(a_history_that_is_not_there_is_told_before_anything_is_removed) {
    scratch_folder const scratch;
    std::string const database = (scratch / "log.db").string();
    BOOST_TEST(run_record_history(scratch, {"--database", database, "--events", "10"}).code == 0);
    cli_result const ran = run_record_history(
        scratch, {"--database", database, "--history", (scratch / "none").string()});
    BOOST_TEST(ran.code == 3, ran.err);
    BOOST_TEST(open_sqlite_read_only(database).value().head().value == 10U);
}

BOOST_AUTO_TEST_CASE(a_mistake_in_the_arguments_is_told) {
    scratch_folder const scratch;
    BOOST_TEST(run_record_history(scratch, {"--colour"}).code == 2);
    BOOST_TEST(run_record_history(scratch, {"--help"}).code == 0);
}

BOOST_DATA_TEST_CASE_F(scratch_folder, recorded_histories_keep_their_counts,
                       boost::unit_test::data::make({"gastown", "needle-beads/ARMOR"}), name) {
    if (!recorded_set::is_there(0)) {
        BOOST_TEST_MESSAGE("skipped: there are no recorded histories");
        return;
    }
    cli_result const ran =
        run_record_history(*this, {"--database", (*this / "log.db").string(), "--history",
                                   (recorded_set::folder() / name).string()});
    BOOST_TEST(ran.code == 0, ran.err);
    boost::json::object const found = last_json_line(ran);
    bool const is_gastown = std::string_view(name) == "gastown";
    BOOST_TEST(number(found, "events") == (is_gastown ? 28'742U : 15'825U));
    BOOST_TEST(number(found, "streams") == (is_gastown ? 8'278U : 156U));
    BOOST_TEST(number(found, "agents") == (is_gastown ? 195U : 23U));
    BOOST_TEST(found.at("verified").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()
