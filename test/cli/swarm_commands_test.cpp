// `agents`, `tasks`, `messages`, `metrics`, `projections`, `rebuild`, `as-of`, `diff`, `select`.

#include "cli/running_cli.hpp"
#include "support/outcome.hpp"

#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <sqlite3.h>

#include <string>
#include <utility>
#include <vector>

using namespace swarmlog;
using swarmlog::test::must;

namespace {

/// A swarm of two agents and three tasks, one of them done.
class small_swarm {
public:
    /// Without tables the log holds the events only.
    explicit small_swarm(bool has_tables = true) {
        projection_set projections;
        swarm::add_projections(projections);
        sqlite_log_options options;
        options.state = projections;
        auto log = must(open_sqlite(path(), options));
        fill(swarm::desk{log});
        must(log.close());
        if (!has_tables) { copy_events(); }
    }

    [[nodiscard]] std::string path() const { return (scratch_ / "swarm.db").string(); }
    [[nodiscard]] scratch_folder const& scratch() const { return scratch_; }
    [[nodiscard]] cli_result run(std::string const& command,
                                 std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{command, path()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_cli(scratch_, arguments);
    }
    /// Each line of JSON that a command prints.
    [[nodiscard]] std::vector<boost::json::object> rows(std::string const& command,
                                                        std::vector<std::string> more = {}) const {
        more.insert(more.end(), {"-o", "json"});
        cli_result const ran = run(command, more);
        BOOST_TEST(ran.code == 0, ran.err);
        std::vector<boost::json::object> parsed;
        for (std::string const& line : lines_of(ran.out)) {
            parsed.push_back(boost::json::parse(line).as_object());
        }
        return parsed;
    }

private:
    static void fill(swarm::desk desk) {
        must(desk.run(swarm::register_agent{.id = "ann", .capabilities = {"cpp"}}));
        must(desk.run(swarm::register_agent{.id = "bob"}));
        must(desk.run(swarm::create_task{.id = "1", .task_type = "build"}));
        must(desk.run(swarm::create_task{
            .id = "2", .task_type = "test", .priority = swarm::task_priority::high}));
        must(desk.run(swarm::create_task{.id = "3", .task_type = "build", .dependencies = {"1"}}));
        must(desk.run(swarm::claim_task{"1", "ann"})); // position 6
        must(desk.run(swarm::start_task{"1", "ann"}));
        must(desk.run(swarm::complete_task{"1", "ann", {{"binary", "a.out"}}}));
        must(desk.run(swarm::send_message{
            .id = "m1", .from_agent = "ann", .to_agent = "bob", .content = {{"text", "done"}}}));
        must(desk.run(swarm::send_message{.id = "m2", .from_agent = "bob", .to_agent = "ann"}));
        must(desk.run(swarm::mark_read{"m2", "ann"}));
        must(desk.run(swarm::record_metric{{.metric_type = "latency",
                                            .agent_id = "ann",
                                            .value = 1.5,
                                            .unit = "ms",
                                            .tags = {}}}));
        must(desk.run(swarm::record_metric{
            {.metric_type = "load", .agent_id = "bob", .value = 2, .unit = "1"}}));
    }
    void copy_events() {
        std::string const lines = run_cli(scratch_, {"export", path()}).out;
        for (char const* const suffix : {"", "-wal", "-shm", ".lock"}) {
            std::filesystem::remove(path() + suffix);
        }
        BOOST_REQUIRE(run_cli(scratch_, {"import", path()}, lines).code == 0);
    }

    scratch_folder scratch_;
};

std::vector<std::string> values_of(std::vector<boost::json::object> const& rows,
                                   std::string_view member) {
    std::vector<std::string> values;
    for (auto const& row : rows) { values.emplace_back(row.at(member).as_string()); }
    return values;
}

using strings = std::vector<std::string>;

/// Changes the file behind the log's back.
void tamper(std::string const& path, char const* sql) {
    sqlite3* database = nullptr;
    BOOST_REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    BOOST_TEST(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
}

} // namespace

BOOST_AUTO_TEST_SUITE(swarm_commands)

BOOST_AUTO_TEST_CASE(rows_are_listed_and_narrowed) {
    for (bool const has_tables : {true, false}) {
        small_swarm const on{has_tables};
        auto const each = boost::test_tools::per_element();
        BOOST_TEST(values_of(on.rows("agents"), "id") == (strings{"ann", "bob"}), each);
        BOOST_TEST(values_of(on.rows("tasks"), "id") == (strings{"2", "1", "3"}), each);
        BOOST_TEST(
            values_of(on.rows("tasks", {"--status", "pending"}), "id") == (strings{"2", "3"}),
            each);
        BOOST_TEST(values_of(on.rows("tasks", {"--agent", "ann"}), "id") == (strings{"1"}), each);
        BOOST_TEST(values_of(on.rows("tasks", {"--task-type", "build", "--limit", "1"}), "id") ==
                       (strings{"1"}),
                   each);
        BOOST_TEST(on.rows("agents", {"--status", "busy"}).empty());
        BOOST_TEST(values_of(on.rows("messages"), "id") == (strings{"m1", "m2"}), each);
        BOOST_TEST(values_of(on.rows("messages", {"--unread"}), "id") == (strings{"m1"}), each);
        BOOST_TEST(values_of(on.rows("messages", {"--to", "ann"}), "id") == (strings{"m2"}), each);
        BOOST_TEST(values_of(on.rows("messages", {"--from", "ann"}), "id") == (strings{"m1"}),
                   each);
        BOOST_TEST(values_of(on.rows("metrics", {"--agent", "ann"}), "metric_type") ==
                       (strings{"latency"}),
                   each);
        BOOST_TEST(values_of(on.rows("metrics", {"--type", "load"}), "unit") == (strings{"1"}),
                   each);
    }
}

BOOST_AUTO_TEST_CASE(cells_are_printed_as_what_they_are) {
    small_swarm const on;
    auto const task = on.rows("tasks", {"--status", "completed"}).at(0);
    BOOST_TEST((task.at("result") == boost::json::value{{"binary", "a.out"}}));
    BOOST_TEST((task.at("dependencies") == boost::json::array{}));
    BOOST_TEST(task.at("retry_count").as_int64() == 0);
    BOOST_TEST(task.at("error").is_null());
    BOOST_TEST(parse_timestamp(std::string{task.at("completed_at").as_string()}).has_value());
    auto const message = on.rows("messages", {"--unread"}).at(0);
    BOOST_TEST(message.at("read").as_bool() == false);
    cli_result const table = on.run("tasks", {"-o", "table"});
    auto const lines = lines_of(table.out);
    BOOST_REQUIRE(lines.size() == 4U);
    BOOST_TEST(lines.at(0).starts_with("ID  TASK_TYPE  PRIORITY  STATUS"), lines.at(0));
    BOOST_TEST(lines.at(1).starts_with("2   test       high      pending"), lines.at(1));
}

BOOST_AUTO_TEST_CASE(a_moment_of_the_past_is_shown) {
    small_swarm const on;
    auto const at = [&](std::string moment, strings more = {}) {
        more.insert(more.begin(), {"tasks", std::move(moment)});
        return on.rows("as-of", more);
    };
    BOOST_TEST(at("3").size() == 1U);
    BOOST_TEST(at("0").empty());
    BOOST_TEST(at("6", {"--key", "1"}).at(0).at("status").as_string() == "assigned");
    BOOST_TEST(at("7", {"--key", "1"}).at(0).at("status").as_string() == "running");
    BOOST_TEST(at("7", {"--key", "none"}).empty());
    BOOST_TEST(at("2100-01-01T00:00:00Z", {"--key", "1"}).at(0).at("status").as_string() ==
               "completed");
    BOOST_TEST(at("2000-01-01T00:00:00Z").empty());
    BOOST_TEST(on.rows("as-of", {"metrics", "13", "--key", "12"}).size() == 1U);
    BOOST_TEST(on.rows("as-of", {"agents", "13", "--key", "bob"}).size() == 1U);
    cli_result const beyond = on.run("as-of", {"tasks", "99"});
    BOOST_TEST(beyond.code != 0);
    BOOST_TEST(beyond.err.find("99") != std::string::npos, beyond.err);
}

BOOST_AUTO_TEST_CASE(two_moments_are_compared) {
    small_swarm const on;
    auto const changes = on.rows("diff", {"tasks", "4", "6"});
    BOOST_REQUIRE(changes.size() == 2U);
    BOOST_TEST(changes.at(0).at("change").as_string() == "changed");
    BOOST_TEST(changes.at(0).at("key").as_string() == "1");
    auto const& status = changes.at(0).at("fields").at("status");
    BOOST_TEST((status == boost::json::value{{"before", "pending"}, {"after", "assigned"}}));
    BOOST_TEST(changes.at(1).at("change").as_string() == "added");
    cli_result const table = on.run("diff", {"tasks", "5", "6", "-o", "table"});
    BOOST_TEST(table.out.find("1    changed  status       pending") != std::string::npos,
               table.out);
    BOOST_TEST(on.rows("diff", {"tasks", "6", "6"}).empty());
}

BOOST_AUTO_TEST_CASE(projections_are_listed_rebuilt_and_compared) {
    small_swarm const without{false};
    BOOST_TEST(without.rows("projections").empty());
    BOOST_TEST(without.rows("rebuild").size() == 4U);
    BOOST_TEST(without.rows("projections").size() == 4U);

    small_swarm const on;
    auto const listed = on.rows("projections");
    BOOST_TEST(values_of(listed, "name") == (strings{"agents", "messages", "metrics", "tasks"}),
               boost::test_tools::per_element());
    BOOST_TEST(listed.at(0).at("version").as_int64() == 1);
    BOOST_TEST(listed.at(2).at("position").as_int64() == 13);
    auto const rebuilt = on.rows("rebuild", {"tasks"});
    BOOST_REQUIRE(rebuilt.size() == 1U);
    BOOST_TEST(rebuilt.at(0).at("rows").as_int64() == 3);
    BOOST_TEST(rebuilt.at(0).at("identical").as_bool());

    // A row that no event made is found, and gone.
    tamper(on.path(), "UPDATE tasks SET status = 'failed' WHERE id = '2'");
    cli_result const found = on.run("rebuild", {"tasks", "-o", "json"});
    BOOST_TEST(found.code == 4, found.err);
    BOOST_TEST(on.rows("tasks", {"--status", "failed"}).empty());
    BOOST_TEST(on.run("rebuild", {"-o", "json"}).code == 0);
}

BOOST_AUTO_TEST_CASE(sql_is_asked_and_bound) {
    small_swarm const on;
    auto const rows = on.rows(
        "select", {"SELECT t.id, e.position FROM tasks t JOIN events e ON e.tag = 'task:' || t.id "
                   "WHERE t.status = ? AND e.position > ? ORDER BY e.position",
                   "completed", "6"});
    BOOST_REQUIRE(rows.size() == 2U);
    BOOST_TEST(rows.at(0).at("position").as_int64() == 7);
    cli_result const table =
        on.run("select", {"SELECT 1 AS one, NULL AS none, 'x' AS letter", "-o", "table"});
    BOOST_TEST(table.out == "ONE  NONE  LETTER\n1          x\n");
    cli_result const refused = on.run("select", {"DELETE FROM tasks"});
    BOOST_TEST(refused.code == 2);
    BOOST_TEST(refused.err == "swarmlog: the statement does more than read\n");
    BOOST_TEST(on.run("select", {"SELECT 1 UNION SELECT 2", "--rows-max", "1"}).code == 2);
    BOOST_TEST(run_cli(on.scratch(), {"select", "none.db", "SELECT 1"}).code == 3);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_said) {
    small_swarm const on;
    BOOST_TEST(on.run("tasks", {"--status", "sleeping"}).code == 2);
    BOOST_TEST(on.run("as-of", {"cards", "1"}).code == 2);
    BOOST_TEST(on.run("as-of", {"tasks", "yesterday"}).code == 2);
    BOOST_TEST(on.run("rebuild", {"cards"}).code == 2);
    BOOST_TEST(run_cli(on.scratch(), {"tasks", "none.db"}).code == 3);
    BOOST_TEST(run_cli(on.scratch(), {"rebuild", "none.db"}).code == 3);
    BOOST_TEST(!std::filesystem::exists(on.scratch() / "none.db"));
}

BOOST_AUTO_TEST_SUITE_END()
