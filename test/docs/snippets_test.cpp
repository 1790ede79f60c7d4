// The code of the documentation, as it stands there: documents_test.cpp proves that each block
// of C++ in README.md and docs/ equals one of the parts marked here or in guides_test.cpp, byte
// for byte, and running them proves that they do what the text says.

#include "docs/in_a_folder.hpp"

#include <swarmlog/projections/repository.hpp>
#include <swarmlog/projections/scenario.hpp>
#include <swarmlog/projections/swarm/swarm.hpp>
#include <swarmlog/swarmlog.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

//[event
struct task_started {
    static constexpr std::string_view type = "task.started";
    std::string task_id, agent_id;
};
BOOST_DESCRIBE_STRUCT(task_started, (), (task_id, agent_id))
//]

//[event_types
enum class outcome { done, failed };
BOOST_DESCRIBE_ENUM(outcome, done, failed)

struct task_ended {
    static constexpr std::string_view type = "task.ended";
    static constexpr std::uint32_t schema_version = 2; // 1 when left out
    outcome how = outcome::done;
    std::optional<std::string> error;   // left out of the JSON when empty
    std::vector<std::string> artifacts; // an array
};
BOOST_DESCRIBE_STRUCT(task_ended, (), (how, error, artifacts))
//]

//[projection
struct workload {
    std::string agent_id;
    std::int64_t started = 0;
    std::optional<std::string> last_task;
};
BOOST_DESCRIBE_STRUCT(workload, (), (agent_id, started, last_task))

struct workloads {
    static constexpr std::string_view name = "workloads"; // the table's name too
    static constexpr std::uint32_t version = 1;           // raise it when the fold changes
    using row_type = workload;
    static constexpr auto key = &workload::agent_id;
    using handles = swarmlog::event_types<task_started>;
    static std::vector<swarmlog::index_spec> indexes() {
        return {swarmlog::index_on(&workload::started)};
    }

    void apply(task_started const& event, swarmlog::event_view const&,
               swarmlog::rows<workload>& table) const {
        workload row{event.agent_id, 0, {}};
        if (workload const* const known = table.find(event.agent_id)) row = *known;
        ++row.started;
        row.last_task = event.task_id;
        table.put(std::move(row));
    }
};
//]

