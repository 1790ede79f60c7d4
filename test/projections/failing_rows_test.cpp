// A store whose rows cannot be read or written, at every place in turn: the answer says so,
// nothing has changed, and the same call goes through when the store does again.
#include "projections/failing_rows.hpp"
#include "projections/task_board.hpp"

#include <swarmlog/projections/repository.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>

#include <boost/describe/class.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace swarmlog;
using namespace swarmlog::test;

namespace row_failure_cases {

using call = std::pair<std::string_view, std::function<result<void>()>>;

template <class T>
result<void> outcome_of(result<T> const& got) {
    return got ? result<void>{} : result<void>{got.error()};
}

/// Calls with the first use of rows failing, then the second, until none of its uses does; how
/// many there are.
std::uint64_t fail_each(failing_log& on, call const& each) {
    for (std::uint64_t good = 0;; ++good) {
        position const head = on->head();
        on.faults().fail_at(good + 1);
        auto const answer = each.second();
        BOOST_TEST_CONTEXT(each.first << " after " << good) {
            if (!on.faults().heal()) {
                BOOST_TEST(answer.has_value(), (answer ? "" : answer.error().message()));
                return good;
            }
            BOOST_TEST(failed_with(answer, errc::disk_full, {"planted"}));
            BOOST_TEST((on->head() == head));
        }
    }
}

/// A log of some projections that keeps no rows in memory, so that all are read.
template <class... Projections>
struct uncached_log {
    explicit uncached_log(projection_options options = {}) : projections(without_cache(options)) {
        (projections.add(Projections{}), ...);
        log_options made;
        made.state = projections;
        log.emplace(std::move(made));
    }
    static projection_options without_cache(projection_options options) {
        options.cache_rows = 0;
        return options;
    }

    projection_set projections;
    std::optional<failing_log> log;
};

struct failing_swarm : uncached_log<swarm::agent_table, swarm::task_table, swarm::message_table,
                                    swarm::metric_table> {
    failing_swarm() : desk(**log) {
        for (char const* id : {"ann", "bob"}) { run(swarm::register_agent{.id = id}); }
        run(swarm::create_task{.id = "base"});
        run(swarm::create_task{.id = "top", .dependencies = {"base"}});
        run(swarm::create_task{.id = "held"});
        run(swarm::claim_task{"held", "bob"});
        run(swarm::send_message{.id = "hello", .from_agent = "ann", .to_agent = "bob"});
        run(swarm::record_metric{
            {.metric_type = "cpu", .agent_id = "ann", .value = 1, .unit = "%", .tags = {}}});
    }
    template <class Command>
    void run(Command command) {
        must(desk.run(std::move(command)));
    }
    /// A command that is given anew each time.
    template <class Command>
    call giving(std::string_view name, Command command) {
        return {name, [this, command] { return outcome_of(desk.run(command)); }};
    }

    swarm::desk desk;
};

struct page {
    std::string id;
    std::uint32_t edits = 0;
    friend bool operator==(page const&, page const&) = default;
};
BOOST_DESCRIBE_STRUCT(page, (), (id, edits))

struct pages {
    static constexpr std::string_view name = "pages";
    static constexpr std::uint32_t version = 1;
    using row_type = page;
    static constexpr auto key = &page::id;
};

struct failing_board : uncached_log<board::cards, board::tallies> {
    using uncached_log::uncached_log;