//[collection
struct note {
    std::string id;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(note, (), (id, text))

struct notes { // a collection of them
    static constexpr std::string_view name = "notes";
    static constexpr std::uint32_t version = 1;
    using row_type = note;
    static constexpr auto key = &note::id;
};
//]

struct count_added {
    static constexpr std::string_view type = "count.added";
    std::uint64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(count_added, (), (amount))

namespace {

using namespace swarmlog;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using test::in_a_folder;

struct in_memory {
    event_log log = open_memory().value();
    producer writer = log.make_producer();
};

//[decide_function
result<receipt> claim(event_log& log, std::string const& task, std::string const& agent) {
    return log.decide([&](decision& now) -> result<void> {
        auto const newest = now.newest(query{}.stream(task));
        if (!newest) return newest.error();
        if (!newest->empty()) { return error{errc::condition_failed, task + " is taken already"}; }
        return now.append(task, task_started{task, agent});
    });
}
//]

//[transaction_function
result<receipt> add_up_to(event_log& log, std::uint64_t amount, std::uint64_t sum_max) {
    for (;;) {
        auto tx = log.begin();
        auto const added = tx.read(query{}.stream("counter"));
        if (!added) return added.error();
        std::uint64_t sum = 0;
        for (event const& each : *added) sum += each.as<count_added>().value().amount;
        if (sum + amount > sum_max) return error{errc::invalid_argument, "that is too much"};
        if (auto const kept = tx.append("counter", count_added{amount}); !kept) return kept.error();

        auto answer = tx.commit();
        if (answer || !(answer.error() == errc::conflict)) return answer;
        // Somebody was quicker: look again.
    }
}
//]

//[coroutine
asio::awaitable<void> agent(event_log& log, std::string stream) {
    auto writer = log.make_producer(); // this coroutine's own
    task_started const start{stream, "worker-1"};
    result<receipt> const started =
        co_await writer.async_append(stream, expected::no_stream{}, start, asio::use_awaitable);
    if (!started) co_return; // started.error().message() says why

    task_ended const end{outcome::done, {}, {"report.txt"}};
    result<receipt> const ended =
        co_await writer.async_append(stream, expected::version{1}, end, asio::use_awaitable);
    if (ended) std::cout << stream << " ended at " << ended->last.value << '\n';
}
//]

//[async_next
asio::awaitable<void> follow(event_log const& log, std::uint64_t events_max) {
    auto followed = log.subscribe(query{}.type("task.started")).value();
    for (std::uint64_t seen = 0; seen != events_max; ++seen) {
        result<event> const next = co_await followed.async_next(asio::use_awaitable);
        if (!next) co_return; // cancelled, or the log was closed
        std::cout << next->stream << '\n';
    }
}
//]

} // namespace

BOOST_AUTO_TEST_SUITE(snippets)

BOOST_FIXTURE_TEST_CASE(five_lines_make_a_durable_event, in_a_folder) {
    //[five_lines
    auto log = open_sqlite("swarm.db").value();
    auto producer = log.make_producer();
    auto receipt = producer.append("task-42", expected::any{}, task_started{"42", "ann"}).value();
    for (event_view event : log.read().stream("task-42"))
        std::cout << event.version.value << ' ' << event.data << '\n';
    //]
    BOOST_TEST(receipt.first.value == 1U);
    BOOST_TEST((receipt.durability == durability::durable));
    BOOST_TEST(log.read().stream("task-42").first().value()->data ==
               R"({"task_id":"42","agent_id":"ann"})");
}

BOOST_FIXTURE_TEST_CASE(opening_reports_what_it_found, in_a_folder) {
    bool opened = false;
    [&] {
        //[open
        sqlite_log_options options;
        options.store.mode = durability::relaxed; // the default is durable
        options.queue_appends_max = 10'000;
        auto log = open_sqlite("swarm.db", options);
        if (!log) {
            std::cerr << log.error().message() << '\n';
            return;
        }
        // One sentence when something was found that a person should know of.
        if (!log->opened().message.empty()) std::cerr << log->opened().message << '\n';
        //]
        opened = log->opened().created && log->opened().message.empty();
    }();
    BOOST_TEST(opened);
}

BOOST_FIXTURE_TEST_CASE(raw_events_are_stored_as_they_are, in_memory) {
    //[append_raw
    auto const stored =
        writer.append("task-42", expected::any{}, raw_event{"task.noted", R"({ "by" : "hand" })"});
    //]
    BOOST_TEST(stored.has_value());
    BOOST_TEST(log.read().first().value()->data == R"({ "by" : "hand" })");
}

BOOST_FIXTURE_TEST_CASE(details_travel_with_an_event, in_memory) {
    //[details
    event_details details;
    details.tags = {"agent:worker-1", "task:42"};
    details.metadata = R"({"host":"a"})";
    details.correlation_id = "run-7";
    details.occurred_at = parse_timestamp("2026-08-06T04:12:45.184938521Z").value();
    auto const stored =
        writer.append("task-42", expected::any{}, task_started{"42", "worker-1"}, details);
    //]
    BOOST_TEST(stored.has_value());
    auto const event = log.read().tag("task:42").first().value().value();
    BOOST_TEST(event.tags.contains("agent:worker-1"));
    BOOST_TEST(event.correlation_id == "run-7");
    BOOST_TEST(to_string(*event.occurred_at) == "2026-08-06T04:12:45.184938521Z");
}

BOOST_FIXTURE_TEST_CASE(an_append_is_all_or_nothing, in_memory) {
    //[append_several
    auto request = writer.new_append();
    request.expect("task-42", expected::no_stream{});
    request.add("task-42", task_started{"42", "worker-1"});
    request.add("agent-worker-1", raw_event{"agent.busy", "{}"});
    auto const stored = writer.append(std::move(request)); // both, or neither
    //]
    BOOST_REQUIRE(stored.has_value());
    BOOST_TEST(stored->event_count() == 2U);
}

BOOST_FIXTURE_TEST_CASE(three_ways_to_wait, in_memory) {
    std::vector<task_started> const many{{"1", "a"}, {"2", "b"}, {"3", "c"}};
    bool complained = false;
    //[three_ways
    // Waits until it is durable.
    auto const one = writer.append("task-1", expected::any{}, many[0]);

    // Does not wait: the answer is asked for later, or `queue_full` comes at once.
    auto pending = writer.try_append("task-2", expected::any{}, many[1]);
    if (pending) auto const two = pending->get();

    // Waits for room in the queue only: for many events, this is the quick way.
    for (task_started const& each : many) {
        if (!writer.submit("task-" + each.task_id, expected::any{}, each)) break;
    }
    flush_summary const all = writer.flush();
    if (all.rejected != 0) complained = true; // all.first_failure says why
    //]
    BOOST_TEST(one.has_value());
    BOOST_TEST(all.accepted == 3U);
    BOOST_TEST(!complained);
    BOOST_TEST(log.head().value == 5U);
}

BOOST_FIXTURE_TEST_CASE(conditions_hold_or_nothing_is_stored, in_memory) {
    //[conditions
    task_started const event{"42", "worker-1"};
    auto const first = writer.append("task-42", expected::no_stream{}, event); // is new
    auto const next = writer.append("task-42", expected::version{1}, event);   // is at version 1
    auto const late = writer.append("task-42", expected::version{1}, event);   // is at 2 by now
    if (!late) std::cout << late.error().message() << '\n';
    // stream "task-42" is at version 2, expected was 1
    //]
    BOOST_TEST(first.has_value());
    BOOST_TEST(next.has_value());
    BOOST_REQUIRE(late.has_error());
    BOOST_TEST((late.error() == errc::wrong_version));
    BOOST_TEST(late.error().message() == "stream \"task-42\" is at version 2, expected was 1");
}

BOOST_FIXTURE_TEST_CASE(none_since_covers_several_streams, in_memory) {
    writer.append("task-1", expected::any{}, raw_event{"task.started", "{}"}).value();
    //[none_since
    auto const matters = query{}.type("task.started").tag("agent:worker-1");
    position const seen = log.head();
    std::uint64_t const running = log.read().matching(matters).count().value();
    auto request = writer.new_append();
    request.expect(expected::none_since{seen, matters});
    if (running < 3) {
        request.add("task-42", task_started{"42", "worker-1"}, {.tags = {"agent:worker-1"}});
    }
    auto const stored = writer.append(std::move(request)); // or condition_failed
    //]
    BOOST_TEST(stored.has_value());
    auto again = writer.new_append();
    again.expect(expected::none_since{seen, matters}).add("task-43", raw_event{"x", "{}"});
    auto const refused = writer.append(std::move(again));
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error() == errc::condition_failed));
}

BOOST_FIXTURE_TEST_CASE(an_idempotency_key_is_taken_once_also_after_a_reopen, in_a_folder) {
    for (int time = 1; time <= 2; ++time) {
        auto log = open_sqlite("swarm.db").value();
        auto writer = log.make_producer();
        //[idempotency
        auto request = writer.new_append();
        request.add("task-42", task_started{"42", "worker-1"});
        request.idempotency_key("start-42-by-worker-1");
        auto const stored = writer.append(std::move(request)).value();
        if (stored.repeated) std::cout << "it was stored before, at " << stored.first.value << '\n';
        //]
        BOOST_TEST(stored.repeated == (time == 2));
        BOOST_TEST(stored.first.value == 1U);
        BOOST_TEST(log.head().value == 1U);
    }
}

BOOST_FIXTURE_TEST_CASE(a_decision_needs_no_retry, in_memory) {
    BOOST_TEST(claim(log, "task-42", "worker-1").has_value());
    auto const second = claim(log, "task-42", "worker-2");
    BOOST_REQUIRE(second.has_error());
    BOOST_TEST(second.error().message() == "task-42 is taken already");
}

BOOST_FIXTURE_TEST_CASE(a_transaction_that_conflicts_is_tried_again, in_memory) {
    std::atomic<int> added{0};
    std::vector<std::thread> threads;
    for (int each = 0; each != 4; ++each) {
        threads.emplace_back([&] { added += add_up_to(log, 10, 40).has_value() ? 1 : 0; });
    }
    for (auto& each : threads) each.join();
    BOOST_TEST(added.load() == 4);
    auto const over = add_up_to(log, 10, 40);
    BOOST_REQUIRE(over.has_error());
    BOOST_TEST(over.error().message() == "that is too much");
}