    template <class Event>
    result<receipt> append(Event const& event) {
        return (*log)->make_producer().append("card-" + event.id, expected::any{}, event);
    }
    void fill(int cards) {
        for (int each = 0; each != cards; ++each) {
            std::string const id = std::to_string(each);
            must(append(board::card_added{id, each, {"x"}}));
            must(append(board::card_taken{id, each % 2 == 0 ? "ann" : "bob"}));
        }
    }
    /// Puts a row as no version of the program writes it.
    void damage(std::string const& id, std::size_t column, cell value) {
        table_spec const table = detail::table_of<board::cards>();
        row_cells cells = must(must(log->stored().read())->find_row(table, id)).value();
        cells.at(column) = std::move(value);
        auto const work = must(log->stored().begin());
        must(work->put_row(table, cells));
        BOOST_REQUIRE(work->commit().outcome == commit_outcome::committed);
    }
};

/// A log driven by hand, and with it the asynchronous tallies of its board.
struct followed_tallies {
    projection_set projections;
    failing_log log{options()};

private:
    log_options options() {
        projections.add_async(board::tallies{});
        log_options made;
        made.state = projections;
        made.drive = writer_drive::by_hand;
        return made;
    }
};

} // namespace row_failure_cases

using namespace row_failure_cases;

BOOST_AUTO_TEST_SUITE(failing_row_stores)

BOOST_AUTO_TEST_CASE(a_command_that_cannot_read_its_rows_changes_nothing) {
    failing_swarm on;
    swarm::metric_recorded const cpu{
        .metric_type = "cpu", .agent_id = "ann", .value = 2, .unit = "%", .tags = {}};
    std::vector<call> const calls{
        on.giving("register", swarm::register_agent{.id = "eve"}),
        on.giving("update agent", swarm::update_agent{{.agent_id = "ann",
                                                       .name = "Ann",
                                                       .agent_type = {},
                                                       .capabilities = {},
                                                       .metadata = {}}}),
        on.giving("status", swarm::set_agent_status{"ann", swarm::agent_status::busy}),
        on.giving("heartbeat", swarm::heartbeat{"ann"}),
        on.giving("create", swarm::create_task{.id = "roof", .dependencies = {"base", "top"}}),
        on.giving("update task",
                  swarm::update_task{
                      {.task_id = "roof", .priority = swarm::task_priority::low, .payload = {}}}),
        on.giving("claim next", swarm::claim_next{"ann", std::make_shared<swarm::task>()}),
        on.giving("start", swarm::start_task{"base", "ann"}),
        on.giving("annotate", swarm::annotate_task{"base", {{"seen", true}}}),
        on.giving("complete", swarm::complete_task{"base", "ann", {}}),
        on.giving("claim", swarm::claim_task{"top", "ann"}),
        on.giving("fail", swarm::fail_task{"top", "ann", "why"}),
        on.giving("claim again", swarm::claim_task{"top", "ann"}),
        on.giving("release", swarm::release_task{"top"}),
        on.giving("cancel", swarm::cancel_task{"top"}),
        on.giving("reopen", swarm::reopen_task{"top"}),
        on.giving("send", swarm::send_message{.id = "m", .from_agent = "ann", .to_agent = "bob"}),
        on.giving("read", swarm::mark_read{"m", "bob"}),
        on.giving("broadcast", swarm::broadcast{.id = "all", .from_agent = "ann"}),
        on.giving("metric", swarm::record_metric{cpu}),
        on.giving("remove", swarm::remove_agent{"bob"}),
    };
    for (call const& each : calls) {
        on.log->reopen(); // without what is known of rows so far
        BOOST_TEST(fail_each(*on.log, each) != 0U, each.first);
    }
    BOOST_TEST((must(on.desk.find_task("held"))->status == swarm::task_status::pending));
    for (char const* const name : {"agents", "tasks", "messages", "metrics"}) {
        BOOST_TEST(must(on.projections.rebuild(name)).is_identical);
    }
}