BOOST_FIXTURE_TEST_CASE(readers_narrow_and_walk, in_memory) {
    for (int each = 0; each != 5; ++each) {
        writer
            .append("task-42", expected::any{}, task_started{"42", "worker-1"},
                    {.tags = {"agent:worker-1"}})
            .value();
    }
    timestamp const today{24h};
    //[read
    for (event_view event : log.read().stream("task-42").after(version{1})) {
        std::cout << event.type << ' ' << event.data << '\n';
    }
    auto const newest = log.read().tag("agent:worker-1").backwards().limit(100).collect().value();
    auto const since = log.read().type("task.started").after(today).count().value();
    auto const one = log.find(newest.front().id).value(); // optional: by its event id
    //]
    BOOST_TEST(newest.size() == 5U);
    BOOST_TEST(since == 5U);
    BOOST_TEST(one.has_value());
    //[query
    // Started or ended, and by this agent; or anything in this stream.
    auto const wanted = query{}.type("task.started").type("task.ended").tag("agent:worker-1") |
                        query{}.stream("task-42");
    auto const events = log.read().matching(wanted).after(position{2}).collect();
    //]
    BOOST_TEST(events.value().size() == 3U);
    //[decode
    for (event_view event : log.read().stream("task-42")) {
        if (event.type != task_started::type) continue;
        result<task_started> const started = event.as<task_started>();
        if (started) std::cout << started->agent_id << '\n';
    }
    //]
}

BOOST_FIXTURE_TEST_CASE(a_read_can_wait_for_what_another_thread_has_appended, in_memory) {
    position told;
    std::thread other{
        [&] { told = writer.append("task-42", expected::any{}, task_started{}).value().last; }};
    other.join();
    //[wait_for
    auto const events = log.read().stream("task-42").wait_for(told, 5s).collect();
    //]
    BOOST_TEST(events.value().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_subscription_goes_on_where_storage_ends, in_memory) {
    for (int each = 0; each != 3; ++each) {
        writer.append("task-42", expected::any{}, task_started{}).value();
    }
    position const checkpoint{1};
    std::size_t seen = 0;
    //[subscription
    auto followed = log.subscribe(query{}.type("task.started"), checkpoint).value();
    for (;;) {
        result<event> const next = followed.next(10ms);
        if (!next && next.error() == errc::deadline_exceeded) break; // nothing new: go on later
        if (!next) return; // closed or cancelled, or reading has failed
        std::cout << next->position.value << ' ' << next->data << '\n';
        ++seen;
    }
    //]
    BOOST_TEST(seen == 2U);
    BOOST_TEST(followed.at().value == 3U);
}

BOOST_FIXTURE_TEST_CASE(a_consumer_goes_on_after_its_last_acknowledgement, in_a_folder) {
    auto log = open_sqlite("swarm.db").value();
    auto writer = log.make_producer();
    for (int each = 0; each != 3; ++each) {
        writer.append("task-42", expected::any{}, task_started{}).value();
    }
    //[consumer
    auto mailer = log.open_consumer("mailer", query{}.type("task.started")).value();
    auto const batch = mailer.next_batch(100, std::chrono::steady_clock::now() + 10s).value();
    for (event const& each : batch) std::cout << "mail about " << each.stream << '\n';
    auto const kept = mailer.acknowledge(batch.back().position);
    //]
    BOOST_TEST(kept.has_value());
    BOOST_TEST(batch.size() == 3U);
    BOOST_TEST(log.consumers().value().front().at.value == 3U);
}

BOOST_FIXTURE_TEST_CASE(coroutines_append_without_blocking, in_memory) {
    //[spawn
    asio::io_context context;
    for (std::string const stream : {"task-1", "task-2"}) {
        asio::co_spawn(context, agent(log, stream), asio::detached);
    }
    context.run();
    //]
    BOOST_TEST(log.head().value == 4U);
}

BOOST_FIXTURE_TEST_CASE(futures_and_callbacks_are_tokens_too, in_memory) {
    asio::io_context context;
    bool called = false;
    //[tokens
    auto future = writer.async_append("task-1", expected::any{}, task_started{}, asio::use_future);
    result<receipt> const first = future.get();

    writer.async_append("task-1", expected::any{}, task_started{},
                        asio::bind_executor(context, [&called](result<receipt> stored) {
                            called = stored.has_value();
                        }));
    context.run(); // the callback runs here
    //]
    BOOST_TEST(first.has_value());
    BOOST_TEST(called);
}

BOOST_FIXTURE_TEST_CASE(coroutines_follow_the_log, in_memory) {
    asio::io_context context;
    asio::co_spawn(context, follow(log, 2), asio::detached);
    asio::co_spawn(context, agent(log, "task-1"), asio::detached);
    asio::co_spawn(context, agent(log, "task-2"), asio::detached);
    context.run();
    BOOST_TEST(log.head().value == 4U);
}

BOOST_FIXTURE_TEST_CASE(maintenance_answers_with_figures, in_a_folder) {
    auto log = open_sqlite("swarm.db").value();
    auto writer = log.make_producer();
    writer.append("task-42", expected::any{}, task_started{}).value();
    //[maintenance
    log.checkpoint().value();               // the write-ahead log into the main file
    log.backup_to("copy.db").value();       // while appends go on
    log.compact().value();                  // gives unused space back
    auto const sizes = log.sizes().value(); // log, index, write-ahead log, total
    auto const found = log.verify().value();
    for (auto const& problem : found.problems) {
        std::cerr << problem.at.value << ": " << problem.what << '\n';
    }
    //]
    BOOST_TEST(sizes.log_bytes > 0U);
    BOOST_TEST(found.sound());
    BOOST_TEST(open_sqlite_read_only("copy.db").value().head().value == 1U);
}

BOOST_FIXTURE_TEST_CASE(another_handle_reads_while_one_writes, in_a_folder) {
    auto log = open_sqlite("swarm.db").value();
    log.make_producer().append("task-42", expected::any{}, task_started{}).value();
    //[read_only
    auto const other = open_sqlite_read_only("swarm.db").value();
    auto const events = other.read().stream("task-42").collect();
    //]
    BOOST_TEST(events.value().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_host_without_threads_drives_the_writer) {
    //[by_hand
    log_options options;
    options.drive = writer_drive::by_hand;
    auto log = open_memory(options).value();
    auto writer = log.make_producer();
    writer.submit("task-42", expected::any{}, task_started{"42", "worker-1"}).value();
    while (log.run_once()) {} // one group each; false when nothing is queued
    //]
    BOOST_TEST(log.head().value == 1U);
}

BOOST_FIXTURE_TEST_CASE(errors_are_of_three_kinds, in_memory) {
    std::string said;
    auto const report = [&](std::string const& text) { said = text; };
    task_started const event{"42", "worker-1"};
    writer.append("task-42", expected::any{}, event).value();
    //[error_kinds
    auto const stored = writer.append("task-42", expected::no_stream{}, event);
    if (!stored) {
        error const& failure = stored.error();
        if (failure == errc::stream_already_exists) {
            report("somebody began it before: read what is there");
        } else if (failure.is_rejected()) {
            report("judged, and nothing is stored: " + failure.message());
        } else if (failure.is_refused()) {
            report("not stored, the same call may be made again: " + failure.message());
        } else if (failure.is_in_doubt()) {
            report("stored or not: open the log again and look");
        }
    }
    //]
    BOOST_TEST(said == "somebody began it before: read what is there");
    //[value_throws
    try {
        writer.append("task-42", expected::no_stream{}, event).value();
    } catch (boost::system::system_error const& failure) {
        report(failure.what()); // the same sentence
    }
    //]
    BOOST_TEST(said.starts_with("stream \"task-42\" exists: it is at version 1"));
}

BOOST_FIXTURE_TEST_CASE(a_projection_is_queried_rebuilt_and_read_as_of_then, in_a_folder) {
    //[projection_set
    projection_set projections;
    projections.add(workloads{});
    sqlite_log_options options;
    options.state = projections;
    auto log = open_sqlite("swarm.db", options).value();
    auto writer = log.make_producer();
    writer.append("task-42", expected::any{}, task_started{"42", "ann"}).value();

    auto const ann = log.table<workload>().find("ann").value(); // shared, not copied
    auto const busy = log.query<workload>()
                          .where(gt(&workload::started, 0) && !is_null(&workload::last_task))
                          .order_by(&workload::started, descending)
                          .limit(10)
                          .all()
                          .value();
    //]
    BOOST_TEST(ann->started == 1);
    BOOST_TEST(busy.size() == 1U);
    //[group_by
    auto const loads =
        log.query<workload>()
            .where(in(&workload::agent_id, {"ann", "bob"}) || like(&workload::agent_id, "worker-%"))
            .group_by(&workload::last_task)
            .aggregate(count_of_rows(), sum(&workload::started))
            .value();
    for (auto const& group : loads) {
        auto const& [agents, started] = group.values;
        std::cout << std::get<0>(group.by).value_or("none") << ": " << agents << " agents started "
                  << started.value_or(0) << '\n';
    }
    // 42: 1 agents started 1
    //]
    BOOST_REQUIRE(loads.size() == 1U);
    BOOST_TEST(std::get<0>(loads[0].by).value() == "42");
    BOOST_TEST(std::get<0>(loads[0].values) == 1);
    BOOST_TEST(std::get<1>(loads[0].values).value() == 1);
    writer.append("task-43", expected::any{}, task_started{"43", "ann"}).value();
    //[rebuild
    rebuild_report const rebuilt = projections.rebuild("workloads").value();
    bool const same = rebuilt.is_identical; // row for row what it replaced

    as_of_view const then = log.as_of(position{1}).value();
    auto const rows_then = then.table<workload>().all().value();
    auto const changes = projections.diff("workloads", position{1}, log.head()).value();
    //]
    BOOST_TEST(same);
    BOOST_REQUIRE(rows_then.size() == 1U);
    BOOST_TEST(rows_then[0].started == 1);
    BOOST_TEST(changes.size() == 1U);
    //[sql
    auto sql = sql_reader::open("swarm.db").value();
    auto const newest = sql.select(
        "SELECT position, data ->> 'task_id' AS task FROM events "
        "WHERE type = ? ORDER BY position DESC LIMIT 10",
        {std::string{"task.started"}});
    for (row_cells const& row : newest.value().rows) {
        std::cout << std::get<std::string>(row[1]) << '\n';
    }
    //]
    BOOST_REQUIRE(newest->rows.size() == 2U);
    BOOST_TEST((newest->rows.at(0).at(1) == cell{std::string{"43"}}));
}

BOOST_AUTO_TEST_CASE(a_projection_that_follows_is_waited_for) {
    //[add_async
    projection_set projections;
    projections.add_async(workloads{});
    log_options options;
    options.state = projections;
    auto log = open_memory(options).value();
    auto writer = log.make_producer();
    receipt const started =
        writer.append("task-42", expected::any{}, task_started{"42", "ann"}).value();
    projections.wait_until("workloads", started.last, 5s).value(); // or deadline_exceeded
    auto const ann = log.table<workload>().find("ann").value();
    //]
    BOOST_TEST(ann->started == 1);
}

BOOST_AUTO_TEST_CASE(rows_without_commands_are_saved_and_removed) {
    //[repository
    projection_set projections;
    projections.add(repository_table<notes>{});
    log_options options;
    options.state = projections;
    auto log = open_memory(options).value();

    repository<notes> all{log};
    all.save({"1", "remember the milk"}).value();
    all.update("1", [](note& row) { row.text += " and bread"; }).value(); // none is ever lost
    std::vector<note> const kept = all.find_all().value();
    all.remove("1").value();
    //]
    BOOST_REQUIRE(kept.size() == 1U);
    BOOST_TEST(kept[0].text == "remember the milk and bread");
    BOOST_TEST(all.find_all().value().empty());
}

BOOST_AUTO_TEST_CASE(a_scenario_is_given_asked_and_judged) {
    //[scenario
    projection_set projections;
    swarm::add_projections(projections);
    scenario on{projections, open_memory};
    on.given(in("agent-ann", swarm::agent_registered{.agent_id = "ann"}),
             in("task-7", swarm::task_created{.task_id = "7"}))
        .at(scenario::begin + std::chrono::hours{12})
        .when(swarm::claim_task{"7", "ann"})
        .then(in("task-7", swarm::task_assigned{"7", "ann"}))
        .then_row<swarm::task>("7", [](auto const& row) { return row.assigned_to == "ann"; })
        .when(swarm::claim_task{"8", "ann"})
        .then_rejected(swarm::swarm_errc::task_not_found);
    //]
    BOOST_TEST(on.log().head().value == 3U);
}

BOOST_AUTO_TEST_CASE(older_events_are_brought_to_the_newest_form) {
    //[upcasting
    projection_set projections;
    projections.upcasting().add("task.ended", 1, [](boost::json::object& data) {
        data["how"] = data["failed"].as_bool() ? "failed" : "done";
        data["artifacts"] = boost::json::array{};
    });
    //]
    event_view old;
    old.type = "task.ended";
    old.schema_version = 1;
    old.data = R"({"failed":true})";
    auto const raised = projections.upcasting().decode<task_ended>(old);
    BOOST_REQUIRE(raised.has_value());
    BOOST_TEST((raised->how == outcome::failed));
    old.schema_version = 0;
    auto const missing = projections.upcasting().decode<task_ended>(old);
    BOOST_REQUIRE(missing.has_error());
    BOOST_TEST((missing.error() == errc::unsupported));
}

BOOST_AUTO_TEST_CASE(a_swarm_claims_and_completes) {
    //[swarm
    projection_set projections;
    swarm::add_projections(projections);
    log_options options;
    options.state = projections;
    auto log = open_memory(options).value();

    swarm::desk desk{log};
    desk.run(swarm::register_agent{.id = "worker-1", .capabilities = {"cpp"}}).value();
    desk.run(swarm::create_task{.id = "42", .task_type = "build"}).value();
    swarm::task const mine = desk.claim_next("worker-1").value();
    desk.run(swarm::start_task{mine.id, "worker-1"}).value();
    desk.run(swarm::complete_task{mine.id, "worker-1", {{"binary", "a.out"}}}).value();
    //]
    BOOST_TEST((desk.find_task("42").value()->status == swarm::task_status::completed));
}

BOOST_AUTO_TEST_SUITE_END()