BOOST_AUTO_TEST_CASE(a_question_to_the_desk_says_that_rows_cannot_be_read) {
    failing_swarm on;
    auto const asking = [](std::string_view name, auto ask) -> call {
        return {name, [ask] { return outcome_of(ask()); }};
    };
    swarm::desk const& desk = on.desk;
    std::vector<call> const calls{
        asking("agent", [&] { return desk.find_agent("ann"); }),
        asking("agents", [&] { return desk.agents(); }),
        asking("by status", [&] { return desk.agents_by_status(swarm::agent_status::idle); }),
        asking("able", [&] { return desk.agents_able("cpp"); }),
        asking("silent", [&] { return desk.silent_agents({}); }),
        asking("task", [&] { return desk.find_task("top"); }),
        asking("tasks of", [&] { return desk.tasks_of("bob"); }),
        asking("ready", [&] { return desk.ready_tasks(); }),
        asking("between", [&] { return desk.messages_between("ann", "bob"); }),
        asking("unread", [&] { return desk.unread_messages("bob"); }),
        asking("metrics", [&] { return desk.metrics_of("ann", "cpu"); }),
        asking("sums", [&] { return desk.aggregate_metrics({}, timestamp::max()); }),
        asking("first", [&] { return (*on.log)->query<swarm::task>().first(); }),
        asking("count", [&] { return (*on.log)->query<swarm::task>().count(); }),
    };
    for (call const& each : calls) {
        on.log->reopen();
        BOOST_TEST(fail_each(*on.log, each) != 0U, each.first);
    }
    BOOST_TEST(must(desk.ready_tasks()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_decision_sees_all_rows_or_an_error) {
    failing_board on;
    on.fill(3);
    auto const deciding = [&](std::string_view name, auto ask) -> call {
        return {name, [&on, ask] {
                    return outcome_of((*on.log)->decide([&](decision& now) -> result<void> {
                        auto const added = now.append("card-9", board::card_added{"9", 9, {}});
                        if (!added) { return added; }
                        auto const changed = now.append("card-1", board::card_done{"1"});
                        if (!changed) { return changed; }
                        return outcome_of(ask(now.table<board::card>()));
                    }));
                }};
    };
    auto const by_weight = [](auto const& rows) {
        return rows.query().order_by(&board::card::weight);
    };
    std::vector<call> const calls{
        deciding("find", [](auto const& rows) { return rows.find("2"); }),
        deciding("count", [](auto const& rows) { return rows.count(); }),
        deciding("all", [](auto const& rows) { return rows.all(); }),
        deciding("sorted", [&](auto const& rows) { return by_weight(rows).all(); }),
        deciding("page",
                 [&](auto const& rows) { return by_weight(rows).offset(1).limit(2).all(); }),
    };
    for (call const& each : calls) {
        on.log->reopen();
        BOOST_TEST(fail_each(*on.log, each) != 0U, each.first);
    }
    BOOST_TEST(must((*on.log)->table<board::card>().count()) == 4U);
    BOOST_TEST(must(on.projections.rebuild("cards")).is_identical);
}

BOOST_AUTO_TEST_CASE(a_repository_saves_nothing_when_it_cannot_read) {
    uncached_log<repository_table<pages>> on;
    repository<pages> all{**on.log};
    must(all.save({"1", 0}));
    BOOST_TEST(fail_each(*on.log, {"update", [&] {
                                       return outcome_of(
                                           all.update("1", [](page& row) { ++row.edits; }));
                                   }}) != 0U);
    BOOST_TEST(must(all.find("1"))->edits == 1U);
    on.log->reopen();
    BOOST_TEST(fail_each(*on.log, {"find", [&] { return outcome_of(all.find("1")); }}) != 0U);
    BOOST_TEST(fail_each(*on.log, {"all", [&] { return outcome_of(all.find_all()); }}) != 0U);
    BOOST_TEST(fail_each(*on.log, {"remove", [&] { return outcome_of(all.remove("1")); }}) != 0U);
    BOOST_TEST(must(all.find_all()).empty());
}

BOOST_AUTO_TEST_CASE(a_rebuild_that_fails_leaves_the_table_as_it_was) {
    failing_board on;
    on.fill(5);
    auto const before = must((*on.log)->table<board::card>().all());
    std::uint64_t good = 0;
    for (bool has_failed = true; has_failed; ++good) {
        on.log->faults().fail_at(good + 1);
        auto const report = on.projections.rebuild("cards");
        has_failed = on.log->faults().heal();
        // The table that it replaces need not read: then nobody knows whether they are the same.
        if (report) {
            BOOST_TEST(report->is_identical != has_failed);
        } else {
            BOOST_TEST(failed_with(report, errc::disk_full, {"planted"}));
        }
        BOOST_TEST((must((*on.log)->table<board::card>().all()) == before));
    }
    BOOST_TEST(good > 10U);
    auto const forgetting = [&] { return on.projections.drop_snapshots(); };
    BOOST_TEST(fail_each(*on.log, {"drop snapshots", forgetting}) == 2U);
    must(on.append(board::card_done{"1"}));
}

BOOST_AUTO_TEST_CASE(an_opening_that_fails_can_be_repeated) {
    failing_board on;
    on.fill(3);
    on.log->close();
    projection_set late;
    late.add(board::cards{}).add(swarm::agent_table{}).add(repository_table<pages>{});
    on.log->options().state = late;
    std::uint64_t failed = 0;
    while (true) {
        on.log->faults().fail_at(failed + 1);
        auto const opened = on.log->open();
        if (!on.log->faults().heal()) {
            BOOST_TEST(opened.has_value());
            break;
        }
        BOOST_TEST(failed_with(opened, errc::disk_full, {"planted"}));
        ++failed;
    }
    BOOST_TEST(failed > 3U);
    on.log->reopen();
    BOOST_TEST(must(late.table<board::card>().all()).size() == 3U);
    BOOST_TEST(must(late.table<page>().count()) == 0U);
}

BOOST_AUTO_TEST_CASE(a_moment_is_shown_whole_or_is_an_error) {
    projection_options options;
    options.snapshot_events = 4;
    failing_board on{options};
    on.fill(8);
    position const then{11};
    auto const cards = must(must((*on.log)->as_of(then)).table<board::card>().all());
    auto const tallies = must(must((*on.log)->as_of(then)).table<board::tally>().all());
    // A snapshot that cannot be read or written changes no answer; events that cannot, do.
    auto const is_right = [](auto const& got, auto const& right) {
        return got ? *got == right : bool(failed_with(got, errc::disk_full, {"planted"}));
    };
    std::uint64_t good = 0;
    for (bool has_failed = true; has_failed; ++good) {
        must(on.projections.drop_snapshots());
        on.log->faults().fail_at(good + 1);
        as_of_view const view = must((*on.log)->as_of(then));
        BOOST_TEST(is_right(view.table<board::card>().all(), cards));
        BOOST_TEST(is_right(view.table<board::tally>().all(), tallies));
        auto const one = view.find<board::card>("1");
        BOOST_TEST((one ? (*one)->id == "1" : one.error() == errc::disk_full));
        auto const other = must((*on.log)->as_of(then)).find<board::tally>("ann");
        BOOST_TEST((other ? (*other)->taken == 3U : other.error() == errc::disk_full));
        auto const changes = on.projections.diff("cards", position{3}, then);
        BOOST_TEST((changes ? changes->size() == 5U : changes.error() == errc::disk_full));
        has_failed = on.log->faults().heal();
    }
    BOOST_TEST(good > 5U);
}

BOOST_AUTO_TEST_CASE(an_asynchronous_projection_that_cannot_go_on_stops_and_says_so) {
    int stopped = 0;
    bool has_failed = true;
    for (std::uint64_t good = 0; has_failed; ++good) {
        followed_tallies on;
        projection_set& projections = on.projections;
        failing_log& log = on.log;
        auto to = log->make_producer();
        auto added = must(to.try_append("s", expected::any{}, board::card_taken{"1", "ann"}));
        log.faults().fail_at(good + 1);
        while (log->run_once()) {}
        has_failed = log.faults().heal();
        auto const status = must(projections.status()).at(0);
        if (!added.get() || status.failure.empty()) { continue; } // something else failed
        ++stopped;
        BOOST_TEST(status.failure.find("planted") != std::string::npos);
        BOOST_TEST(status.lag == 1U);
        BOOST_TEST(failed_with(projections.wait_until("tallies", log->head(), {}),
                               errc::projection_failed, {"planted"}));
        // The next opening follows on from where it was.
        log.reopen();
        while (log->run_once()) {}
        must(projections.wait_until("tallies", log->head(), std::chrono::milliseconds{0}));
        BOOST_TEST(must(projections.table<board::tally>().find("ann"))->taken == 1U);
    }
    BOOST_TEST(stopped > 2);
}

BOOST_AUTO_TEST_CASE(a_rebuild_lets_a_stopped_projection_go_on) {
    followed_tallies on;
    projection_set& projections = on.projections;
    failing_log& log = on.log;
    auto to = log->make_producer();
    auto const take = [&] { // and not followed: whoever waits for it drives no more than its group
        must(to.append("s", expected::any{}, board::card_taken{"1", "ann"}));
    };
    take();
    log.faults().fail_at(1);
    while (log->run_once()) {}
    BOOST_REQUIRE(log.faults().heal());
    BOOST_TEST(!must(projections.status()).at(0).failure.empty());
    take();
    while (log->run_once()) {}
    BOOST_TEST(must(projections.status()).at(0).lag == 2U);
    must(projections.rebuild("tallies"));
    BOOST_TEST(must(projections.status()).at(0).failure.empty());
    take();
    while (log->run_once()) {}
    BOOST_TEST(must(projections.status()).at(0).lag == 0U);
    BOOST_TEST(must(projections.table<board::tally>().find("ann"))->taken == 3U);
}

BOOST_AUTO_TEST_CASE(a_row_that_does_not_read_is_an_error_and_no_other_row) {
    struct damaged_column {
        std::size_t column;
        cell value;
        std::string_view reason;
    };
    for (auto const& [column, value, reason] : std::vector<damaged_column>{
             {1, std::string{"lost"}, "column state: holds a text that is no enumerator"},
             {6, std::string{"[1"}, "column labels"},
             {6, std::string{R"([1])"}, "column labels"},
             {8, std::int64_t{-1}, "column changes: holds a number that does not fit"}}) {
        BOOST_TEST_CONTEXT(reason) {
            failing_board on;
            on.fill(3);
            on.damage("1", column, value);
            on.log->reopen();
            auto const rows = (*on.log)->table<board::card>();
            auto const says = [part = reason](auto const& got) {
                return !got && got.error().message().find(part) != std::string::npos;
            };
            BOOST_TEST(says(rows.find("1")));
            BOOST_TEST(says(rows.all()));
            BOOST_TEST(must(rows.find("2"))->id == "2");
            BOOST_TEST(must(rows.count()) == 3U);
            // Nor can it be changed.
            BOOST_TEST(says(on.append(board::card_done{"1"})));
            BOOST_TEST(says((*on.log)->decide([&](decision& now) -> result<void> {
                auto const row = now.table<board::card>().find("1");
                return row ? result<void>{} : result<void>{row.error()};
            })));
            must(on.append(board::card_done{"2"}));
            // A rebuild makes it anew.
            BOOST_TEST(!must(on.projections.rebuild("cards")).is_identical);
            BOOST_TEST(must(rows.find("1"))->taken_by.value() == "bob");
            must(on.append(board::card_done{"1"}));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_group_of_rows_that_do_not_read_is_an_error) {
    failing_board on;
    on.fill(3);
    on.damage("1", 1, std::string{"lost"});
    auto const query = [&] { return (*on.log)->query<board::card>(); };
    BOOST_TEST(!query().group_by(&board::card::state).aggregate(count_of_rows()));
    BOOST_TEST(!query().aggregate(min(&board::card::state)));
    BOOST_TEST(must(query().group_by(&board::card::taken_by).aggregate(count_of_rows())).size() ==
               2U);
}

BOOST_AUTO_TEST_SUITE_END()
